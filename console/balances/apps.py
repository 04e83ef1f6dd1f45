from importlib import import_module

from django.apps import AppConfig

from console.customers import disclosing


class BalancesConfig(AppConfig):
    name = "console.balances"
    label = "balances"

    def ready(self) -> None:
        """Say what is handed over to a customer."""
        disclosing.SECTIONS.append(import_module("console.balances.disclosing").SECTION)
