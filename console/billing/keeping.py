"""The rules of billing, which forms, the API and the tests all keep by calling these."""

from datetime import datetime
from decimal import Decimal
from uuid import uuid4

from django.db import transaction

from console.billing import life
from console.billing.amounts import check_amount, check_threshold
from console.billing.models import (
    Connector,
    ConnectorLink,
    Consent,
    Contact,
    Invoice,
    Monitor,
    PaymentMethod,
)
from console.currencies import CURRENCIES
from console.customers.masking import NUMBER
from console.customers.models import Customer
from console.keeping import Refusal, once, stays
from console.organizations.models import Staff

FIRST = (life.UPCOMING, life.DRAFT, life.APPROVED)
# What an approval is of: where it changes, it is to be given again.
APPROVED_WITH = ("number", "total", "issued_on", "due_on", "period_start", "period_end", "payment_link")
WHICH_CURRENCY = "This figure is money: say in which currency."
HOW_FAR_BACK = "This figure looks back: say over how many days."


class IdTaken(Refusal):
    """The organization has a row with this external id."""

    field = "external_id"


class NotNow(Refusal):
    """The invoice's status does not allow it."""

    field = "status"


class TooLittle(Refusal):
    """The total is not more than what was paid of it already, or below nothing."""

    field = "total"


class NoCurrency(Refusal):
    """The currency is none of ISO 4217."""

    field = "currency"


class WrongPeriod(Refusal):
    """The period ends before it begins."""

    field = "period_end"


class WholeNumber(Refusal):
    """A payment method is to have a whole card or account number."""

    field = "details"


class NameTaken(Refusal):
    """The organization has a connector or monitor of this name."""

    field = "name"


class ContactTaken(Refusal):
    """The customer has a contact with this address."""

    field = "email"


class ReferenceTaken(Refusal):
    """Another customer has this reference on the connector."""

    field = "reference"


class LinkTaken(Refusal):
    """The customer stands on the connector already."""

    field = "system"


class NotFitting(Refusal):
    """The currency or the window of a monitor does not go with its figure."""

    field = "figure"


class Overtaken(Refusal):
    """The customer said something else of it later."""

    field = "said_at"


class ConnectorGone(Refusal):
    """Somebody deleted the connector meanwhile."""

    field = "connector"


class Erased(Refusal):
    """The customer was erased, which is for good."""

    field = "customer"


def check_currency(code: str) -> None:
    """Raises NoCurrency."""
    if code not in CURRENCIES:
        raise NoCurrency("Write a currency as its three letters (ISO 4217), such as EUR.")


def _check_customer(customer: Customer) -> None:
    """Nothing new comes to an erased customer, who stays as they are until the transaction ends. Raises Erased."""
    held = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    if held.erased_at:
        raise Erased("This customer was erased, which is for good.")


def hold_customer(record: PaymentMethod | ConnectorLink | Contact | Invoice) -> None:
    """Who changes what a customer has holds the customer first and the record then: so nobody waits in a ring."""
    Customer.objects.select_for_update(no_key=True).get(pk=record.customer_id)


def hold_connector(connector: Connector) -> None:
    """Nobody deletes it until the transaction ends; held before what hangs on it. Raises ConnectorGone."""
    if not stays(Connector.objects.filter(pk=connector.pk)):
        raise ConnectorGone(f"The connector {connector} was deleted meanwhile.")


@transaction.atomic
def keep_invoice(invoice: Invoice, *, by: Staff | None, at: datetime) -> None:
    """Store an invoice, new or written anew. What was approved is edited then, until it is approved again.

    Of a new one all is due; of a changed one the new total less what was paid. Raises Refusal.
    """
    check_currency(invoice.currency)
    if invoice.period_start and invoice.period_end and invoice.period_end < invoice.period_start:
        raise WrongPeriod("The period ends before it begins. Write a later day.")
    if invoice.total < 0:
        raise TooLittle("Write an amount of 0 or more.")
    check_amount(invoice.total, invoice.currency, "total")
    invoice.external_id = invoice.external_id or invoice.number or uuid4().hex
    taken = IdTaken(f"There is an invoice with the external id “{invoice.external_id}” already.")
    with once(invoice_once=taken):
        if invoice._state.adding:
            _check_customer(invoice.customer)
            if invoice.status not in FIRST:
                raise NotNow("A new invoice is upcoming, a draft or approved.")
            invoice.amount_due = invoice.total
            invoice.save()
            invoice.refresh_from_db(fields=["created_at", "updated_at"])
            invoice.events.create(after=invoice.status, staff=by, at=at)
            return
        _rewrite(invoice, by=by, at=at)


def _rewrite(invoice: Invoice, *, by: Staff | None, at: datetime) -> None:
    before = Invoice.objects.select_for_update(no_key=True).get(pk=invoice.pk)
    if before.status not in life.OPEN:
        raise NotNow(f"The invoice is {before.get_status_display().lower()} and stays as it is.")
    paid: Decimal = before.total - before.amount_due
    if paid and invoice.total <= paid:
        raise TooLittle("That is no more than was paid of it already. Write a larger amount.")
    is_changed = any(getattr(before, name) != getattr(invoice, name) for name in APPROVED_WITH)
    was = before.status
    is_edited = is_changed and was in (life.APPROVED, life.PARTIALLY_PAID)
    invoice.status = life.EDITED if is_edited else was
    invoice.amount_due = invoice.total - paid
    invoice.save()
    if is_edited:
        invoice.events.create(before=was, after=life.EDITED, staff=by, at=at)


@transaction.atomic
def keep_method(method: PaymentMethod, *, at: datetime) -> None:
    """Store a payment method, new or changed. The default one takes the place of the one before. Raises Refusal."""
    if NUMBER.search(method.details):
        raise WholeNumber("That looks like a whole card or account number. Write its last four digits only.")
    method.external_id = method.external_id or uuid4().hex
    _check_customer(method.customer)  # one at a time: a customer has one default
    if (
        method.connector
        and not PaymentMethod.objects.filter(pk=method.pk, connector=method.connector).exists()
    ):
        hold_connector(method.connector)
    if method.is_default:
        others = PaymentMethod.objects.filter(customer=method.customer, is_default=True).exclude(pk=method.pk)
        others.update(is_default=False, updated_at=at)
    taken = IdTaken(f"There is a payment method with the external id “{method.external_id}” already.")
    with once(payment_method_once=taken):
        method.save()


def keep_connector(connector: Connector) -> None:
    """Store a connector, new or changed. Raises NameTaken."""
    with once(connector_once=NameTaken(f"There is a connector called “{connector.name}” already.")):
        connector.save()


@transaction.atomic
def keep_link(link: ConnectorLink) -> None:
    """Store how a customer stands on a connector, in place of what was known.

    Raises ReferenceTaken, Erased, ConnectorGone.
    """
    _check_customer(link.customer)
    hold_connector(link.connector)
    known = ConnectorLink.objects.filter(connector=link.connector, customer=link.customer).first()
    if known and link._state.adding:
        link.pk, link.created_at = known.pk, known.created_at
        link._state.adding = False
    taken = ReferenceTaken(f"Another customer is “{link.reference}” on {link.connector}.")
    with once(connector_reference_once=taken):
        link.save()
    link.refresh_from_db(fields=["created_at"])


@transaction.atomic
def add_link(link: ConnectorLink) -> None:
    """Store a link where there is none yet. Raises LinkTaken, ReferenceTaken, Erased, ConnectorGone."""
    _check_customer(link.customer)  # one at a time: a customer has one link on a connector
    if link.customer.connector_links.filter(connector=link.connector).exists():
        raise LinkTaken(f"The customer is on {link.connector} already. Edit what stands there.")
    keep_link(link)


@transaction.atomic
def remove_link(link: ConnectorLink) -> None:
    """Forget a link, with the reference: it was never so. Who is linked no more stays, as “not linked”."""
    Customer.objects.select_for_update(no_key=True).get(pk=link.customer_id)
    link.delete()


@transaction.atomic
def keep_contact(contact: Contact) -> None:
    """Store a contact, once for an address in any case. Raises ContactTaken, Erased."""
    _check_customer(contact.customer)
    with once(contact_once=ContactTaken("The customer has a contact with this address already.")):
        contact.save()


@transaction.atomic
def keep_consent(
    customer: Customer,
    channel: str,
    purpose: str,
    *,
    is_given: bool,
    by: Staff | None,
    at: datetime,
    source: str = Consent.Source.STAFF,
) -> Consent:
    """Note what a customer said at the moment `at` of a channel and purpose, in place of what they said before.

    Raises Erased, Overtaken.
    """
    _check_customer(customer)  # one word at a time; who is just writing to them waits for it
    words = customer.consents.filter(channel=channel, purpose=purpose)
    if is_given and words.filter(said_at=at, is_given=False).exists():
        raise Overtaken("The customer said no at the same moment. The no stands.")
    if words.filter(said_at__gt=at).exists():
        raise Overtaken("The customer said something later than that. What they said last stays.")
    said = {"is_given": is_given, "said_at": at, "noted_by": by, "source": source}
    found: Consent = customer.consents.update_or_create(
        organization=customer.organization, channel=channel, purpose=purpose, defaults=said
    )[0]
    return found


@transaction.atomic
def keep_monitor(monitor: Monitor) -> None:
    """Store a monitor, new or changed, to be evaluated anew. Raises NameTaken, NotFitting, NoCurrency, TooExact."""
    if monitor.figure in Monitor.OF_MONEY and not monitor.currency:
        raise NoCurrency(WHICH_CURRENCY)
    monitor.currency = monitor.currency if monitor.figure in Monitor.OF_MONEY else ""
    monitor.days = monitor.days if monitor.figure in Monitor.OF_DAYS else None
    if monitor.currency:
        check_currency(monitor.currency)
    if monitor.figure in Monitor.OF_DAYS and not monitor.days:
        raise NotFitting(HOW_FAR_BACK)
    check_threshold(monitor)
    monitor.evaluated_at = None
    with once(monitor_once=NameTaken(f"There is a monitor called “{monitor.name}” already.")):
        monitor.save()
    monitor.ask()
