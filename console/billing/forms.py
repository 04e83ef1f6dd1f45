"""What staff say of invoices, payments, payment methods, connectors, contacts, consents and monitors."""

from functools import partial
from typing import Any

from django import forms
from django.utils import timezone

from console.billing import keeping, life
from console.billing.columns import method_words
from console.billing.models import Connector, Consent, Invoice, Monitor, PaymentMethod
from console.billing.models.monitors import TESTS
from console.currencies import CURRENCIES
from console.customers.masking import sight_of
from console.customers.models.customer import COUNTRY
from console.filters import AmountField, is_uuid
from console.metadata import MetadataField
from console.organizations.access import StaffRequest
from console.picking import PickField, Source
from console.sheets import RecordForm
from console.wording import Form

FIRST = [(one, Invoice.Status(one).label) for one in (life.DRAFT, life.APPROVED, life.UPCOMING)]


def amount(label: str, help_text: str = "") -> AmountField:
    """An amount of money as people write it."""
    box = forms.TextInput(attrs={"inputmode": "decimal", "class": "num"})
    return AmountField(label=label, widget=box, help_text=help_text, max_digits=28, decimal_places=8)


def day(label: str, help_text: str = "") -> forms.DateField:
    """A local date, left out if it is not known."""
    box = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=False, widget=box, help_text=help_text)


class OfCustomer(RecordForm):
    """A form about a record of a customer, who is chosen when it is new and stays."""

    def offer(self) -> None:
        organization, sight = self.request.organization, sight_of(self.request.staff)
        if not self.is_new:
            del self.fields["whose"]
            return
        people: Any = organization.customers.filter(erased_at=None).order_by("external_id")
        self.offers("whose", Source(people, partial(searched, sight=sight), lambda one: called(one, sight)))
        if self.record.customer_id:
            self.initial["whose"] = self.record.customer

    def put(self) -> None:
        if self.is_new:
            self.record.customer = self.cleaned_data["whose"]
        super().put()

    def hold(self) -> None:
        """After the customer. Raises Gone and Changed."""
        if not self.is_new:
            keeping.hold_customer(self.record)
        super().hold()

    @property
    def locked(self) -> list[tuple[str, Any]]:
        """Whose it is, once it is there."""
        if self.is_new:
            return []
        return [("Customer", called(self.record.customer, sight_of(self.request.staff)))]


def asked_customer(request: StaffRequest) -> Any:
    """The customer that the address names; None for none, or one that is not here."""
    asked = request.GET.get("customer", "")
    return request.organization.customers.filter(pk=asked, erased_at=None).first() if is_uuid(asked) else None


def searched(rows: Any, words: str, sight: Any) -> Any:
    return rows.matching(words, sight)


def called(customer: Any, sight: Any) -> str:
    """A customer by name, as `sight` shows it, and id."""
    name = sight.name(customer)
    return name if name == customer.external_id else f"{name} · {customer.external_id}"


def whose() -> PickField:
    return PickField(
        label="Customer",
        find="Find a customer by name, email or external id",
        none="Nobody yet",
        required=True,
    )


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


def currencies(organization: Any) -> list[tuple[str, str]]:
    """The three-letter codes of what the organization's ledgers count in, its base currency among them."""
    codes = organization.assets.order_by("code").values_list("code", flat=True).distinct()
    found = {organization.base_currency, *(code for code in codes if code in CURRENCIES)}
    return [(code, code) for code in sorted(found)]


class PaymentForm(Form):
    """An amount that was paid, or that came back."""

    amount = amount("Amount")

    def __init__(self, *args: Any, currency: str, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["amount"].label = f"Amount, {currency}"


class MethodForm(OfCustomer):
    """How a customer pays."""

    whose = whose()
    type = forms.ChoiceField(choices=PaymentMethod.Type)
    status = forms.ChoiceField(choices=PaymentMethod.Status)
    is_default = forms.BooleanField(label="The customer’s default", required=False)
    details = forms.CharField(
        max_length=100,
        required=False,
        help_text="What tells it apart, such as “Visa, ends in 4242”. Never a whole number.",
    )
    connector = PickField(find="Find a connector", none="Kept in no other system")
    country = forms.CharField(
        max_length=2, required=False, validators=[COUNTRY], help_text="ISO 3166, such as CZ."
    )
    expires_on = day("Expires on", "The last day on which it works.")
    external_id = forms.CharField(
        label="External id",
        max_length=100,
        required=False,
        help_text="Its id in the system it comes from, which stays. Empty: it gets one of ours.",
    )
    metadata = MetadataField()

    def offer(self) -> None:
        super().offer()
        connectors = self.request.organization.connectors.order_by("name", "pk")
        self.offers("connector", Source(connectors, lambda rows, words: rows.filter(name__icontains=words)))
        if not self.is_new:
            del self.fields["external_id"]

    def statuses(self) -> dict[str, str]:
        return dict(PaymentMethod.Status.choices)

    def keep(self) -> None:
        keeping.keep_method(self.record, at=timezone.now())

    @property
    def words(self) -> str:
        """What the method is called."""
        return str(method_words(sight_of(self.request.staff))(self.record))


class ConnectorForm(RecordForm):
    name = forms.CharField(max_length=100, help_text="Such as “Stripe”. No other connector here has it.")
    kind = forms.ChoiceField(choices=Connector.Kind)
    metadata = MetadataField()

    def keep(self) -> None:
        keeping.keep_connector(self.record)


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


class ConsentForm(Form):
    """What the customer said about one channel and purpose."""

    purpose = forms.ChoiceField(choices=Consent.Purpose)
    channel = forms.ChoiceField(choices=Consent.Channel)
    is_given = forms.ChoiceField(choices=[("yes", "Agrees"), ("no", "Declines")], label="The customer")


class MonitorForm(RecordForm):
    """A figure, the test, and the threshold."""

    name = forms.CharField(max_length=100, help_text="Such as “Owes over 500”. No other monitor here has it.")
    figure = forms.ChoiceField(choices=Monitor.Figure, help_text="Added up for each customer.")
    days = forms.IntegerField(
        label="Days to look back",
        required=False,
        min_value=1,
        max_value=366,
        help_text="Today included. For figures of the last days only.",
    )
    test = forms.ChoiceField(choices=list(TESTS.items()), label="Holds where it")
    threshold = amount("Threshold")
    currency = forms.ChoiceField(required=False, help_text="For amounts only; each is added up by itself.")
    metadata = MetadataField()

    def offer(self) -> None:
        codes: Any = self.fields["currency"]
        codes.choices = currencies(self.request.organization)
        if self.is_new:
            self.initial["currency"] = self.request.organization.base_currency

    def keep(self) -> None:
        if self.is_new:
            self.record.created_by = self.request.staff
        keeping.keep_monitor(self.record)
