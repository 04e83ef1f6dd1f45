from importlib import import_module

from django.apps import AppConfig

from console.customers import erasing


class PortfoliosConfig(AppConfig):
    name = "console.portfolios"
    label = "portfolios"

    def ready(self) -> None:
        """Say what erasing a customer means here."""
        erasing.PARTS.append(import_module("console.portfolios.erasing").PART)
