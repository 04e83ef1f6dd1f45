"""Contacts."""

from django import forms

from console.billing import keeping
from console.sheets import RecordForm


class ContactForm(RecordForm):
    """Whom to write to about a customer's bills."""

    name = forms.CharField(max_length=256, required=False)
    email = forms.EmailField(max_length=254)
    send_invoice = forms.BooleanField(label="Gets the invoices", required=False)

    def hold(self) -> None:
        """After the customer. Raises Gone and Changed."""
        if not self.is_new:
            keeping.hold_customer(self.record)
        super().hold()

    def keep(self) -> None:
        keeping.keep_contact(self.record)
