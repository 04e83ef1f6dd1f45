"""What the page of a customer says about them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, OuterRef, QuerySet

from console.customers.columns import at_path
from console.customers.masking import Sight
from console.customers.models import Attribute, Customer
from console.templatetags.console import day, number

YES = {True: "Yes", False: "No"}


def profile(customer: Customer, sight: Sight) -> list[tuple[str, Any]]:
    """Names and values as `sight` shows them: what all have, the declared custom data, then the rest by its key."""
    known = [
        ("Email", sight.email(customer.email)),
        ("Phone", sight.phone(customer.phone)),
        ("Country", customer.country),
        ("Products", ", ".join(customer.products).replace("_", " ")),
        ("Messages", "allowed" if customer.communications_enabled else "switched off"),
        ("Profiling", "objected" if customer.profiling_objected_at else "no objection"),
    ]
    declared = customer.organization.attributes.filter(entity=Attribute.Entity.CUSTOMERS).order_by("key")
    return [(name, value or None) for name, value in known] + declared_data(
        customer.custom_data, declared, sight
    )


def declared_data(data: dict[str, Any], declared: Iterable[Attribute], sight: Sight) -> list[tuple[str, Any]]:
    """Declared attributes under their labels, then the keys that nobody declared: those count as personal."""
    attributes = list(declared)
    named = [
        (str(one), written(sight.data(at_path(data, one.key), is_personal=one.is_personal), one.type))
        for one in attributes
    ]
    keys = {one.key.split(".")[0] for one in attributes}
    rest = [
        (key, sight.data(value, is_personal=True)) for key, value in sorted(data.items()) if key not in keys
    ]
    return named + [(key, written(value)) for key, value in rest]


def written(value: Any, kind: str = "") -> Any:
    """A JSON value in words; a date or number that does not look like one stays as it came."""
    if isinstance(value, bool):
        return YES[value]
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if kind == Attribute.Type.NUMBER and isinstance(value, int | float):
        return number(value)
    if kind == Attribute.Type.DATE and isinstance(value, str) and (on := parse_date_or_none(value)):
        return day(on)
    return value


def parse_date_or_none(text: str) -> date | None:
    """1948-05-07 as a date; None for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def latest_transactions(customer: Customer, limit: int = 10) -> QuerySet[Any]:
    """The last items over all accounts that the customer holds, newest first."""
    organization = customer.organization
    last = organization.transactions.filter(account=OuterRef("account")).order_by("-booked_on", "-pk")
    keys = customer.holdings.annotate(key=Func(ArraySubquery(last.values("pk")[:limit]), function="unnest"))
    found = organization.transactions.with_parties().filter(pk__in=keys.values("key"))
    return found.select_related("account").order_by("-booked_on", "-pk")[:limit]
