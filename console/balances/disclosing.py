"""What bookings add to the data that is handed over to a customer."""

from console.customers.disclosing import Rows, Section
from console.customers.models import Customer


def transactions(customer: Customer) -> Rows:
    held = customer.holdings.values("account")
    items = customer.organization.transactions.filter(account__in=held).select_related("account")
    for item in items.order_by("-booked_on", "-pk").iterator(chunk_size=2000):
        yield {
            "booked_on": item.booked_on,
            "account": item.account.external_id,
            "id": item.external_id,
            "direction": item.direction,
            "amount": -item.amount if item.direction == "debit" else item.amount,
            "currency": item.account.asset_code,
            "operation": item.operation,
            "purpose": item.purpose,
            "counterparty": item.counterparty,
            "description": item.description,
            "metadata": item.metadata,
            "recorded_at": item.recorded_at,
        }


SECTION = Section(
    "transactions",
    "Transactions",
    (
        ("booked_on", "Booked"),
        ("account", "Account"),
        ("description", "What"),
        ("counterparty", "Counterparty"),
        ("amount", "Amount"),
        ("currency", "Currency"),
    ),
    transactions,
)
