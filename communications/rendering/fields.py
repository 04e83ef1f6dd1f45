"""What a template may say of a customer: this list, and no other."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from communications.rendering.environment import written
from console.customers.masking import CLEAR, Sight
from console.customers.models import Attribute, Customer
from console.organizations.models import Organization


@dataclass(frozen=True)
class Field:
    """A place in a template: its dotted name, how staff call it, and a value to try it with."""

    name: str
    label: str
    sample: str | int | float | bool
    is_personal: bool = False

    @property
    def written(self) -> str:
        """As it is written between braces and in conditions."""
        return written(self.name)

    @property
    def braced(self) -> str:
        """As it is written in a template."""
        return f"{{{{ {self.written} }}}}"


FIXED = (
    Field("customer.name", "Name", "Aino Lindqvist"),
    Field("customer.email", "Email", "aino@mail.example"),
    Field("customer.external_id", "External id", "C000123"),
    Field("customer.country", "Country", "CZ"),
    Field("organization.name", "Name of the bank", "Nordbank a.s."),
    Field("unsubscribe_url", "Address to opt out of email", "https://bank.example/u/…"),
)
SAMPLES: dict[str, str | int | float | bool] = {
    "text": "words",
    "number": 12,
    "boolean": True,
    "date": "2026-11-22",
}


def fields(organization: Organization) -> list[Field]:
    """All fields of an organization: the fixed ones, then its declared attributes of customers."""
    declared = organization.attributes.filter(entity=Attribute.Entity.CUSTOMERS).order_by("key")
    return [*FIXED, *(_field(attribute) for attribute in declared)]


def sample(known: Iterable[Field]) -> dict[str, Any]:
    """A context in which every field has its sample value."""
    context: dict[str, Any] = {}
    for field in known:
        _put(context, field.name.split("."), field.sample)
    return context


def context(
    customer: Customer,
    organization: Organization,
    known: Iterable[Field],
    unsubscribe_url: str,
    sight: Sight = CLEAR,
) -> dict[str, Any]:
    """What the template gets for one customer. A field without a value is empty, never missing.

    `sight` masks what the reader of a preview may not see; what leaves for the customer is theirs and clear.
    """
    filled: dict[str, Any] = {
        "customer": {
            "name": sight.name_alone(customer.name),
            "email": sight.email(customer.email),
            "external_id": customer.external_id,
            "country": customer.country,
        },
        "organization": {"name": organization.name},
        "unsubscribe_url": unsubscribe_url,
    }
    for field in known:
        if field.name.startswith(PREFIX):
            value = _value(customer.custom_data, field.name.removeprefix(PREFIX))
            _put(filled, field.name.split("."), sight.data(value, is_personal=field.is_personal))
    return filled


PREFIX = "customer.custom_data."


def _field(attribute: Attribute) -> Field:
    return Field(f"{PREFIX}{attribute.key}", str(attribute), SAMPLES[attribute.type], attribute.is_personal)


def _value(data: Any, key: str) -> Any:
    """The value under a dotted path; nested groups and lists are not for letters."""
    for name in key.split("."):
        data = data.get(name) if isinstance(data, dict) else None
    return None if isinstance(data, dict | list) else data


def _put(context: dict[str, Any], path: list[str], value: Any) -> None:
    for name in path[:-1]:
        inner = context.setdefault(name, {})
        context = inner if isinstance(inner, dict) else {}
    context.setdefault(path[-1], value)
