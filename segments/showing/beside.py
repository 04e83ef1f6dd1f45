"""The values of a member's own that rules look at, as columns beside the member's name."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from console.customers.masking import CLEAR, Sight
from console.organizations.models import Organization
from console.templatetags.console import NOTHING, amount, money, number
from segments.definition.nodes import Group, Rule, near
from segments.definition.personal import seen
from segments.showing.said import as_said, plain, written
from segments.showing.shown import can_show, value_of

NUMBERS = ("number", "money")
# Of these “is” leaves one value; a moment “is” any of its day.
ONE = ("text", "choice", "boolean")


@dataclass(frozen=True)
class Cell:
    """One value, as text."""

    text: str
    is_number: bool = False


@dataclass(frozen=True)
class Column:
    """A value that a rule looks at, read by whoever has this sight."""

    rule: Rule
    is_of_customers: bool

    @property
    def label(self) -> str:
        """What it is and over how long; money of customers in which currency, while an account has its own."""
        field, rule = self.rule.field, self.rule
        parts = [field.label, f"{rule.days} {field.window}" if rule.days else ""]
        return ", ".join(part for part in [*parts, rule.currency * self.is_of_customers] if part)

    @property
    def is_number(self) -> bool:
        return self.rule.field.type in NUMBERS

    def cell(self, found: Any, member: Any, organization: Organization, sight: Sight) -> Cell:
        """What was found of a member, as the page writes it."""
        field = self.rule.field
        value = seen(field, as_said(self.rule, found), sight)
        if value is None or value in ("", []):
            return Cell(NOTHING, self.is_number)
        if field.type == "money" and not self.is_of_customers:
            return Cell(money(value, member.asset_code), True)
        if field.type == "money":
            return Cell(amount(value, self.rule.currency), True)
        if field.type == "number" and isinstance(value, int | Decimal):
            return Cell(number(plain(Decimal(value))), True)
        return Cell(written(field, value, "", CLEAR, organization.zone), self.is_number)


def columns_of(node: Group, *, most: int, without: Container[str] = ("name",)) -> list[Column]:
    """The first so many values that the rules of a definition look at, each once, but those of the keys `without`.

    A field that several rules look at is shown as the last of them has it.
    """
    rules = [each for each in near(node) if isinstance(each, Rule) and can_show(each)]
    last = {rule.field.key: rule for rule in rules if rule.field.key not in without}
    return [Column(rule, node.population == "customers") for rule in last.values()][:most]


def settled(node: Group) -> Iterator[str]:
    """The keys of which all who belong have one and the same value."""
    if node.negated or node.combinator != "and":
        return
    for each in node.rules:
        if isinstance(each, Group):
            yield from settled(each)
        elif (
            isinstance(each, Rule) and each.operator == "=" and each.field.type in ONE and not each.field.via
        ):
            yield each.field.key


def values_of(
    people: "QuerySet[Any]", columns: list[Column], organization: Organization, at: datetime, sight: Sight
) -> list[tuple[Any, list[Cell]]]:
    """Each of some people with a cell for each column."""
    values = {f"seen_{n}": value_of(column.rule, organization, at) for n, column in enumerate(columns)}
    return [
        (
            row,
            [
                column.cell(getattr(row, f"seen_{n}"), row, organization, sight)
                for n, column in enumerate(columns)
            ],
        )
        for row in people.annotate(**values)
    ]
