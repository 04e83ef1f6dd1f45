from importlib import import_module

from django.apps import AppConfig

from console.customers import disclosing, erasing
from console.postgres.base import NOTICES
from console.wakeup import Soon


class CommunicationsConfig(AppConfig):
    name = "communications"

    def ready(self) -> None:
        """Register the check, what erasing a customer means here, what needs approval, what uses a segment or an
        attribute and what segments ask of messages.

        A statement that wrote events (communications/telling.py) says so: then the dispatcher looks a second later.
        """
        NOTICES["told"] = Soon(import_module("communications.tasks").dispatch)
        import_module("communications.checks")
        erasing.PARTS.append(import_module("communications.erasing").PART)
        disclosing.SECTIONS.extend(import_module("communications.disclosing").SECTIONS)
        from communications.approvals import EndpointKind, SendKind
        from communications.hanging import HANGING
        from communications.message_fields import MESSAGES, OF_CUSTOMER
        from console.keeping import PARTS
        from console.organizations.kinds import register
        from segments import catalog, using

        for label, part in HANGING.items():
            PARTS[label].append(part)

        using.USERS.append(
            lambda segment: segment.organization.configurations.filter(version__segment=segment)
        )
        catalog.add(MESSAGES, OF_CUSTOMER, to=["customers"])
        register(SendKind())
        register(EndpointKind())
