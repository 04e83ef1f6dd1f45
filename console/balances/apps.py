import decimal
from importlib import import_module

from django.apps import AppConfig

from console.customers import disclosing
from console.keeping import PARTS

DIGITS = 60


class BalancesConfig(AppConfig):
    name = "console.balances"
    label = "balances"

    def ready(self) -> None:
        """Say what is handed over to a customer, and what hangs on an account; let sums of money keep every digit.

        An amount has 28 digits, a sum 38: Python's decimals, which have 28 unless told otherwise, would round it.
        """
        decimal.DefaultContext.prec = DIGITS  # with which threads begin; this one has begun
        decimal.getcontext().prec = DIGITS
        told = import_module("console.balances.disclosing")
        disclosing.SECTIONS.extend([told.SECTION, told.JOURNAL])
        for label, part in import_module("console.balances.hanging").HANGING.items():
            PARTS[label].append(part)
