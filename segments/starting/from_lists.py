"""Rules that say what the filters of a list say, so that what somebody narrowed down is kept true from then on.

The segment finds the rows of the list, but that it ignores case and accents in every text, and looks at the balances of
its own day.
"""

from collections.abc import Callable
from typing import Any

from console.customers.filtersets import CustomerFilters
from console.customers.masking import sight_of
from console.filters import ListFilters
from console.portfolios.filtersets import AccountFilters
from console.portfolios.models import Account
from segments.models import Population
from segments.starting.rules import Rules, any_of, day, related, rule

Say = Callable[[Any, Any], Rules]
UNSAID = ("carry",)  # it narrows nothing


def rules_of(population: str, filters: ListFilters) -> tuple[Rules, list[str]]:
    """The rules of the filters in force, and the labels of those that no rule says the same as."""
    says, rules, left_out = SAYS[population], [], []
    for name, value in filters.form.cleaned_data.items() if filters.form.is_valid() else ():
        if value in (None, "", []) or name in UNSAID:
            continue
        if name in says:
            rules += says[name](getattr(value, "pk", value), filters)
        else:
            left_out.append(str(filters.form.fields[name].label))
    return rules, left_out


def same(field: str) -> Say:
    """The filter's value is the rule's."""
    return lambda value, _: [rule(field, "=", value)]


def named(field: str, text: str) -> dict[str, Any]:
    """The name has every word; a text of short words only is its beginning."""
    words = text.split()
    if not any(len(word) > 2 for word in words):
        return rule(field, "beginsWith", text)
    return {"combinator": "and", "rules": [rule(field, "contains", word) for word in words]}


def is_clear(filters: Any) -> bool:
    """Whether the person sees names as they are. Masked eyes name them whole, in a list and in a rule."""
    return sight_of(filters.request.staff).is_clear


def people(text: str, filters: Any) -> Rules:
    """As the list looks for customers: by number or email from the beginning, by words of the name."""
    text = text.strip()
    number = rule("external_id", "beginsWith", text)
    if not is_clear(filters):
        return [any_of([number, *(rule(field, "=", text) for field in ("email", "phone", "name"))])]
    return [any_of([number, rule("email", "beginsWith", text), named("name", text)])]


def accounts(text: str, filters: Any) -> Rules:
    """As the list looks for accounts: by number, alias, own name, or the name of a holder."""
    text = text.strip()
    number = rule("external_id", "beginsWith", text)
    if not is_clear(filters):
        held = related("holders", [rule("name", "=", text)])
        return [any_of([number, rule("alias", "=", text), held])]
    begins = [number, rule("alias", "beginsWith", text)]
    long = " ".join(word for word in text.split() if len(word) > 2)
    return [
        any_of([*begins, *([named("name", long), related("holders", [named("name", text)])] if long else [])])
    ]


def in_portfolio(value: str, filters: Any) -> Rules:
    """A portfolio by its name and its ledger's: two ledgers may have one of the same name."""
    portfolio = filters.request.organization.portfolios.select_related("ledger").get(pk=value)
    return [rule("portfolio", "=", portfolio.name), rule("ledger", "=", portfolio.ledger.name)]


def in_ledger(value: str, filters: Any) -> Rules:
    ledger = filters.request.organization.ledgers.get(pk=value)
    return [rule("ledger", "=", ledger.name)]


def in_state(value: str, filters: Any) -> Rules:
    """Blocked, overdrawn in whichever currency, or a status."""
    if value == "blocked":
        return [rule("blocked", "=", True)]
    if value != "overdrawn":
        return [rule("status", "=", value)] if value in Account.Status.values else []
    return balance("<")("0", filters)


def balance(operator: str) -> Say:
    """The balance in whichever currency, or in the one that is filtered by."""

    def say(value: Any, filters: Any) -> Rules:
        asked = filters.form.cleaned_data.get("currency")
        currencies = [asked] if asked else filters.currencies()
        found = [rule("ledger_balance", operator, str(value), meta={"currency": one}) for one in currencies]
        return [any_of(found)]

    return say


def in_segment(value: Any, _: Any) -> Rules:
    return [rule("segment", "in", [str(value)])]


SAYS: dict[str, dict[str, Say]] = {
    Population.CUSTOMERS: {
        "q": people,
        "kind": same("kind"),
        "country": same("country"),
        "role": lambda value, _: [related("accounts", [rule("role", "=", value)])],
        "product": lambda value, _: [rule("products", "contains", value.strip())],
        "since": lambda value, _: [rule("created_at", ">=", day(value))],
        "segment": in_segment,
    },
    Population.ACCOUNTS: {
        "q": accounts,
        "ledger": in_ledger,
        "portfolio": in_portfolio,
        "type": same("type"),
        "currency": same("asset_code"),
        "state": in_state,
        "opened": lambda value, _: [rule("opened_on", ">=", day(value))],
        "opened_until": lambda value, _: [rule("opened_on", "<=", day(value))],
        "least": balance(">="),
        "most": balance("<="),
        "segment": in_segment,
    },
}
FILTERS: dict[str, type[ListFilters]] = {
    Population.CUSTOMERS: CustomerFilters,
    Population.ACCOUNTS: AccountFilters,
}
