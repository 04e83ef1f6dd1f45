from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "console.customers"
    label = "customers"

    def ready(self) -> None:
        """Say what needs approval here."""
        from console.customers.approvals import ExportKind
        from console.organizations.kinds import register

        register(ExportKind())
