from importlib import import_module

from django.apps import AppConfig

from console.customers import disclosing
from console.keeping import PARTS


class BalancesConfig(AppConfig):
    name = "console.balances"
    label = "balances"

    def ready(self) -> None:
        """Say what is handed over to a customer, and what hangs on an account."""
        told = import_module("console.balances.disclosing")
        disclosing.SECTIONS.extend([told.SECTION, told.JOURNAL])
        for label, part in import_module("console.balances.hanging").HANGING.items():
            PARTS[label].append(part)
