"""Judge what is due now, without waiting for the clock."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from alerts.triggers import Busy, evaluate
from console.organizations.commands import OperatorCommand, organizations_of


class Command(OperatorCommand):
    help = (
        "Evaluates the campaigns of an organization, or of all, and prints one line of JSON for each: "
        "{organization, movements, campaigns, fired, cleared, voided}. "
        "Exit code 1 when one was being evaluated already."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", metavar="SLUG", help="Only this one.")

    def handle(self, *args: Any, **options: Any) -> None:
        for organization in organizations_of(options["organization"]):
            try:
                result = evaluate(organization, at=timezone.now())
            except Busy as busy:
                raise CommandError(str(busy)) from busy
            self.stdout.write(json.dumps({"organization": organization.slug} | asdict(result)))
