from importlib import import_module

from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "console.billing"
    label = "billing"

    def ready(self) -> None:
        """Say what erasing a customer means here, what is handed over to one, and what hangs on a record."""
        from console.customers import disclosing, erasing
        from console.keeping import PARTS

        erasing.PARTS.append(import_module("console.billing.erasing").PART)
        disclosing.SECTIONS.extend(import_module("console.billing.disclosing").SECTIONS)
        for label, part in import_module("console.billing.hanging").HANGING.items():
            PARTS[label].append(part)
