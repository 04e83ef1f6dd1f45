from importlib import import_module

from django.apps import AppConfig


class CommunicationsConfig(AppConfig):
    name = "communications"

    def ready(self) -> None:
        """Register the deployment check."""
        import_module("communications.checks")
