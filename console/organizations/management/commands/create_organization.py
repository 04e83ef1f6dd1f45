"""bin/manage create_organization SLUG --name NAME"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from console.organizations.commands import OperatorCommand
from console.organizations.models import Organization


class Command(OperatorCommand):
    help = "Make an organization: a bank with nothing in it. Exit code 1 when the slug is taken or a value is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="SLUG", help="Its name in addresses: letters, digits and -.")
        parser.add_argument("--name", required=True)
        parser.add_argument("--currency", default="EUR", help="ISO 4217; EUR unless given.")
        parser.add_argument("--time-zone", default="UTC", help="Such as Europe/Prague; UTC unless given.")
        parser.add_argument("--json", action="store_true", help="Print one JSON object.")

    def handle(self, *args: Any, **options: Any) -> None:
        organization = Organization(
            slug=options["slug"],
            name=options["name"],
            base_currency=options["currency"],
            time_zone=options["time_zone"],
        )
        try:
            organization.full_clean()
        except ValidationError as fault:
            told = [f"{name}: {' '.join(words)}" for name, words in fault.message_dict.items()]
            raise CommandError("\n".join(told)) from fault
        organization.save()
        made = {"slug": organization.slug, "name": organization.name, "id": str(organization.pk)}
        self.stdout.write(
            json.dumps(made) if options["json"] else f"Made {organization.name} at /o/{organization.slug}/."
        )
