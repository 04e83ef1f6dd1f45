"""The columns of the list of attributes."""

from collections.abc import Mapping
from typing import Any

from console.columns import Column, Figure
from console.customers.models import Attribute
from segments.attributes.states import State
from segments.attributes.using import Named
from segments.columns import how_sure

ORDERS = {"of": ("entity", "key", "id"), "key": ("key", "id"), "created": ("id",)}


def attribute_columns(states: Mapping[object, State], used: Mapping[Named, int]) -> list[Column]:
    """`states` of their indexes by id, and in how many segments each is `used`."""

    def state(row: Attribute) -> tuple[str, str]:
        found = states[row.pk]
        return found.word, found.tone

    def segments(row: Attribute) -> Figure:
        number = used.get((row.entity, row.key), 0)
        return Figure(number, "exact", f"{row.get_absolute_url()}#used" if number else "")

    return [
        Column("name", "Name", str, "name", is_fixed=True),
        Column("of", "Of", lambda row: row.get_entity_display(), sort="of"),
        Column("key", "Key", lambda row: row.key, "code", sort="key"),
        Column("type", "Type", lambda row: row.get_type_display()),
        Column("unit", "Unit", lambda row: row.unit, is_usual=False),
        Column("personal", "Personal", lambda row: "Masked" if row.is_personal else ""),
        Column("index", "Index", state, "badge"),
        Column("segments", "Segments", segments, "figure"),
        Column("help", "Meaning", lambda row: row.help, is_usual=False),
        Column("created", "Declared", lambda row: row.created_at, "since", sort="created", is_usual=False),
    ]


def segment_columns() -> list[Column]:
    """Of the segments that ask for an attribute."""

    def members(row: Any) -> Figure:
        return Figure(row.member_count, how_sure(row))

    return [
        Column("name", "Name", str, "name", sort="name", is_fixed=True),
        Column("population", "Who belongs", lambda row: row.get_population_display()),
        Column("members", "Members", members, "figure"),
        Column("owner", "Owner", lambda row: row.owner),
    ]


def facts_of(attribute: Attribute) -> list[tuple[str, str]]:
    """What it is, by name and value."""
    known = [
        ("Of", str(attribute.get_entity_display())),
        ("Type", str(attribute.get_type_display())),
        ("Unit", attribute.unit),
        ("Meaning", attribute.help),
        ("Shown to", "roles that read personal data" if attribute.is_personal else "everybody here"),
        ("Filtered", "often" if attribute.is_filtered_often else "seldom"),
    ]
    return [(name, value) for name, value in known if value]
