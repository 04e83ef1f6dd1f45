"""Metadata as rows: what they become, what is refused, and the buttons that work without script."""

from typing import Any

import pytest
from django import forms
from django.http import QueryDict

from console.metadata import MetadataField
from console.wording import Form


class Sheet(Form):
    metadata = MetadataField()


def sheet(*rows: tuple[str, str, str], redraw: str = "") -> Sheet:
    data = QueryDict(mutable=True)
    for key, kind, value in rows:
        for part, said in (("key", key), ("kind", kind), ("value", value)):
            data.appendlist(f"metadata-{part}", said)
    if redraw:
        data["redraw"] = redraw
    return Sheet(data)


def test_rows_become_what_json_has() -> None:
    form = sheet(
        ("a", "text", "10"),
        ("b", "number", "10"),
        ("c", "number", "0.5"),
        ("d", "yes", "No"),
        ("", "text", ""),
    )
    assert form.is_valid()
    assert form.cleaned_data["metadata"] == {"a": "10", "b": 10, "c": 0.5, "d": False}


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (("é" * 51, "text", "x"), "A key has at most 100 bytes. This one has 102"),
        (("k", "text", "x" * 2001), "A value has at most 2,000 bytes. This one has 2,001."),
        (("k", "number", "many"), "Write a number such as 1000"),
        (("k", "number", "nan"), "A number has at most 15 digits"),
        (("k", "number", "1234567890123456"), "A number has at most 15 digits"),
        (("k", "yes", "maybe"), "Write yes or no."),
        (("", "text", "x"), "Write the key, or remove the entry."),
        (("k\0", "text", "x"), "There is a character in it that can’t be kept."),
        (("first", "text", "x"), "The key “first” stands above already."),
    ],
)
def test_what_can_not_be_is_said_in_its_row(row: tuple[str, str, str], fault: str) -> None:
    form = sheet(("first", "text", "1"), row)
    assert not form.is_valid()
    assert form.errors["metadata"] == ["There is something to put right in entry 2."]
    html = str(form["metadata"])
    assert fault in html
    assert html.count('aria-invalid="true"') == 1


def test_limits_themselves_are_within() -> None:
    assert sheet(("é" * 50, "text", "x" * 2000)).is_valid()


def shown(form: forms.Form) -> list[str]:
    return [row.key for row in form["metadata"].value()]


def test_buttons_add_and_remove_a_row() -> None:
    rows = (("a", "text", "1"), ("b", "text", "2"), ("c", "text", "3"))
    assert shown(sheet(*rows, redraw="metadata:add")) == ["a", "b", "c", ""]
    assert shown(sheet(*rows, redraw="metadata:remove:1")) == ["a", "c"]
    assert shown(sheet(*rows, redraw="metadata:remove:x")) == ["a", "b", "c"]


def test_what_rows_can_not_show_stays() -> None:
    form = sheet(("a", "text", "1"))
    field: Any = form.fields["metadata"]
    field.unshown = {"deep": {"er": 1}}
    assert form.is_valid()
    assert form.cleaned_data["metadata"] == {"deep": {"er": 1}, "a": "1"}
