"""manage.py reseal: seal every secret with the newest key, so that older keys can go."""

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser

from console.organizations.commands import OperatorCommand
from console.organizations.sealing import CantUnseal
from console.sealed import reseal


class Command(OperatorCommand):
    help = (
        "Seal every secret (webhooks, authenticator apps) with the first of SEALING_KEYS; then the others can go."
        " Stopped half-way, run it again. Exit code 1 when a secret's key is gone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--json", action="store_true", help="One object on standard output, for machines."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = reseal()
        except CantUnseal as fault:
            raise CommandError(
                f"{fault} Put that key back behind the newest one, then run this again."
            ) from fault
        if options["json"]:
            self.stdout.write(json.dumps(done))
            return
        for model, number in done.items():
            self.stdout.write(f"{model}: {number} sealed anew")
