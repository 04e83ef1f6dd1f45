"""manage.py coherence: prove the books. Exit code 1 when one does not hold."""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandParser

from console.coherence import checks
from console.organizations.commands import OperatorCommand, organizations_of


class Command(OperatorCommand):
    help = (
        "Prove the books (messages, membership, balances) of one organization or all."
        " Exit code 1 when one does not hold."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organization", metavar="SLUG", help="Only this one.")
        parser.add_argument(
            "--json", action="store_true", help="One object on standard output, for machines."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        asked = organizations_of(options["organization"])
        found = {organization.slug: checks(organization) for organization in asked}
        holds = all(not check.broken for several in found.values() for check in several)
        if options["json"]:
            books = {slug: {one.name: asdict(one) for one in several} for slug, several in found.items()}
            self.stdout.write(json.dumps({"holds": holds, "organizations": books}))
        else:
            self._tell(found)
        if not holds:
            sys.exit(1)

    def _tell(self, found: dict[str, Any]) -> None:
        for slug, several in found.items():
            for check in several:
                result = f"{check.broken} broken" if check.broken else "holds"
                self.stdout.write(
                    f"{slug:<20} {check.name:<12} {check.promise}: {result} ({check.asked:,} asked)"
                )
                for example in check.examples:
                    self.stdout.write(f"{'':<20} {example}")
