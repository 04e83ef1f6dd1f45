"""The columns of the customers list, with one for each attribute that the organization declared."""

from collections.abc import Sequence
from typing import Any

from console.columns import Column, Kind
from console.customers.masking import Sight
from console.customers.models import Attribute
from console.organizations.models import Organization

KINDS: dict[str, Kind] = {Attribute.Type.NUMBER: "number"}
ORDERS: dict[str, tuple[str, ...]] = {
    "name": ("name_folded", "id"),
    "external_id": ("external_id", "id"),
    "country": ("country", "id"),
    "created": ("created_at", "id"),
}


def at_path(data: dict[str, Any], path: str) -> Any:
    """The value at a dotted path of custom data; None where there is none."""
    value: Any = data
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def attribute_column(attribute: Attribute, data: str, sight: Sight) -> Column:
    """A column for declared custom data or metadata, which stands at `data`. Not among the usual ones."""

    def value(row: Any) -> Any:
        found = at_path(getattr(row, data), attribute.key)
        return sight.data(found, is_personal=attribute.is_personal)

    is_hidden = attribute.is_personal and not sight.is_clear
    kind = "text" if is_hidden else KINDS.get(attribute.type, "text")
    return Column(f"data.{attribute.key}", str(attribute), value, kind, is_usual=False)


def orders(sight: Sight) -> dict[str, tuple[str, ...]]:
    """The list's orders. Masked eyes get none by name: where a name stands among others says how it begins."""
    return ORDERS if sight.is_clear else {key: order for key, order in ORDERS.items() if key != "name"}


def first_order(sight: Sight) -> str:
    """The order in which the list begins."""
    return "name" if sight.is_clear else "external_id"


def customer_columns(organization: Organization, sight: Sight) -> list[Column]:
    """All columns that the organization's customers list can show, their values as `sight` shows them."""
    declared = organization.attributes.filter(entity=Attribute.Entity.CUSTOMERS).order_by("key")
    return [
        Column("name", "Name", sight.name, "name", sort="name" if sight.is_clear else "", is_fixed=True),
        Column("external_id", "External id", lambda row: row.external_id, "code", sort="external_id"),
        Column("kind", "Kind", lambda row: row.get_kind_display()),
        Column("email", "Email", lambda row: sight.email(row.email)),
        Column("phone", "Phone", lambda row: sight.phone(row.phone), is_usual=False),
        Column("country", "Country", lambda row: row.country, sort="country"),
        Column("products", "Products", lambda row: ", ".join(row.products), is_usual=False),
        Column("created", "Customer since", lambda row: row.created_at, "since", sort="created"),
        *(attribute_column(attribute, "custom_data", sight) for attribute in declared),
    ]


def exported_columns(shown: Sequence[Column]) -> list[Column]:
    """The columns of a file: the chosen ones behind the opaque id, by which what leaves the house is known."""
    return [Column("opaque_id", "Opaque id", lambda row: str(row.opaque_id)), *shown]
