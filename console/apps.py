from importlib import import_module

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The frame that the apps hang on."""

    name = "console"

    def ready(self) -> None:
        """Load the Celery app and every task, so that they can be woken by name. The package stays free of it, for `console.embedded`."""
        import_module("console.celery").app.autodiscover_tasks(force=True)
