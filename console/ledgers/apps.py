from importlib import import_module

from django.apps import AppConfig

from console.keeping import PARTS


class LedgersConfig(AppConfig):
    name = "console.ledgers"
    label = "ledgers"

    def ready(self) -> None:
        """Say what goes with a ledger that is deleted."""
        PARTS["ledgers.Ledger"].append(import_module("console.ledgers.keeping").OF_LEDGER)
