"""Monitors."""

from typing import Any

from django import forms

from console.billing import keeping
from console.billing.forms.fields import amount, currencies
from console.billing.models import Monitor
from console.billing.models.monitors import FARTHEST, TESTS
from console.metadata import MetadataField
from console.sheets import RecordForm


class MonitorForm(RecordForm):
    """A figure, the test, and the threshold."""

    name = forms.CharField(max_length=100, help_text="Such as “Owes over 500”. No other monitor here has it.")
    figure = forms.ChoiceField(choices=Monitor.Figure, help_text="Added up for each customer.")
    days = forms.IntegerField(
        label="Days to look back",
        required=False,
        min_value=1,
        max_value=FARTHEST,
        help_text="Today included. For figures of the last days only.",
    )
    test = forms.ChoiceField(choices=list(TESTS.items()), label="Holds where it")
    threshold = amount("Threshold")
    currency = forms.ChoiceField(required=False, help_text="For amounts only; each is added up by itself.")
    metadata = MetadataField()

    def offer(self) -> None:
        codes: Any = self.fields["currency"]
        codes.choices = currencies(self.request.organization, self.record.currency)
        if self.is_new:
            self.initial["currency"] = self.request.organization.base_currency

    def keep(self) -> None:
        if self.is_new:
            self.record.created_by = self.request.staff
        keeping.keep_monitor(self.record)
