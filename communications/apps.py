from importlib import import_module

from django.apps import AppConfig

from console.customers import disclosing, erasing


class CommunicationsConfig(AppConfig):
    name = "communications"

    def ready(self) -> None:
        """Register the deployment check, and what erasing a customer means here."""
        import_module("communications.checks")
        erasing.PARTS.append(import_module("communications.erasing").PART)
        disclosing.SECTIONS.extend(import_module("communications.disclosing").SECTIONS)
