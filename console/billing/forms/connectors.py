"""Connectors."""

from django import forms

from console.billing import keeping
from console.billing.models import Connector
from console.metadata import MetadataField
from console.sheets import RecordForm


class ConnectorForm(RecordForm):
    name = forms.CharField(max_length=100, help_text="Such as “Stripe”. No other connector here has it.")
    kind = forms.ChoiceField(choices=Connector.Kind)
    metadata = MetadataField()

    def keep(self) -> None:
        keeping.keep_connector(self.record)
