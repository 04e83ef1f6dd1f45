"""What billing adds to the data that is handed over to a customer."""

from console.customers.disclosing import Rows, Section
from console.customers.models import Customer


def invoices(customer: Customer) -> Rows:
    for one in customer.invoices.order_by("-issued_on", "-pk").iterator(chunk_size=500):
        yield {
            "number": one.number,
            "external_id": one.external_id,
            "status": one.get_status_display(),
            "total": one.total,
            "amount_due": one.amount_due,
            "currency": one.currency,
            "period_start": one.period_start,
            "period_end": one.period_end,
            "issued_on": one.issued_on,
            "due_on": one.due_on,
            "promise_due_on": one.promise_due_on,
            "payment_link": one.payment_link,
            "metadata": one.metadata,
        }


def methods(customer: Customer) -> Rows:
    for one in customer.payment_methods.select_related("connector").order_by("-pk").iterator(chunk_size=500):
        yield {
            "external_id": one.external_id,
            "type": one.get_type_display(),
            "status": one.get_status_display(),
            "is_default": one.is_default,
            "connector": str(one.connector or ""),
            "country": one.country,
            "expires_on": one.expires_on,
            "details": one.details,
            "metadata": one.metadata,
        }


def links(customer: Customer) -> Rows:
    for one in customer.connector_links.select_related("connector").order_by("-pk").iterator(chunk_size=500):
        yield {
            "connector": str(one.connector),
            "reference": one.reference,
            "connection": one.get_connection_display(),
            "synced_at": one.synced_at,
        }


def contacts(customer: Customer) -> Rows:
    for one in customer.contacts.order_by("-pk").iterator(chunk_size=500):
        yield {"name": one.name, "email": one.email, "gets_invoices": one.send_invoice}


def consents(customer: Customer) -> Rows:
    for one in customer.consents.order_by("-said_at", "-pk").iterator(chunk_size=500):
        yield {
            "purpose": one.get_purpose_display(),
            "channel": one.get_channel_display(),
            "is_given": one.is_given,
            "said_at": one.said_at,
            "source": one.get_source_display(),
        }


def readings(customer: Customer) -> Rows:
    for one in (
        customer.monitor_readings.select_related("monitor").order_by("-since", "-pk").iterator(chunk_size=500)
    ):
        yield {
            "monitor": str(one.monitor),
            "figure": one.value,
            "state": one.get_state_display(),
            "since": one.since,
        }


SECTIONS = [
    Section(
        "invoices",
        "Invoices",
        (
            ("number", "Number"),
            ("status", "Status"),
            ("issued_on", "Issued"),
            ("due_on", "Due"),
            ("total", "Total"),
            ("amount_due", "Amount due"),
            ("currency", "Currency"),
        ),
        invoices,
    ),
    Section(
        "payment_methods",
        "Payment methods",
        (("type", "Type"), ("details", "Details"), ("status", "Status"), ("is_default", "Default")),
        methods,
    ),
    Section(
        "connectors",
        "Links to other systems",
        (("connector", "System"), ("reference", "Reference"), ("connection", "Connection")),
        links,
    ),
    Section(
        "contacts",
        "Contacts",
        (("name", "Name"), ("email", "Email"), ("gets_invoices", "Gets bills")),
        contacts,
    ),
    Section(
        "consents",
        "Consents",
        (("purpose", "Purpose"), ("channel", "Channel"), ("is_given", "Given"), ("said_at", "When")),
        consents,
    ),
    Section(
        "monitors",
        "Figures that are watched",
        (("monitor", "Monitor"), ("figure", "Figure"), ("state", "State"), ("since", "Since")),
        readings,
    ),
]
