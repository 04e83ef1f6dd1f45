"""The rejected rows of a run as CSV: what was wrong, then the row as it came, to be mended and sent again."""

import csv
import re
from collections.abc import Iterator

from console.exports import BYTE_ORDER_MARK, Echo, quoted, unquoted
from console.imports.models import ImportRun

HEAD = ("rejected_line", "rejected_column", "rejected_value", "rejected_reason")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)


def cell(value: str) -> str:
    """A cell that can't start a formula; plain numbers stay numbers, a minus before them too.

    One that begins with an apostrophe as `quoted` puts it gets another: reading a mended file takes off one.
    """
    if NUMBER.fullmatch(value):
        return value
    return f"'{value}" if unquoted(value) != value else quoted(value)


def rejected_lines(run: ImportRun) -> Iterator[str]:
    """The lines of the file, read a thousand rows at a time."""
    writer = csv.writer(Echo())
    yield BYTE_ORDER_MARK
    yield writer.writerow([*HEAD, *map(cell, run.header)])
    for row in run.rejected_rows.order_by("line").iterator(chunk_size=1000):
        found = [str(row.line), cell(row.column), cell(row.value), row.reason]
        yield writer.writerow([*found, *map(cell, row.cells)])
