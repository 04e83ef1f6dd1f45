"""Which column fills what: guessed from the head, chosen by a person, checked before anything is read."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from console.customers.models import Attribute
from console.imports import values
from console.imports.fields import Field, Kind
from console.imports.values import Parser, Setting

KEY = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
KEY_LIMIT = 100
# Columns of our own download of rejected rows: a mended file can be sent as it is.
OURS = re.compile(r"rejected_(line|column|value|reason)")
OF_OURS = 4


class BadMapping(Exception):
    """The mapping can't be used. `faults` says for which column ("" for the whole) and why."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file in use: `index` in the row, and either a field or a JSON key that it fills."""

    index: int
    name: str
    parse: Parser
    field: Field | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """How each row is read. `is_signed`: the amount's sign says credit or debit. `is_mended`: the file is our own
    download of rejected rows, which has an apostrophe before what a spreadsheet would take for a formula.
    """

    kind: Kind
    columns: tuple[Column, ...]
    width: int
    is_signed: bool
    is_mended: bool = False

    @property
    def fields(self) -> list[Field]:
        """The fields that the file fills."""
        return [column.field for column in self.columns if column.field]

    @property
    def keys(self) -> list[str]:
        """The JSON keys that the file fills."""
        return [column.key for column in self.columns if column.key]

    def column_of(self, field: str) -> str:
        """The name of the column that fills the field, or "" if none does."""
        return next(
            (column.name for column in self.columns if column.field and column.field.key == field), ""
        )


def guess(kind: Kind, header: Iterable[str]) -> dict[str, str]:
    """Column to field by name; others are kept as custom data or metadata, where the kind has it."""
    simple = {name: re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") for name in header}
    mapping = {name: kept_as(kind, name) for name in simple}
    for field in kind.fields:
        found = [name for known in field.heads for name, plain in simple.items() if plain == known]
        free = [name for name in found if kind.field(mapping[name]) is None]
        if free:
            mapping[free[0]] = field.key
    return mapping


def kept_as(kind: Kind, name: str) -> str:
    """Where a column goes that fills no field: custom data or metadata under its name, or "" for nowhere."""
    if OURS.fullmatch(name) or not kind.extra:
        return ""
    key = re.sub(r"\.{2,}", ".", re.sub(r"[^A-Za-z0-9_.-]+", "_", name))
    return f"{kind.extra}.{key.strip('_.')[:KEY_LIMIT].strip('_.') or 'column'}"


def changed(
    kind: Kind, header: list[str], mapping: Mapping[str, str], wishes: Iterable[str]
) -> dict[str, str]:
    """The mapping with wishes as `column=field` in place; `column=` skips it. Raises BadMapping."""
    result, faults = dict(mapping), {}
    for wish in wishes:
        name, equals, target = (part.strip() for part in wish.partition("="))
        if name not in header:
            faults[name] = f"The file has no column “{name}”. It has: {', '.join(header)}."
        elif not equals:
            faults[name] = f"Write {name}=field."
        else:
            for other, value in result.items():
                if target and value == target and other != name:
                    result[other] = kept_as(kind, other)
            result[name] = target
    if faults:
        raise BadMapping(faults)
    return result


def plan(
    kind: Kind, header: list[str], mapping: Mapping[str, str], types: Mapping[str, str], setting: Setting
) -> Plan:
    """The columns in use with their parsers. `types` are the declared types of JSON keys. Raises BadMapping."""
    check(kind, header, mapping)
    targets = [(index, name, mapping.get(name, "")) for index, name in enumerate(header)]
    is_signed = "direction" not in mapping.values()
    columns = []
    for index, name, target in targets:
        field = kind.field(target)
        if field and field.key == "amount" and is_signed:
            field = replace(field, parser=lambda _: values.amount(is_signed=True))
        if field:
            columns.append(Column(index, name, field.parser(setting), field))
        elif target:
            key = target.removeprefix(f"{kind.extra}.")
            columns.append(Column(index, name, values.custom(types.get(key, "text")), key=key))
    is_mended = len([name for name in header if OURS.fullmatch(name)]) == OF_OURS
    return Plan(kind, tuple(columns), len(header), is_signed, is_mended)


def check(kind: Kind, header: list[str], mapping: Mapping[str, str]) -> None:
    """Raises BadMapping for a field filled twice, one that does not exist, a required one that is missing."""
    faults: dict[str, str] = {}
    times = Counter(target for target in mapping.values() if target)
    for name, target in mapping.items():
        if name not in header:
            faults[name] = f"The file has no column “{name}”."
        elif times[target] > 1:
            faults[name] = f"Two columns fill {target}. Choose one of them."
        elif target and kind.field(target) is None and not _is_extra(kind, target):
            fields = ", ".join(field.key for field in kind.fields)
            faults[name] = f"There is no field “{target}”. There are {fields}{_or_extra(kind)}."
    faults |= {
        name: f"{target} can't be a value and hold others at once. Choose another key."
        for name, target in mapping.items()
        if any(other.startswith(f"{target}.") for other in times)
    }
    missing = [
        f"“{field.label}” ({field.key})"
        for field in kind.fields
        if field.is_required and field.key not in times
    ]
    if missing:
        faults[""] = f"No column fills {', '.join(missing)}. Choose the column that does."
    if faults:
        raise BadMapping(faults)


def _is_extra(kind: Kind, target: str) -> bool:
    start, _, key = target.partition(".")
    return bool(kind.extra) and start == kind.extra and len(key) <= KEY_LIMIT and bool(KEY.fullmatch(key))


def _or_extra(kind: Kind) -> str:
    return f", and {kind.extra}.<key> for anything else" if kind.extra else ""


def declared_types(attributes: Iterable[Attribute]) -> dict[str, str]:
    """Key to type of declared attributes; "short" for a text of which an index is kept."""
    return {one.key: "short" if one.is_short else one.type for one in attributes}
