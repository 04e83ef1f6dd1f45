"""What happened on accounts: items and the balances that follow from them; entries of the journal that posted some."""

from console.balances.models.columns import money, total
from console.balances.models.income import Income
from console.balances.models.items import Balance, DailyBalance, Movement, Transaction
from console.balances.models.journal import JournalEntry, JournalLine
from console.balances.models.pockets import DEFAULT, Pocket

__all__ = [
    "DEFAULT",
    "Balance",
    "DailyBalance",
    "Income",
    "JournalEntry",
    "JournalLine",
    "Movement",
    "Pocket",
    "Transaction",
    "money",
    "total",
]
