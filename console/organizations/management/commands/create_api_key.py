"""A key for one of the bank's systems: printed once, kept only as a digest."""

import json
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from console.organizations.commands import OperatorCommand, organization_of
from console.organizations.models import ApiKey, KeyScope, Organization

MOST_DAYS = 366


class Command(OperatorCommand):
    help = (
        "Makes an API key for an organization and prints the secret, once: it can't be read again. "
        "With --json the answer is {id, name, organization, prefix, scopes, expires_at, secret}. "
        "Exit code 1 when it can't be made."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", required=True, metavar="SLUG", help="Whose data the key opens.")
        parser.add_argument("--name", required=True, help="What will use it, such as “mobile app”.")
        parser.add_argument(
            "--days", type=int, default=90, help="The key ends after so many days, 1 to 366 (default 90)."
        )
        parser.add_argument(
            "--scope",
            action="append",
            choices=KeyScope.values,
            help="What the key opens; several by giving it several times. Left out: everything there is.",
        )
        parser.add_argument("--json", action="store_true", help="Print one line of JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        organization = organization_of(options["organization"])
        key, secret = self._issue(organization, options["name"].strip(), options)
        if options["json"]:
            self.stdout.write(json.dumps(described(key, organization) | {"secret": secret}))
            return
        self.stderr.write(f"Key “{key.name}” of {organization}. The secret is shown this once:")
        self.stdout.write(secret)

    def _issue(self, organization: Organization, name: str, options: dict[str, Any]) -> tuple[ApiKey, str]:
        if not name or len(name) > 100:
            raise CommandError("Give the key a name of 1 to 100 characters.")
        if not 1 <= options["days"] <= MOST_DAYS:
            raise CommandError(f"--days must be from 1 to {MOST_DAYS}.")
        expires_at = timezone.now() + timedelta(days=options["days"])
        scopes = options["scope"] or KeyScope.values
        return ApiKey.issue(organization, name=name, scopes=scopes, by=None, expires_at=expires_at)


def described(key: ApiKey, organization: Organization) -> dict[str, Any]:
    """What may be known of a key."""
    return {
        "id": str(key.pk),
        "name": key.name,
        "organization": organization.slug,
        "prefix": key.prefix,
        "scopes": key.scopes,
        "expires_at": key.expires_at.isoformat(),
    }
