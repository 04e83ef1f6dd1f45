"""Lists as CSV files, streamed: a million rows leave in constant memory, and no cell can start a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import StreamingHttpResponse

from console.columns import Column

# What a spreadsheet may take for the beginning of a formula (OWASP, CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"


class Echo:
    """A file that hands back what is written to it, so that the csv module can stream."""

    def write(self, text: str) -> str:
        return text


def quoted(value: Any) -> str:
    """A value as a cell: numbers and times for machines, text with an apostrophe before what could be a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


def unquoted(text: str) -> str:
    """What stands there without one apostrophe before what could be a formula."""
    return text[1:] if text.startswith("'") and text.lstrip("'").lstrip(" ").startswith(FORMULA) else text


def plain(column: Column, value: Any) -> Any:
    """What a cell of the page says, as one value."""
    if column.kind == "badge" and value:
        return value[0]
    if column.kind in ("links", "badges") and value is not None:
        return ", ".join(words for words, _ in value)
    if column.kind == "figure":
        return value.value
    return value


def lines(rows: Iterable[Any], columns: Sequence[Column]) -> Iterator[str]:
    """The lines of the file: a head of labels, then each row. Begins with a mark by which Excel knows UTF-8."""
    writer = csv.writer(Echo())
    yield BYTE_ORDER_MARK
    yield writer.writerow([quoted(column.label) for column in columns])
    for row in rows:
        yield writer.writerow([quoted(plain(column, column.value(row))) for column in columns])


def csv_response(name: str, rows: Iterable[Any], columns: Sequence[Column]) -> StreamingHttpResponse:
    """A download `name`.csv of `rows`, sent while they are read."""
    response = StreamingHttpResponse(lines(rows, columns), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
