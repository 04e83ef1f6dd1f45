"""A key for one of the bank's systems: printed once, kept only as a digest."""

import json
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from console.organizations.commands import organization_of
from console.organizations.models import ApiKey, Organization


class Command(BaseCommand):
    help = (
        "Makes an API key for an organization and prints the secret, once: it can't be read again. "
        "With --json the answer is {id, name, organization, prefix, expires_at, secret}. "
        "Exit code 1 when it can't be made."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", required=True, metavar="SLUG", help="Whose data the key opens.")
        parser.add_argument("--name", required=True, help="What will use it, such as “mobile app”.")
        parser.add_argument(
            "--days", type=int, help="The key ends after so many days; without it, when it is revoked."
        )
        parser.add_argument("--json", action="store_true", help="Print one line of JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        organization = organization_of(options["organization"])
        key, secret = self._issue(organization, options["name"].strip(), options["days"])
        if options["json"]:
            self.stdout.write(json.dumps(described(key, organization) | {"secret": secret}))
            return
        self.stderr.write(f"Key “{key.name}” of {organization}. The secret is shown this once:")
        self.stdout.write(secret)

    def _issue(self, organization: Organization, name: str, days: int | None) -> tuple[ApiKey, str]:
        if not name or len(name) > 100:
            raise CommandError("Give the key a name of 1 to 100 characters.")
        if days is not None and days < 1:
            raise CommandError("--days must be at least 1.")
        expires_at = timezone.now() + timedelta(days=days) if days else None
        return ApiKey.issue(organization, name=name, by=None, expires_at=expires_at)


def described(key: ApiKey, organization: Organization) -> dict[str, str | None]:
    """What may be known of a key."""
    return {
        "id": str(key.pk),
        "name": key.name,
        "organization": organization.slug,
        "prefix": key.prefix,
        "expires_at": key.expires_at.isoformat() if key.expires_at else None,
    }
