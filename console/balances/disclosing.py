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


def journal(customer: Customer) -> Rows:
    """What was held, released or noted: whatever the journal says of their accounts beside what was booked."""
    held = customer.holdings.values("account")
    lines = customer.organization.journal_lines.filter(account__in=held, items=None)
    for line in lines.select_related("account", "entry").order_by("-pk").iterator(chunk_size=2000):
        yield {
            "at": line.created_at,
            "account": line.account.external_id,
            "id": str(line.pk),
            "what": line.get_kind_display() if line.entry.status != "NOTED" else "Note",
            "status": line.entry.get_status_display(),
            "amount": line.amount,
            "currency": line.account.asset_code,
            "balance_key": line.key,
            "description": line.description,
            "metadata": line.metadata,
        }


JOURNAL = Section(
    "journal",
    "Held and noted",
    (
        ("at", "When"),
        ("account", "Account"),
        ("what", "What"),
        ("description", "Of what"),
        ("amount", "Amount"),
        ("currency", "Currency"),
        ("status", "Status"),
    ),
    journal,
)
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
