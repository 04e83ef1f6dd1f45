"""The kinds of file about what customers owe, how they pay, where else they are known and what they agreed to."""

from console.billing.models import ConnectorLink, Consent, Invoice, PaymentMethod
from console.customers.masking import NUMBER
from console.imports import values
from console.imports.fields import (
    CUSTOMER_REF,
    Field,
    Kind,
    any_day,
    identity,
    name,
    named,
    one_of,
    plain,
    told,
)
from console.imports.values import BadValue, Parser


def details(value: str) -> str:
    """What tells a payment method apart, never a whole number."""
    found = values.line(100)(value) or ""
    if NUMBER.search(found):
        raise BadValue("That looks like a whole card or account number. Write its last four digits only.")
    return found


def over_there(value: str) -> str:
    """An id of another system, or nothing."""
    return values.reference(200)(value) or ""


def link(value: str) -> str:
    """An address of the web, or nothing."""
    found = values.text(500)(value) or ""
    if found and not (found.startswith(("https://", "http://")) and " " not in found and "." in found):
        raise BadValue("Write a whole address such as https://pay.example/1.")
    return found


def amount(key: str, label: str, *heads: str, is_required: bool = False) -> Field:
    """Money, without a sign."""

    def parser(_: object) -> Parser:
        return values.amount(is_signed=False, why="an invoice is of 0 or more")

    return Field(
        key, label, parser, heads, type="numeric", default="NULL", keeps=True, is_required=is_required
    )


INVOICES = Kind(
    "invoices",
    "Invoices",
    "One row an invoice. Import customers first. Without an amount due all of it is due, of a paid one nothing.",
    "metadata",
    (
        identity("invoice_ref", "invoice_id", "external_id", "invoice", "ref", "id"),
        named("customer", "Customer (external id)", *CUSTOMER_REF),
        plain("number", "Number", 100, "number", "invoice_number", "invoice_no"),
        told(
            "status",
            "Status",
            one_of(Invoice.Status.choices, **{"partly paid": "partially_paid", "voided": "void"}),
            "'draft'",
            *("status", "invoice_status", "state"),
        ),
        told("currency", "Currency", values.currency, "%(currency)s", "currency", "currency_code"),
        amount("total", "Total", "total", "amount", "invoice_total", "total_amount", is_required=True),
        amount("amount_due", "Amount due", "amount_due", "due_amount", "open_amount", "balance_due"),
        any_day("period_start", "Period from", "period_start", "period_from", "from"),
        any_day("period_end", "Period to", "period_end", "period_to", "to"),
        any_day("issued_on", "Issued on", "issued_on", "issue_date", "invoice_date", "date"),
        any_day("due_on", "Due on", "due_on", "due_date", "due"),
        any_day("promise_due_on", "Promised by", "promise_due_on", "promise_date", "promised_by"),
        Field("payment_link", "Link to pay", lambda _: link, ("payment_link", "payment_url")),
    ),
    "billing.edit",
)
PAYMENT_METHODS = Kind(
    "payment_methods",
    "Payment methods",
    "One row a way to pay. Import customers first. Connectors are named as they are called here.",
    "metadata",
    (
        identity("payment_method_ref", "payment_method_id", "method_id", "external_id", "ref", "id"),
        named("customer", "Customer (external id)", *CUSTOMER_REF),
        Field(
            "type",
            "Type",
            lambda _: one_of(PaymentMethod.Type.choices),
            ("type", "payment_method_type", "method_type", "method"),
            is_required=True,
        ),
        told(
            "status",
            "Status",
            one_of(PaymentMethod.Status.choices),
            "'active'",
            *("status", "payment_method_status", "state"),
        ),
        Field(
            "connector",
            "Connector (its name)",
            lambda _: values.line(100),
            ("connector", "connector_name"),
            is_stored=False,
        ),
        told(
            "is_default",
            "The customer’s default",
            values.boolean,
            "false",
            *("is_default", "default"),
            type="boolean",
        ),
        Field("country", "Country", lambda _: values.country, ("country", "country_code")),
        any_day("expires_on", "Expires on", "expires_on", "expiry_date", "expires"),
        Field("details", "Details", lambda _: details, ("details", "card", "description")),
    ),
    "billing.edit",
)
CONNECTOR_LINKS = Kind(
    "connector_links",
    "Links to connectors",
    "One row for each customer on another system. Import customers and set up connectors first.",
    "",
    (
        Field(
            "connector",
            "Connector (its name)",
            lambda _: values.line(100),
            ("connector", "connector_name", "system"),
            is_required=True,
            is_stored=False,
        ),
        named("customer", "Customer (external id)", *CUSTOMER_REF),
        Field(
            "reference",
            "External id over there",
            lambda _: over_there,
            ("reference", "reference_id", "connector_ref", "connector_reference", "external_ref"),
        ),
        told(
            "connection",
            "Connection",
            one_of(ConnectorLink.Connection.choices, yes="linked", no="not linked", unlinked="not linked"),
            "'linked'",
            *("connection", "linked", "status"),
        ),
        Field(
            "synced_at",
            "Last in step",
            lambda setting: values.moment(setting.zone),
            ("synced_at", "last_synced_at", "last_sync"),
            type="timestamptz",
            default="NULL",
        ),
    ),
    "billing.edit",
)
CONTACTS = Kind(
    "contacts",
    "Contacts",
    "One row for each person to write to beside a customer. Import customers first.",
    "metadata",
    (
        named("customer", "Customer (external id)", *CUSTOMER_REF),
        Field(
            "email",
            "Email",
            lambda _: values.email,
            ("email", "e_mail", "email_address", "mail"),
            is_required=True,
        ),
        name("name", "full_name", "contact_name"),
        told(
            "send_invoice",
            "Gets the invoices",
            values.boolean,
            "true",
            *("send_invoice", "gets_invoices"),
            type="boolean",
        ),
    ),
    "billing.edit",
)
CONSENTS = Kind(
    "consents",
    "Consents",
    "One row for each thing that a customer said, and when. A later word is never replaced by an earlier one.",
    "",
    (
        named("customer", "Customer (external id)", *CUSTOMER_REF),
        Field(
            "channel",
            "Channel",
            lambda _: one_of(Consent.Channel.choices, mail="email", letter="post"),
            ("channel",),
            is_required=True,
        ),
        Field(
            "purpose",
            "Purpose",
            lambda _: one_of(Consent.Purpose.choices),
            ("purpose",),
            is_required=True,
        ),
        Field(
            "is_given",
            "Agrees",
            lambda _: values.boolean,
            ("is_given", "given", "consent", "agrees"),
            type="boolean",
            default="false",
            is_required=True,
        ),
        Field(
            "said_at",
            "When they said so",
            lambda setting: values.moment(setting.zone),
            ("said_at", "given_at", "consented_at", "date", "at"),
            type="timestamptz",
            default="NULL",
            is_required=True,
        ),
    ),
    "billing.edit",
)
