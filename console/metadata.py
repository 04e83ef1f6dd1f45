"""Metadata as staff write them: rows of a key, a kind and a value, which become one flat JSON object.

The limits are those of Midaz, for its API as well: a key of 100 bytes, a value of 2,000 bytes in writing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from math import isfinite
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

KEY_BYTES, VALUE_BYTES = 100, 2000
KINDS = {"text": "Text", "number": "Number", "yes": "Yes or no"}
YES = {"yes": True, "no": False, "true": True, "false": False}
EXACT = 15  # digits that a number in JSON surely keeps


@dataclass(frozen=True)
class Row:
    """One entry as it is written; `fault` is what to put right in it."""

    key: str = ""
    kind: str = "text"
    value: str = ""
    fault: str = ""

    @property
    def is_blank(self) -> bool:
        return not self.key and not self.value

    def judged(self, others: Sequence["Row"]) -> "Row":
        """With its fault, "" where it has none; `others` are the rows above it."""
        return replace(self, fault=self._wrong(others))

    def _wrong(self, others: Sequence["Row"]) -> str:
        if self.is_blank:
            return ""
        if "\0" in self.key + self.value:
            return "There is a character in it that can’t be kept. Write it again by hand."
        if not self.key:
            return "Write the key, or remove the entry."
        if (size := len(self.key.encode())) > KEY_BYTES:
            return f"A key has at most {KEY_BYTES} bytes. This one has {size}; letters with accents count as two."
        if any(other.key == self.key for other in others):
            return f"The key “{self.key}” stands above already."
        if (size := len(self.value.encode())) > VALUE_BYTES:
            return f"A value has at most {VALUE_BYTES:,} bytes. This one has {size:,}."
        if self.kind == "yes" and self.value.casefold() not in YES:
            return "Write yes or no."
        return self._wrong_number() if self.kind == "number" else ""

    def _wrong_number(self) -> str:
        try:
            number = float(self.value)
        except ValueError:
            return "Write a number such as 1000 or 0.5, or make it a text."
        if not isfinite(number) or sum(sign.isdigit() for sign in self.value) > EXACT:
            return f"A number has at most {EXACT} digits. Make it a text to keep every digit."
        return ""

    def read(self) -> Any:
        """The value as JSON has it."""
        if self.kind == "yes":
            return YES[self.value.casefold()]
        if self.kind == "number":
            number = float(self.value)
            return int(number) if number.is_integer() and "." not in self.value else number
        return self.value


def as_row(key: str, value: Any) -> Row:
    """A kept entry as a row."""
    if isinstance(value, bool):
        return Row(key, "yes", "yes" if value else "no")
    return Row(key, "text" if isinstance(value, str) else "number", str(value))


def is_plain(value: Any) -> bool:
    """Whether rows can show the value; imports may also bring lists and objects."""
    return isinstance(value, str | int | float)


def in_words(metadata: dict[str, Any]) -> list[tuple[str, str]]:
    """Keys and values for components/pairs.html."""
    return [
        (key, as_row(key, value).value if is_plain(value) else str(value))
        for key, value in sorted(metadata.items())
    ]


class MetadataWidget(forms.Widget):
    """The rows, with a button that adds one and one in each that removes it; both work without script."""

    use_fieldset = True
    is_judged = False

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Row]:
        """The rows that were sent, changed as the button `redraw` asks."""
        if not hasattr(data, "getlist"):
            return []
        parts = (data.getlist(f"{name}-{part}") for part in ("key", "kind", "value"))
        rows = [
            Row(key.strip(), kind if kind in KINDS else "text", value.strip())
            for key, kind, value in zip_longest(*parts, fillvalue="")
        ]
        field, _, asked = data.get("redraw", "").partition(":")
        if field == name and asked == "add":
            rows.append(Row())
        if field == name and asked.startswith("remove:") and asked[7:].isdecimal():
            rows = [row for number, row in enumerate(rows) if number != int(asked[7:])]
        return rows

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        if isinstance(value, dict):
            value = [as_row(key, each) for key, each in sorted(value.items()) if is_plain(each)]
        rows: list[Row] = list(value or ())
        if self.is_judged:
            rows = [row.judged(rows[:number]) for number, row in enumerate(rows)]
        context = {"rows": rows, "name": name, "kinds": KINDS, "id": (attrs or {}).get("id", name)}
        return SafeString(render_to_string("components/metadata.html", context))


class MetadataField(forms.Field):
    """Gives a flat dict. Entries of the initial dict that rows can't show stay as they are."""

    widget: Any = MetadataWidget

    def __init__(self) -> None:
        super().__init__(label="Metadata", required=False, help_text="Facts of your own, by their keys.")
        self.unshown: dict[str, Any] = {}

    def keep_unshown(self, kept: dict[str, Any]) -> None:
        """Let those of the `kept` entries stay that rows can't show."""
        self.unshown = {key: value for key, value in kept.items() if not is_plain(value)}

    def clean(self, value: Any) -> dict[str, Any]:
        """Raises ValidationError that says in which entries something is to be put right."""
        rows: list[Row] = value
        faulty = [number for number, row in enumerate(rows) if row.judged(rows[:number]).fault]
        if faulty:
            self.widget.is_judged = True
            what = f"entry {faulty[0] + 1}" if len(faulty) == 1 else f"{len(faulty)} entries"
            raise ValidationError(f"There is something to put right in {what}.")
        return self.unshown | {row.key: row.read() for row in rows if not row.is_blank}
