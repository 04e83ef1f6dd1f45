"""Contacts."""

from django import forms

from console.billing import keeping
from console.billing.forms.of_customer import HeldAfterCustomer


class ContactForm(HeldAfterCustomer):
    """Whom to write to about a customer's bills."""

    name = forms.CharField(max_length=256, required=False)
    email = forms.EmailField(max_length=254)
    send_invoice = forms.BooleanField(label="Gets the invoices", required=False)

    def keep(self) -> None:
        keeping.keep_contact(self.record)
