"""Choosing one of very many: words find the first few, of which one is chosen. Works without script."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet, Value
from django.db.models.lookups import Contains
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from console.organizations.fields import Fold

FOUND = 10


def named(rows: "QuerySet[Any]", words: str) -> "QuerySet[Any]":
    """Those rows that have the words in their name, whatever the case and accents."""
    return rows.filter(Contains(Fold("name"), Fold(Value(words))))


@dataclass(frozen=True)
class Picked:
    """What was sent: the key of what is chosen, "" for none, and the words that were looked for."""

    key: str = ""
    words: str = ""


@dataclass(frozen=True)
class Source:
    """What there is to choose: the rows, those of them that match words, and how one is called."""

    rows: "QuerySet[Any]"
    matching: "Callable[[QuerySet[Any], str], QuerySet[Any]]"
    called: Callable[[Any], str] = str

    def get(self, key: str) -> Any:
        """The row of that key; None where it is no key of one."""
        try:
            return self.rows.filter(pk=key).first() if key else None
        except (ValidationError, ValueError):
            return None

    def found(self, words: str) -> list[Any]:
        """The first that match, one more than are shown; without words all of them, where they are few."""
        some = list((self.matching(self.rows, words) if words else self.rows)[: FOUND + 1])
        return some if words or len(some) <= FOUND else []


class PickWidget(forms.Widget):
    """A search box over radio buttons. `url` is where the form that it stands in is drawn, by `verb`."""

    use_fieldset = True
    template = "components/pick.html"
    source: Source
    url = ""
    verb = "post"

    def __init__(self, find: str, none: str) -> None:
        super().__init__()
        self.find, self.none = find, none

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Picked:
        return Picked(data.get(name, ""), data.get(f"{name}-q", "").replace("\0", "").strip()[:200])

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        return SafeString(render_to_string(self.template, self.said(name, value, attrs)))

    def said(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """What its template draws."""
        picked = value if isinstance(value, Picked) else Picked(str(getattr(value, "pk", value) or ""))
        chosen, found = self.source.get(picked.key), self.source.found(picked.words)
        rows = [row for row in found[:FOUND] if row != chosen]
        return {
            "name": name,
            "id": (attrs or {}).get("id", name),
            "find": self.find,
            "none": self.none,
            "url": self.url,
            "verb": self.verb,
            "words": picked.words,
            "chosen": (str(chosen.pk), self.source.called(chosen)) if chosen else None,
            "rows": [(str(row.pk), self.source.called(row)) for row in rows],
            "is_more": len(found) > FOUND,
        }


class PickField(forms.Field):
    """Gives the chosen row or None. Its form says what there is to choose: `console.sheets.RecordForm.offers`."""

    widget: Any

    def __init__(self, *, find: str, none: str, required: bool = False, **options: Any) -> None:
        super().__init__(widget=PickWidget(find, none), required=required, **options)

    def clean(self, value: Any) -> Any:
        """Raises ValidationError for what is not offered, and for words without a choice."""
        row = self.widget.source.get(value.key)
        if value.key and row is None:
            raise ValidationError("What was chosen is not there any more. Look for another.")
        if row is None and value.words:
            raise ValidationError(
                f"You looked for “{value.words}” and chose none. Choose one, or empty the search."
            )
        if row is None and self.required:
            raise ValidationError(f"Choose the {str(self.label).lower()}.")
        return row
