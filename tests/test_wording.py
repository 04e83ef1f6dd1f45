"""Forms say what to write or choose, by the field's name: none lets Django's stock sentences through."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise

from alerts.filtersets import AlertFilters
from console.wording import Form, Worded, word

OURS = ("alerts", "communications", "console", "segments")
for module in (
    "alerts.forms",
    "communications.forms",
    "console.gallery",
    "console.imports.forms",
    "segments.forms",
):
    import_module(module)
WRONG: list[Any] = [
    "",
    None,
    "x" * 300_000,
    "\0",
    "-1",
    "1e9",
    "12.345678901",
    "two words",
    "a@",
    "1.2.3",
    object(),
]


def form_classes(base: Any = forms.BaseForm) -> Iterator[Any]:
    """Every form of ours below `base`; what has no fields of its own yet is a part that forms are made of."""
    for child in base.__subclasses__():
        is_ours = child.__module__.split(".")[0] in OURS and child.__module__ != Form.__module__
        if is_ours and hasattr(child, "base_fields"):
            yield child
        yield from form_classes(child)


def said_of(field: forms.Field) -> Iterator[Any]:
    """Every message that `field` gives for a wrong value, before it is put together."""
    # Nobody can choose a NUL, and a list of rows refuses it before it looks for words.
    for value in [wrong for wrong in WRONG if wrong != "\0" or not isinstance(field, forms.ModelChoiceField)]:
        try:
            field.clean(value) if not isinstance(field, forms.FileField) else field.clean(value, None)
        except ValidationError as fault:
            yield from (each.message for each in fault.error_list)
        except (TypeError, ValueError, AttributeError):
            continue


def test_every_form_of_the_console_is_worded() -> None:
    found = set(form_classes())
    assert len(found) >= 12
    assert [form for form in found if not issubclass(form, Worded)] == []
    assert issubclass(AlertFilters._meta.form, Worded)


@pytest.mark.parametrize("form", sorted(set(form_classes()), key=lambda form: str(form)))
def test_no_stock_sentence_is_left(form: Any) -> None:
    for name, field in deepcopy(form.base_fields).items():
        word(field, str(field.label or name))
        stock = [said for said in said_of(field) if isinstance(said, Promise)]
        assert stock == [], f"{form.__name__}.{name}"
        assert not [code for code, said in field.error_messages.items() if isinstance(said, Promise)], name


class Everything(Form):
    name = forms.CharField(max_length=5)
    sender_address = forms.EmailField()
    HTML = forms.CharField(label="HTML")
    days = forms.IntegerField(min_value=1, max_value=3650)
    share = forms.DecimalField(max_digits=4, decimal_places=2, min_value=0)
    segment = forms.ChoiceField(choices=[("a", "A")])
    booked_on = forms.DateField()
    file = forms.FileField()
    agreed = forms.BooleanField(label="that you read it", required=True)
    own = forms.CharField(error_messages={"required": "Give it a name."})


def test_empty_fields_say_what_to_enter() -> None:
    assert {name: errors[0] for name, errors in Everything({}).errors.items()} == {
        "name": "Write the name.",
        "sender_address": "Write the sender address in full, such as name@bank.example.",
        "HTML": "Write the HTML.",
        "days": "Write the days as a whole number from 1 to 3,650.",
        "share": "Write the share as a number.",
        "segment": "Choose the segment.",
        "booked_on": "Write the booked on as a date such as 2026-11-22.",
        "file": "Choose a file.",
        "agreed": "Tick that you read it to go on.",
        "own": "Give it a name.",
    }


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "too long", "Write at most 5 characters. There are 8."),
        ("name", "a\0", "There is a character in it that can’t be kept. Write it again by hand."),
        ("sender_address", "me", "Write the sender address in full, such as name@bank.example."),
        ("days", "0", "Write the days as a whole number from 1 to 3,650."),
        ("days", "many", "Write the days as a whole number from 1 to 3,650."),
        ("share", "-1", "Write a number of 0 or more."),
        ("share", "1.234", "Write at most 2 decimals."),
        ("segment", "b", "What was chosen for “segment” is not offered now. Choose another."),
        ("booked_on", "soon", "Write the booked on as a date such as 2026-11-22."),
    ],
)
def test_what_can_not_be_read_says_how_it_is_written(field: str, value: str, words: str) -> None:
    assert Everything({field: value}).errors[field] == [words]


def test_what_can_be_read_is_left_alone() -> None:
    form = Everything({"booked_on": "2026-11-22", "days": "7"})
    assert not form.errors.keys() & {"booked_on", "days"}
    assert form.cleaned_data["booked_on"] == date(2026, 11, 22)
