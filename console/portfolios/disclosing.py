"""What accounts add to the data that is handed over to a customer."""

from console.customers.disclosing import Rows, Section
from console.customers.models import Customer


def accounts(customer: Customer) -> Rows:
    held = customer.holdings.select_related("account__balance", "account__ledger").order_by("-pk")
    for holding in held.iterator(chunk_size=500):
        account = holding.account
        yield {
            "account": account.external_id,
            "name": account.name,
            "alias": account.alias,
            "role": holding.get_role_display(),
            "type": account.type,
            "ledger": str(account.ledger),
            "status": account.get_status_display(),
            "opened_on": account.opened_on,
            "balance": account.ledger_balance,
            "currency": account.asset_code,
            "metadata": account.metadata,
        }


SECTION = Section(
    "accounts",
    "Accounts",
    (
        ("account", "Account"),
        ("name", "Name"),
        ("role", "Role"),
        ("type", "Type"),
        ("status", "Status"),
        ("opened_on", "Opened"),
        ("balance", "Balance"),
        ("currency", "Currency"),
    ),
    accounts,
)
