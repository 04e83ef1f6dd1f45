from importlib import import_module

from django.apps import AppConfig

from console.customers import disclosing, erasing
from console.keeping import PARTS


class PortfoliosConfig(AppConfig):
    name = "console.portfolios"
    label = "portfolios"

    def ready(self) -> None:
        """Say what erasing a customer means here, what is handed over to one, and what hangs on a record."""
        erasing.PARTS.append(import_module("console.portfolios.erasing").PART)
        disclosing.SECTIONS.append(import_module("console.portfolios.disclosing").SECTION)
        for label, part in import_module("console.portfolios.hanging").HANGING.items():
            PARTS[label].append(part)
