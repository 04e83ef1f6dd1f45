"""What billing knows of one customer: a card on their page, and a page where it is kept."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from console.billing import keeping
from console.billing.columns import method_words
from console.billing.forms.consents import ConsentForm
from console.billing.forms.contacts import ContactForm
from console.billing.models import Contact
from console.billing.portions import SHOWN, Portion, portion
from console.customers.masking import sight_of
from console.keeping import Refusal
from console.organizations.access import StaffRequest, allowed, may
from console.sheets import EDITED, Sheet, delete, leave, show_form


@require_safe
@allowed("view")
def customer_billing(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Invoices, ways to pay, links to other systems, contacts, consents and monitors of one customer."""
    customer = get_object_or_404(request.organization.customers, pk=pk)
    part = "#card" if request.htmx.target == "customer-billing" else ""
    return render(request, f"billing/customer_billing.html{part}", _about(request, customer))


def _about(request: StaffRequest, customer: Any) -> dict[str, Any]:
    sight, words = sight_of(request.staff), method_words(sight_of(request.staff))
    methods = list(
        customer.payment_methods.select_related("connector").order_by("-is_default", "pk")[: SHOWN + 1]
    )
    contacts, links, readings = _parts(request, customer)
    return {
        "customer": customer,
        "sight": sight,
        **_billed(customer, request.organization.local_date(timezone.now())),
        "methods": [(one, words(one)) for one in methods[:SHOWN]],
        "has_more_methods": len(methods) > SHOWN,
        "links": links.rows,
        "links_part": links,
        "contacts": [(one, sight.name_alone(one.name), sight.email(one.email)) for one in contacts.rows],
        "contacts_part": contacts,
        "consents": customer.consents.all(),
        "readings": readings.rows,
        "readings_part": readings,
        "may_edit": may(request.staff, "billing.edit") and not customer.erased_at,
        "consent_form": ConsentForm(),
    }


def _billed(customer: Any, today: date) -> dict[str, Any]:
    """The latest invoices with how they stand on the local date, and what is overdue of all of them."""
    invoices = list(customer.invoices.order_by("-issued_on", "-pk")[: SHOWN + 1])
    return {
        "invoices": [(one, one.state(today)) for one in invoices[:SHOWN]],
        "has_more": len(invoices) > SHOWN,
        "overdue": list(customer.invoices.overdue(today).by_currency()),
    }


def _parts(request: StaffRequest, customer: Any) -> tuple[Portion, Portion, Portion]:
    """Contacts, links to other systems and monitors, each as far as the address says."""
    systems = customer.connector_links.select_related("connector")
    watched = customer.monitor_readings.select_related("monitor")
    return (
        portion(customer.contacts.all(), request, "contacts"),
        portion(systems, request, "links", key="connector_id", by="connector__name"),
        portion(watched, request, "monitors", key="monitor_id", by="monitor__name"),
    )


@require_POST
@allowed("billing.edit")
def consent_note(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Note what the customer says of a channel and purpose."""
    customer = get_object_or_404(request.organization.customers.select_related("organization"), pk=pk)
    form = ConsentForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            keeping.keep_consent(
                *(customer, said["channel"], said["purpose"]),
                is_given=said["is_given"] == "yes",
                by=request.staff,
                at=timezone.now(),
            )
        except Refusal as why:
            messages.warning(request, str(why))
        else:
            messages.success(request, "Noted what the customer said.")
        return redirect(request.organization.url("billing:customer_billing", customer.pk))
    context = {**_about(request, customer), "consent_form": form}
    return render(request, "billing/customer_billing.html", context, status=422)


@require_http_methods(EDITED)
@allowed("billing.edit")
def contact_create(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Somebody to write to about a customer's bills."""
    customer = get_object_or_404(request.organization.customers, pk=pk)
    url = request.organization.url("billing:customer_billing", customer.pk)
    form = ContactForm(request, Contact(organization=request.organization, customer=customer))
    if form.is_bound and form.is_kept():
        return leave(request, url, "The contact is added.")
    return show_form(request, form, Sheet("New contact", "Billing", url, "Add the contact", "Adding…"))


@require_http_methods(EDITED)
@allowed("billing.edit")
def contact_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Name, address, and whether invoices go there."""
    contact = get_object_or_404(request.organization.contacts.select_related("customer"), pk=pk)
    url = request.organization.url("billing:customer_billing", contact.customer_id)
    form = ContactForm(request, contact)
    if form.is_bound and form.is_kept():
        return leave(request, url, "The contact is saved.")
    return show_form(request, form, Sheet("Edit contact", "Billing", url))


@require_http_methods(EDITED)
@allowed("billing.edit")
def contact_delete(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Nobody writes there any more."""
    contact = get_object_or_404(request.organization.contacts, pk=pk)
    url = request.organization.url("billing:customer_billing", contact.customer_id)
    sheet = Sheet("Delete the contact?", "Billing", url, "Delete the contact", "Deleting…")
    return delete(request, contact, sheet, after=url, name="the contact")
