from django.apps import AppConfig


class SegmentsConfig(AppConfig):
    name = "segments"

    def ready(self) -> None:
        """Let the lists of customers and accounts, which know no segments, be filtered by them."""
        from console.customers import filtersets as customers
        from console.portfolios import filtersets as accounts
        from segments.filtersets import by_membership

        customers.MORE["segment"] = by_membership("customers")
        accounts.MORE["segment"] = by_membership("accounts")
