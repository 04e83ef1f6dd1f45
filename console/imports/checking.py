"""A batch column by column: what can be staged, and for each row that can't its line, column, value and reason.

Each distinct value of a column is read once, so columns of few values (countries, dates, directions) cost next to
nothing, and no row is touched in Python unless it is wrong.
"""

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import compress

from console.exports import unquoted
from console.imports.mapping import Column, Plan
from console.imports.reader import Batch, Broken
from console.imports.values import STRANGE, UNSEEN, BadValue

HIDDEN = re.compile(f"{STRANGE.pattern}|{UNSEEN.pattern}")
VALUE_LIMIT = 500
CELL_LIMIT = 2_000
EMPTY = "The cell is empty. Every row needs a value here."
HEADER_AGAIN = "This is the header again, as when files are put one after the other. Remove the line."
Cells = list["str | None"]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that is not taken."""

    line: int
    column: str
    value: str
    reason: str
    cells: Sequence[str]


@dataclass(slots=True)
class Checked:
    """Rows that can be staged, as columns of text for COPY, and the others."""

    lines: list[int]
    columns: dict[str, Cells]
    rejected: list[Rejected] = field(default_factory=list)


def check(plan: Plan, header: list[str], batch: Batch) -> Checked:
    """Read every cell that the plan uses."""
    rejected = [_broken(row) for row in batch.broken]
    lines, rows = _of_right_width(plan, header, batch, rejected)
    if not rows:
        return Checked([], {}, rejected)
    by_column = list(zip(*rows, strict=True))
    read: list[Cells] = []
    faults: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    for column in plan.columns:
        values = by_column[column.index]
        known, bad = _distinct(column, values, is_mended=plan.is_mended)
        if bad:
            for number, value in enumerate(values):
                if value in bad:
                    faults[number].append((column.name, value, bad[value]))
        read.append([known.get(value) for value in values])
    for number, found in faults.items():
        rejected.append(_rejected(lines[number], found, rows[number]))
    if faults:
        keep = [number not in faults for number in range(len(rows))]
        lines = list(compress(lines, keep))
        read = [list(compress(cells, keep)) for cells in read]
    return Checked(lines, _columns(plan, read), rejected)


def _of_right_width(
    plan: Plan, header: list[str], batch: Batch, rejected: list[Rejected]
) -> tuple[list[int], list[list[str]]]:
    """The rows with as many cells as the header; the others are put into `rejected`."""
    lines, rows = batch.lines, batch.rows
    wrong = {
        number
        for number, row in enumerate(rows)
        if len(row) != plan.width or (row[0].lstrip("\ufeff") == header[0] and row[1:] == header[1:])
    }
    if not wrong:
        return lines, rows
    for number in wrong:
        row = rows[number]
        cells = f"{len(row)} cell{'s' * (len(row) != 1)}"
        extra = row[plan.width] if len(row) > plan.width else ""
        reason = f"The row has {cells}, the header {plan.width}. Check the delimiters and quotes."
        if len(row) == plan.width:
            extra, reason = row[0], HEADER_AGAIN
        rejected.append(Rejected(lines[number], "", extra, reason, row))
    keep = [number not in wrong for number in range(len(rows))]
    return list(compress(lines, keep)), list(compress(rows, keep))


def _distinct(
    column: Column, values: Sequence[str], *, is_mended: bool
) -> tuple[dict[str, "str | None"], dict[str, str]]:
    """Each distinct value read, and the reasons against those that can't be."""
    known: dict[str, str | None] = {}
    bad: dict[str, str] = {}
    parse = column.parse
    needs_value = column.field is not None and (column.field.is_required or column.field.is_never_empty)
    for value in set(values):
        try:
            known[value] = found = parse(unquoted(value) if is_mended else value)
        except BadValue as fault:
            bad[value] = str(fault)
        else:
            if needs_value and not found:
                bad[value] = EMPTY
    return known, bad


def _broken(row: Broken) -> Rejected:
    text = row.text.rstrip("\r\n")
    return Rejected(row.line, "", text, row.reason, [text])


def _rejected(line: int, found: list[tuple[str, str, str]], cells: Sequence[str]) -> Rejected:
    (column, value, reason), *others = found
    more = "".join(f" Also {name}: {why}" for name, _, why in others)
    return Rejected(line, column, value, reason + more, cells)


def _columns(plan: Plan, read: list[Cells]) -> dict[str, Cells]:
    """Name each column as it is staged; those without a field become one of JSON objects."""
    columns: dict[str, Cells] = {}
    extra: dict[str, Cells] = {}
    for column, cells in zip(plan.columns, read, strict=True):
        if column.field:
            columns[column.field.key] = cells
        else:
            extra[column.key] = cells
    if extra:
        columns["extra"] = [value or "{}" for value in objects(extra)]
    if plan.is_signed and (amounts := columns.get("amount")):
        columns["direction"] = ["debit" if amount and amount[0] == "-" else "credit" for amount in amounts]
        columns["amount"] = [amount and amount.lstrip("-") for amount in amounts]
    return columns


def objects(columns: dict[str, Cells]) -> Cells:
    """JSON objects row by row, from columns of JSON values; `a.b` becomes an object in an object, empty ones None."""
    groups: dict[str, dict[str, Cells]] = defaultdict(dict)
    for key, cells in columns.items():
        top, _, rest = key.partition(".")
        groups[top][rest] = cells
    parts = []
    for top, members in groups.items():
        cells = members[""] if "" in members else objects(members)
        head = f"{json.dumps(top)}:"
        parts.append([value and head + value for value in cells])
    joined = (",".join(filter(None, row)) for row in zip(*parts, strict=True))
    return [f"{{{row}}}" if row else None for row in joined]


def visible(text: str) -> str:
    """A value as people can see it: characters without a shape as their codes."""
    text = shown(text, VALUE_LIMIT)
    return HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)[:VALUE_LIMIT]


def shown(text: str, limit: int) -> str:
    """Text that can be stored and shown: strange bytes escaped, cut at `limit`."""
    text = text if len(text) <= limit else f"{text[: limit - 1]}…"
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace").replace("\0", "\\x00")
