"""The columns of the customers list, with one for each attribute that the organization declared."""

from typing import Any

from console.columns import Column, Kind
from console.customers.models import Attribute, Customer
from console.organizations.models import Organization

KINDS: dict[str, Kind] = {Attribute.Type.NUMBER: "number"}
ORDERS = {
    "name": ("name_folded", "id"),
    "external_id": ("external_id", "id"),
    "country": ("country", "id"),
    "created": ("created_at", "id"),
}
COLUMNS = [
    Column("name", "Name", str, "name", sort="name", is_fixed=True),
    Column("external_id", "External id", lambda row: row.external_id, "code", sort="external_id"),
    Column("kind", "Kind", lambda row: row.get_kind_display()),
    Column("email", "Email", lambda row: row.email),
    Column("phone", "Phone", lambda row: row.phone, is_usual=False),
    Column("country", "Country", lambda row: row.country, sort="country"),
    Column("products", "Products", lambda row: ", ".join(row.products), is_usual=False),
    Column("created", "Customer since", lambda row: row.created_at, "since", sort="created"),
]


def at_path(data: dict[str, Any], path: str) -> Any:
    """The value at a dotted path of custom data; None where there is none."""
    value: Any = data
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def attribute_column(attribute: Attribute) -> Column:
    """A column for declared custom data, not among the usual ones."""

    def value(row: Customer) -> Any:
        return at_path(row.custom_data, attribute.key)

    return Column(
        f"data.{attribute.key}", str(attribute), value, KINDS.get(attribute.type, "text"), is_usual=False
    )


def customer_columns(organization: Organization) -> list[Column]:
    """All columns that the organization's customers list can show."""
    declared = organization.attributes.filter(entity=Attribute.Entity.CUSTOMERS).order_by("key")
    return [*COLUMNS, *map(attribute_column, declared)]
