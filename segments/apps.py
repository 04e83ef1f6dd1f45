from django.apps import AppConfig


class SegmentsConfig(AppConfig):
    name = "segments"

    def ready(self) -> None:
        """Let customers and accounts, which know no segments, be filtered by them and leave them when erased;
        let the audit trail say definitions in words."""
        from console.audit import fields
        from console.customers import disclosing, erasing
        from console.customers import filtersets as customers
        from console.portfolios import filtersets as accounts
        from segments.disclosing import SECTIONS
        from segments.erasing import PART
        from segments.filtersets import by_membership
        from segments.reading import stored

        customers.MORE["segment"] = by_membership("customers")
        fields.WRITERS["segments.SegmentVersion.definition"] = stored
        accounts.MORE["segment"] = by_membership("accounts")
        erasing.PARTS.append(PART)
        disclosing.SECTIONS.extend(SECTIONS)
