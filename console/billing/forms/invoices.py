"""Invoices, and what is paid of them."""

from typing import Any

from django import forms
from django.utils import timezone

from console.billing import keeping, life
from console.billing.forms.fields import amount, currencies, day
from console.billing.forms.of_customer import OfCustomer, whose
from console.billing.models import Invoice
from console.metadata import MetadataField
from console.templatetags.console import money
from console.wording import Form

FIRST = [(one, Invoice.Status(one).label) for one in (life.DRAFT, life.APPROVED, life.UPCOMING)]


class InvoiceForm(OfCustomer):
    """Number, amounts and days; whose it is, its currency and id stay."""

    whose = whose()
    number = forms.CharField(max_length=100, help_text="The number on the paper.")
    status = forms.ChoiceField(choices=FIRST, label="To begin as")
    total = amount("Total", "What is paid already stays paid.")
    currency = forms.ChoiceField(help_text="It can’t be changed later.")
    period_start = day("Period from")
    period_end = day("Period to")
    issued_on = day("Issued on")
    due_on = day("Due on")
    promise_due_on = day("Promised by", "The day by which the customer promised to pay.")
    payment_link = forms.URLField(label="Link to pay", max_length=500, required=False, assume_scheme="https")
    external_id = forms.CharField(
        label="External id",
        max_length=100,
        required=False,
        help_text="Its id in the system it comes from, which stays. Empty: its number.",
    )
    metadata = MetadataField()

    def offer(self) -> None:
        super().offer()
        if not self.is_new:
            for name in ("status", "currency", "external_id"):
                del self.fields[name]
            return
        self.fields["total"].help_text = ""
        codes: Any = self.fields["currency"]
        codes.choices = currencies(self.request.organization)
        self.initial["currency"] = self.request.organization.base_currency

    def statuses(self) -> dict[str, str]:
        return dict(FIRST)

    @property
    def locked(self) -> list[tuple[str, Any]]:
        record = self.record
        own = [("Currency", record.currency), ("External id", record.external_id)]
        return super().locked + ([] if self.is_new else own)

    def keep(self) -> None:
        keeping.keep_invoice(self.record, by=self.request.staff, at=timezone.now())


class PaymentForm(Form):
    """An amount that was paid, or that came back."""

    amount = amount("Amount")

    def __init__(self, *args: Any, invoice: Invoice, **given: Any) -> None:
        super().__init__(*args, **given)
        box = self.fields["amount"]
        box.label = f"Amount, {invoice.currency}"
        amounts = {"paid": invoice.total - invoice.amount_due, "due": invoice.amount_due}
        said = [f"{money(each, invoice.currency)} is {what}" for what, each in amounts.items() if each]
        box.help_text = f"{', '.join(said)}." if said else ""
