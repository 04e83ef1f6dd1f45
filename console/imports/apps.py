from importlib import import_module

from django.apps import AppConfig

from console.customers import erasing


class ImportsConfig(AppConfig):
    name = "console.imports"
    label = "imports"

    def ready(self) -> None:
        """Say what erasing a customer means here."""
        erasing.PARTS.append(import_module("console.imports.erasing").PART)
