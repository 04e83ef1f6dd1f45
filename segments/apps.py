from django.apps import AppConfig


class SegmentsConfig(AppConfig):
    name = "segments"

    def ready(self) -> None:
        """Let customers and accounts, which know no segments, be filtered by them and leave them when erased."""
        from console.customers import disclosing, erasing
        from console.customers import filtersets as customers
        from console.portfolios import filtersets as accounts
        from segments.disclosing import SECTIONS
        from segments.erasing import PART
        from segments.filtersets import by_membership

        customers.MORE["segment"] = by_membership("customers")
        accounts.MORE["segment"] = by_membership("accounts")
        erasing.PARTS.append(PART)
        disclosing.SECTIONS.extend(SECTIONS)
