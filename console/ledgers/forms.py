"""What staff say of a ledger."""

from django import forms

from console.ledgers.keeping import keep_ledger
from console.metadata import MetadataField
from console.sheets import RecordForm


class LedgerForm(RecordForm):
    """Name, whether its accounts must be of its types, state, metadata."""

    name = forms.CharField(max_length=256, help_text="Such as “Retail”. No other ledger here has it.")
    has_typed_accounts = forms.BooleanField(
        label="Accounts must be of an account type of this ledger",
        required=False,
        help_text="A new account of any other type is then refused, here and through the API.",
    )
    status = forms.ChoiceField()
    status_description = forms.CharField(max_length=256, label="Words to the status", required=False)
    metadata = MetadataField()

    def keep(self) -> None:
        keep_ledger(self.record)
