"""What a form says of a field that can't be read: what to write or choose, by the field's name, in our own words."""

from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict, pretty_name
from django.utils.functional import Promise

ANY = {
    "null_characters_not_allowed": "There is a character in it that can’t be kept. Write it again by hand."
}


class Worded(forms.BaseForm):
    """Stands before Django's in every form: its faults are told in the house's words. A field's own words stay."""

    def full_clean(self) -> None:
        for name, field in self.fields.items():
            word(field, str(field.label or pretty_name(name)))
        super().full_clean()


class Redrawn(forms.BaseForm):
    """Stands before another form: sent by a button called `redraw`, such as "metadata:add", nothing in it is judged."""

    @property
    def is_redrawn(self) -> bool:
        """Whether the form is asked for again with one thing changed, not sent."""
        return self.is_bound and bool(self.data.get("redraw"))

    def is_valid(self) -> bool:
        return not self.is_redrawn and super().is_valid()

    def full_clean(self) -> None:
        if not self.is_redrawn:
            return super().full_clean()
        self._errors, self.cleaned_data = ErrorDict(), {}
        return None


class Form(Worded, forms.Form):
    """A form of the console."""


class ModelForm(Worded, forms.ModelForm):
    """A form of the console about one row."""


def word(field: forms.Field, label: str) -> None:
    """Give `field` words in place of those that Django brings."""
    own = {code: said for code, said in field.error_messages.items() if not isinstance(said, Promise)}
    field.error_messages = {**field.error_messages, **ANY, **words(field, in_sentence(label)), **own}
    if isinstance(field, forms.ModelChoiceField):
        field.to_python = partial(row_of, field)  # type: ignore[method-assign]  # this field alone: Django makes those of models


def row_of(field: "forms.ModelChoiceField[Any]", value: Any) -> Any:
    """The row that was chosen. What can't be an id of one is told as what is not offered; Django tells its type."""
    try:
        return type(field).to_python(field, value)
    except ValidationError as fault:
        raise ValidationError(field.error_messages["invalid_choice"], code="invalid_choice") from fault


def words(field: forms.Field, what: str) -> dict[str, str]:
    """What to say of each fault that `field` can have; `what` is its name within a sentence."""
    if isinstance(field, forms.FileField):
        return about_file()
    if isinstance(field, forms.BooleanField):
        return {"required": f"Tick {what} to go on."}
    if isinstance(field, forms.ChoiceField):
        return about_choice(what)
    if isinstance(field, forms.IntegerField):
        return about_number(field, what)
    said = f"Write the {what}{example(field)}."
    return {
        "required": said,
        **({"invalid": said} if is_of_a_form(field) else {}),
        **about_length(field),
    }


def about_file() -> dict[str, str]:
    again = "The file did not arrive. Choose it again."
    return {
        "required": "Choose a file.",
        "invalid": again,
        "missing": again,
        "empty": "The file is empty. Choose another.",
        "contradiction": "Choose a file, or have the present one removed, not both.",
        "max_length": "The file’s name is longer than %(max)d characters. Rename it and choose it again.",
    }


def about_choice(what: str) -> dict[str, str]:
    other = f"What was chosen for “{what}” is not offered now. Choose another."
    return {
        "required": f"Choose the {what}.",
        "invalid_choice": other,
        "invalid_list": other,
        "invalid_pk_value": other,
    }


def about_number(field: forms.IntegerField, what: str) -> dict[str, str]:
    """Whole numbers and amounts, with the range where both of its ends are known."""
    kind = "number" if isinstance(field, forms.DecimalField) else "whole number"
    low, high = field.min_value, field.max_value
    span = f" from {low:,} to {high:,}" if low is not None and high is not None else ""
    said = f"Write the {what} as a {kind}{span}."
    least = f"Write a {kind} of %(limit_value)s or more."
    most = f"Write a {kind} of %(limit_value)s or less."
    ranged = {"min_value": said if span else least, "max_value": said if span else most}
    digits = {
        "max_digits": "Write at most %(max)s digits.",
        "max_decimal_places": "Write at most %(max)s decimals.",
        "max_whole_digits": "Write at most %(max)s digits before the point.",
    }
    return {
        "required": said,
        "invalid": said,
        **{code: text for code, text in ranged.items() if getattr(field, code) is not None},
        **(digits if isinstance(field, forms.DecimalField) else {}),
    }


def about_length(field: forms.Field) -> dict[str, str]:
    """Limits that the field itself has."""
    said = {
        "max_length": "Write at most %(limit_value)d characters. There are %(show_value)d.",
        "min_length": "Write at least %(limit_value)d characters. There are %(show_value)d.",
    }
    return {code: text for code, text in said.items() if getattr(field, code, None) is not None}


def is_of_a_form(field: forms.Field) -> bool:
    """Whether the field itself refuses what is written wrong; elsewhere its validators bring their own words."""
    return "invalid" in field.error_messages or isinstance(field, forms.EmailField)


def example(field: forms.Field) -> str:
    """How one is written."""
    if isinstance(field, forms.EmailField):
        return " in full, such as name@bank.example"
    if isinstance(field, forms.URLField):
        return " in full, such as https://bank.example/letters"
    return " as a date such as 2026-11-22" if isinstance(field, forms.DateField) else ""


def in_sentence(label: str) -> str:
    """A label as it stands inside a sentence: “Sender name” is a sender name, “HTML” stays."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
