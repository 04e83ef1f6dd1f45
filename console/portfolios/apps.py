from importlib import import_module

from django.apps import AppConfig

from console.customers import disclosing, erasing


class PortfoliosConfig(AppConfig):
    name = "console.portfolios"
    label = "portfolios"

    def ready(self) -> None:
        """Say what erasing a customer means here, and what is handed over to one."""
        erasing.PARTS.append(import_module("console.portfolios.erasing").PART)
        disclosing.SECTIONS.append(import_module("console.portfolios.disclosing").SECTION)
