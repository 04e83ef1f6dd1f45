from importlib import import_module

from django.apps import AppConfig

from console.customers import disclosing, erasing


class CommunicationsConfig(AppConfig):
    name = "communications"

    def ready(self) -> None:
        """Register the deployment check, what erasing a customer means here, and what needs approval."""
        import_module("communications.checks")
        erasing.PARTS.append(import_module("communications.erasing").PART)
        disclosing.SECTIONS.extend(import_module("communications.disclosing").SECTIONS)
        from communications.approvals import EndpointKind, SendKind
        from console.organizations.kinds import register

        register(SendKind())
        register(EndpointKind())
