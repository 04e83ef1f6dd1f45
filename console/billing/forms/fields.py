"""Fields that several forms of billing have: amounts, days, currencies."""

from typing import Any

from django import forms

from console.currencies import CURRENCIES
from console.filters import AmountField


def amount(label: str, help_text: str = "") -> AmountField:
    """An amount of money as people write it."""
    box = forms.TextInput(attrs={"inputmode": "decimal", "class": "num"})
    return AmountField(label=label, widget=box, help_text=help_text, max_digits=28, decimal_places=8)


def day(label: str, help_text: str = "") -> forms.DateField:
    """A local date, left out if it is not known."""
    box = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=False, widget=box, help_text=help_text)


def currencies(organization: Any, present: str = "") -> list[tuple[str, str]]:
    """The three-letter codes of what the organization's ledgers count in, its base currency among them.

    A record that came by a file or the API may have another one at `present`: it stays among them.
    """
    codes = organization.assets.order_by("code").values_list("code", flat=True).distinct()
    found = {
        organization.base_currency,
        *filter(None, [present]),
        *(code for code in codes if code in CURRENCIES),
    }
    return [(code, code) for code in sorted(found)]
