"""What a field and a scope of the catalogue are: the `*_fields` and scopes.py declare them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, QuerySet, TextChoices

from console.customers.models import Attribute
from console.organizations.models import Organization
from segments.catalog.operators import OPERATORS


@dataclass(frozen=True)
class Row:
    """What a field is read from: the path to the row, whose it is, the local date, the window of a windowed figure."""

    prefix: str
    organization: Organization
    today: date
    days: int = 0


Read = Callable[[Row], Any]
# What a value of each type looks like; a text of the catalogue says its own.
USUAL = {
    "text": "a word or two",
    "list": "a word or two",
    "number": "30",
    "money": "1,000.00",
    "date": "2026-11-22",
    "datetime": "2026-11-22",
    "boolean": "true",
    "all": "true",
    "segment": "019345a0-7c1e-7000-8000-000000000001",
}


@dataclass(frozen=True)
class Via:
    """A fact of a member that stands on a related row: the scope of such rows, which of them, the field there."""

    scope: str
    rows: dict[str, Any]
    field: str


@dataclass(frozen=True)
class Field:
    """One field of one scope.

    `is_windowed`: over the last N days, or complete months as `window` says; the rule has N.
    `is_folded`: the column holds folded text already.
    `is_code`: capital letters compared as they are. `is_personal`: masked for those who may not see such data.
    `path`: where it stands inside custom data or metadata. `via`: it stands on related rows. `test`: an operator and
    its value as a condition that an index answers, instead of a comparison with what `read` gives; None where there is
    no such condition. `care`: the ground of fairness.py that speaks against deciding by it. `example`: a value as one
    would type it; where the type says enough, it need not be given. What leads to other rows has none.
    """

    key: str
    label: str
    type: str
    read: Read | None = None
    help: str = ""
    unit: str = ""
    choices: tuple[tuple[str, str], ...] | None = None
    scope: str = ""
    is_windowed: bool = False
    window: str = "days"
    is_folded: bool = False
    is_code: bool = False
    path: tuple[str, ...] = ()
    is_personal: bool = False
    via: Via | None = None
    test: Callable[[Row, str, Any], Any] | None = None
    care: str = ""
    example: str = ""

    def __post_init__(self) -> None:
        first = str(self.choices[0][0]) if self.choices else ""
        object.__setattr__(self, "example", self.example or first or USUAL.get(self.type, ""))

    @property
    def is_of_sets(self) -> bool:
        """Whether a rule on it asks who is in a set of members, not what stands on the member's own row."""
        return self.type == "segment" or self.key == "total_balance" or self.via is not None

    @property
    def operators(self) -> tuple[str, ...]:
        """The tests that the field's type allows."""
        return OPERATORS[self.type]


@dataclass(frozen=True)
class Scope:
    """A kind of row: which fields it has, and by which path money in it finds its currency.

    `rows` are an organization's, and `whose` the column that says whose they are: of a customer, or of an account and
    so of those who hold it. Members themselves, and who holds what, have none: the compiler knows them.
    """

    name: str
    label: str
    fields: dict[str, Field]
    currency: str
    documents: dict[str, tuple[str, str, Attribute.Entity]]
    rows: "Callable[[Organization], QuerySet[Any]] | None" = None
    whose: str = "customer_id"


def column(path: str) -> Read:
    """Read a plain column, found from the row by `path`."""
    return lambda row: F(row.prefix + path)


def in_small(choices: type[TextChoices]) -> tuple[tuple[str, str], ...]:
    """What can be chosen, in small letters, as it stands in a sentence."""
    return tuple((value, str(name).lower()) for value, name in choices.choices)


def by_key(fields: Iterable[Field]) -> dict[str, Field]:
    return {field.key: field for field in fields}


ALL = Field(
    "all",
    "Everyone",
    "all",
    help="Every row. The only way to say everyone: nothing else means it by accident.",
)
