"""What every list's filters have in common: a fault shows itself and an empty list, never the whole one."""

import re
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms import DateInput, DecimalField, TextInput
from django.forms.utils import flatatt
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_filters import FilterSet
from django_filters.filters import DateFilter, NumberFilter

from console.cells import Html
from console.organizations.access import StaffRequest
from console.wording import Form

SPACES = str.maketrans("", "", " \u00a0\u202f")
GROUPED = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?")
# What an address says of one page of one list: it means nothing once the filters are others.
PLACE = ("after", "before", "picked")
AMOUNT = "Write a number such as 1,000.00, with a point before the decimals."
UNKNOWN = "“%(value)s” is not among the choices. Choose one of them, or none."


def passing(query: QueryDict) -> list[str]:
    """What an address says that is not of the list itself: its place, and words by which a choice was sought."""
    return [*PLACE, *(name for name in query if name.endswith("-q")), "redraw"]


def is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


class Select(forms.Select):
    """A select written at once: Django draws two templates for each option, 20 ms for two hundred.

    It keeps its name: components/filters.html asks for it.
    """

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = set(self.format_value(value))
        options = "".join(option(str(key), str(label), str(key) in chosen) for key, label in self.choices)
        given = flatatt(self.build_attrs(self.attrs, attrs))
        return format_html('<select name="{}"{}>{}</select>', name, given, Html(options))


def option(key: str, label: str, is_chosen: bool) -> str:
    """One choice of a select, as HTML."""
    return f'<option value="{escape(key)}"{" selected" if is_chosen else ""}>{escape(label)}</option>'


@dataclass(frozen=True)
class Meaning:
    """What a filter's value stands for at this moment, where that changes while the value stays.

    As JSON for an approval to be bound to, in words, and where it is read.
    """

    content: Any
    words: str
    url: str


class DayFilter(DateFilter):
    """A local date, asked for with the browser's own calendar."""

    def __init__(self, *args: Any, **options: Any) -> None:
        message = "Write a date such as 2026-11-22, or leave it out."
        super().__init__(
            *args,
            widget=DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            input_formats=["%Y-%m-%d"],
            error_messages={"invalid": message},
            **options,
        )


def grouped(amount: Decimal) -> str:
    """1,000.50 or 30: written as it is read back, with two decimals or more where there are any."""
    exponent = amount.normalize().as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return f"{amount:,.{max(places, 2) if places else 0}f}"


class AmountField(DecimalField):
    """Reads 1,000.00 and 1 000.00 as people write them.

    A comma anywhere else is refused: 1000,50 is a thousand and a half to some, and must not become 100,050.
    What is stored is shown the same way, without the zeros that only the column keeps.
    """

    default_error_messages = {"required": AMOUNT, "invalid": AMOUNT}

    def prepare_value(self, value: Any) -> Any:
        return grouped(value) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        plain = value.strip().translate(SPACES)
        if "," in plain and not GROUPED.fullmatch(plain):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(plain.replace(",", ""))


class AmountFilter(NumberFilter):
    """An amount of money, written with or without separators: 1,000.00."""

    field_class = AmountField

    def __init__(self, *args: Any, **options: Any) -> None:
        message = "Write an amount such as 1,000.00, or leave it out."
        super().__init__(
            *args,
            widget=TextInput(attrs={"inputmode": "decimal", "class": "num", "size": 10}),
            error_messages={"invalid": message},
            max_digits=28,
            decimal_places=8,
            **options,
        )


class ListFilters(FilterSet):
    """The filters of a list of one organization's rows. Subclasses declare them; `q` is the search box.

    What is `remembered` stays in force until an address has it empty; what is asked for seldom is `more`, in a menu.
    """

    request: StaffRequest
    remembered: tuple[str, ...] = ()
    more: tuple[str, ...] = ()

    class Meta:
        form = Form

    def __init__(
        self, request: StaffRequest, queryset: "QuerySet[Any]", asked: QueryDict | None = None
    ) -> None:
        """`asked`: the filters in force, those of the address unless others are given."""
        super().__init__(request.GET if asked is None else asked, queryset, request=request)
        self.declare_more()
        if "q" in self.filters:
            self.filters.move_to_end("q", last=False)

    def declare_more(self) -> None:
        """For choices that depend on the organization."""

    def get_form_class(self) -> Any:
        """The form, whose selects say in words what is wrong with a choice."""
        form = super().get_form_class()
        for field in form.base_fields.values():
            if type(field.widget) is forms.Select:
                field.widget = Select(field.widget.attrs, field.widget.choices)
            if "invalid_choice" in field.error_messages:
                field.error_messages = {**field.error_messages, "invalid_choice": UNKNOWN}
        return form

    @property
    def rows(self) -> "QuerySet[Any]":
        """The rows that match; none where a filter can't be read."""
        return self.qs if self.form.is_valid() else self.queryset.none()

    @property
    def is_more_at_fault(self) -> bool:
        """Whether something in the menu is to be put right."""
        return any(name in self.form.errors for name in self.more)

    @property
    def faults(self) -> list[dict[str, str]]:
        """What to put right, for components/errors.html."""
        return [
            {"text": f"{self.form.fields[name].label}: {error}", "url": f"#{self.form[name].auto_id}"}
            for name, errors in self.form.errors.items()
            for error in errors
        ]

    @property
    def is_filtering(self) -> bool:
        """Whether the list is less than everything."""
        return any(self.data.get(name) for name in self.filters)

    def chips(self) -> list[dict[str, Any]]:
        """The filters in force but the search, each with the address of the list without it."""
        if not self.form.is_valid():
            return []
        return [
            {
                "name": name,
                "label": self.form.fields[name].label,
                "value": self.written(name, value),
                "url": self.without(name),
            }
            for name, value in self.form.cleaned_data.items()
            if name != "q" and value not in (None, "", [])
        ]

    def written(self, name: str, value: Any) -> str:
        """A filter's value in the words of its choices."""
        if isinstance(value, Model):
            return str(value)
        choices: dict[Any, Any] = dict(getattr(self.form.fields[name], "choices", None) or [])
        return str(choices.get(value, value))

    def without(self, *names: str) -> str:
        """The address of the list without these filters, from its first page."""
        query: QueryDict = self.request.GET.copy()
        for name in (*names, *passing(query)):
            if query.pop(name, [""])[-1] and name in self.remembered:
                query[name] = ""
        return f"?{query.urlencode()}"

    def clear(self) -> str:
        """The address of the list without any filter; sort, size and columns stay."""
        return self.without(*self.filters)
