from importlib import import_module

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The frame that the apps hang on."""

    name = "console"

    def ready(self) -> None:
        """Load the Celery app, through which tasks are sent. The package itself stays free of it, for `console.embedded`."""
        import_module("console.celery")
