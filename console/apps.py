from importlib import import_module

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The frame that the apps hang on."""

    name = "console"

    def ready(self) -> None:
        """Register the checks; load the Celery app and every task, so that they can be woken by name; say
        what of people and settings needs approval.

        `console/__init__.py` imports nothing, since `console.embedded` runs where Celery is not installed yet.
        """
        import_module("console.sealed")
        import_module("console.checks")
        import_module("console.celery").app.autodiscover_tasks(force=True)
        from console.approvals.sizes import SettingsKind
        from console.organizations.kinds import register
        from console.staff.approvals import InvitationKind, RoleKind

        register(SettingsKind())
        register(RoleKind())
        register(InvitationKind())
