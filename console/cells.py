"""The cells of a list, written by functions and not by a template: fifty rows of ten cells must not cost 30 ms.

Every function escapes what it is given and returns HTML; `Html` carries it past the template's own escaping.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.html import format_html
from django.utils.safestring import SafeString

from console.columns import Column, Figure
from console.templatetags.console import (
    NOTHING,
    count,
    day,
    is_negative,
    local_day,
    relative,
    time_element,
)
from console.templatetags.console import amount as digits


@dataclass(frozen=True)
class Html:
    """Text that is HTML already."""

    text: str

    def __html__(self) -> str:
        return self.text


def row_of_cells(row: Any, columns: Sequence[Column], now: datetime, zone: ZoneInfo) -> SafeString:
    """All cells of a row, as `columns` say. Moments are told from `now` in `zone`."""
    return format_html("{}", Html("".join(cell(column, row, now, zone) for column in columns)))


def picked(row: Any, *, is_all: bool) -> SafeString:
    """The box in front of a row; ticked for good where all are picked."""
    said = " checked disabled" if is_all else ""
    box = '<td class="box-cell"><input type="checkbox" name="pk" value="{}" aria-label="Pick {}"{}></td>'
    return format_html(box, row.pk, str(row), Html(said))


def cell(column: Column, row: Any, now: datetime, zone: ZoneInfo) -> str:
    """One cell; the one with the name is the head of its row."""
    value = column.value(row)
    if column.kind == "name":
        return f'<th scope="row"><a href="{escape(row.get_absolute_url())}">{escape(str(value))}</a></th>'
    if column.kind == "moment":
        return f"<td>{time_element(value, relative(value, now, zone), zone) if value else NOTHING}</td>"
    if column.kind == "money":
        return amount(value, column.currency(row))
    if column.kind == "since":
        return f"<td>{local_day(value, zone) if value else NOTHING}</td>"
    return DRAWN[column.kind](value)


def text(value: Any) -> str:
    return f"<td>{NOTHING if value is None else escape(str(value))}</td>"


def unbroken(words: str) -> str:
    """What stands on one line however narrow the table is: a date."""
    return f'<td class="unbroken">{words}</td>'


def code(value: Any) -> str:
    return f'<td><span class="mono">{escape(str(value))}</span></td>'


def number(value: Any) -> str:
    return f'<td class="num">{escape(count(value))}</td>'


def measure(value: Any) -> str:
    """A number with its unit, written already."""
    return f'<td class="num">{escape(str(value)) or NOTHING}</td>'


def figure(value: Figure) -> str:
    """A count as components/count.html has it, red where it is bad news, with a link where it leads on."""
    marks = {"exact": "exact", "estimate": "estimate", "old": "stale"}
    if value.sure == "none":
        inside = f'<span class="uncounted">{NOTHING}<span class="visually-hidden"> not counted</span></span>'
    else:
        inside = escape(f"≈ {count(value.value)}" if value.sure == "estimate" else count(value.value))
        inside = f'<span class="{marks[value.sure]}">{inside}</span>' if value.sure else inside
    inside = f'<a href="{escape(value.url)}">{inside}</a>' if value.url else inside
    return f'<td class="num{" negative" if value.is_bad else ""}">{inside}</td>'


def amount(value: Any, currency: str) -> str:
    """Money with the decimals of its currency, which another cell or the head names; what is below zero is red."""
    return f'<td class="num{" negative" if is_negative(value) else ""}">{digits(value, currency)}</td>'


def badge(value: tuple[str, str]) -> str:
    """A (word, tone) as components/badge.html has it."""
    return badges([value])


def badges(value: Sequence[tuple[str, str]]) -> str:
    """Several of them beside each other."""
    spans = (f'<span class="{f"badge {tone}".strip()}">{escape(word)}</span>' for word, tone in value)
    return f"<td>{' '.join(spans)}</td>"


def links(value: Sequence[tuple[str, str]]) -> str:
    """Words with their addresses; those without one are said small."""
    return f"<td>{', '.join(link(words, url) for words, url in value)}</td>"


def link(words: str, url: str) -> str:
    if not url:
        return f'<span class="hint">{escape(words)}</span>'
    return f'<a class="plain" href="{escape(url)}">{escape(words)}</a>'


def told(value: tuple[str, str, Sequence[tuple[str, str]]]) -> str:
    """What happened, as the head of its row; what else belongs to it is folded below."""
    words, url, others = value
    folded = "".join(f"<li>{link(*other)}</li>" for other in others)
    number = f"{len(others)} row{'s' if len(others) > 1 else ''} more"
    more = f"<details><summary>{number}</summary><ul>{folded}</ul></details>" if others else ""
    return f'<th scope="row"><div class="told"><a href="{escape(url)}">{escape(words)}</a>{more}</div></th>'


DRAWN: dict[str, Callable[[Any], str]] = {
    "text": text,
    "code": code,
    "number": number,
    "measure": measure,
    "figure": figure,
    "day": lambda value: unbroken(day(value)),
    "badge": badge,
    "badges": badges,
    "links": links,
    "told": told,
}
