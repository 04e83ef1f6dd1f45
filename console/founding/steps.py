"""What an organization needs before there is something to see, and how much of it is there: state is what exists."""

from dataclasses import dataclass

from console.organizations.access import may
from console.organizations.models import Organization, Staff


@dataclass(frozen=True)
class Step:
    """One thing to do. `name` is that of its page; `url` is "" where the person's role may not do it."""

    name: str
    label: str
    text: str
    act: str
    url: str
    is_done: bool


NEEDS = {"begin_ledger": "record.edit", "begin_assets": "record.edit", "begin_data": "imports.run"}


def steps_of(organization: Organization, staff: Staff) -> list[Step]:
    """The steps in their order, those that are done among them."""
    has_data = organization.customers.exists() or organization.accounts.exists()

    def step(name: str, label: str, text: str, act: str, is_done: bool) -> Step:
        url = organization.url(name) if may(staff, NEEDS[name]) else ""
        return Step(name, label, text, act, url, is_done)

    return [
        step(
            "begin_ledger",
            "First ledger",
            "A ledger is one set of books: accounts of one kind, or of one core system.",
            "Make a ledger",
            organization.ledgers.exists(),
        ),
        step(
            "begin_assets",
            "Currencies",
            "What the ledger counts in. Each has an account for the world outside, where money comes from.",
            "Choose currencies",
            organization.assets.exists(),
        ),
        step(
            "begin_data",
            "Customers and accounts",
            "Files of your core system, in this order: customers, accounts, who holds them, transactions.",
            "Bring data",
            has_data,
        ),
    ]


def next_of(steps: list[Step]) -> Step | None:
    """The first step that is not done and that the person may do."""
    return next((step for step in steps if not step.is_done and step.url), None)
