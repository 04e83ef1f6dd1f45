"""manage.py recount_accounts: count the accounts of ledgers anew, where coherence says that the numbers are wrong."""

from typing import Any

from django.core.management.base import CommandParser

from console.organizations.commands import OperatorCommand, organizations_of
from console.portfolios import marking


class Command(OperatorCommand):
    help = (
        "Count the accounts of each ledger of one organization or all anew. Everybody may work meanwhile. What is in"
        " other hands now is counted by the next tick of the clock."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organization", metavar="SLUG", help="Only this one.")

    def handle(self, *args: Any, **options: Any) -> None:
        for organization in organizations_of(options["organization"]):
            ledgers = list(organization.ledgers.order_by("pk"))
            for ledger in ledgers:
                marking.again(ledger)
            self.stdout.write(f"{organization.slug}: {len(ledgers):,} ledgers counted anew")
