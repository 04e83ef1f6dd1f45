"""Invoices: the list, the page of one, writing one, and its steps from draft to paid."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from console.billing import life
from console.billing.columns import INVOICE_ORDERS, invoice_columns
from console.billing.facts import invoice_facts
from console.billing.filtersets import InvoiceFilters
from console.billing.forms.invoices import InvoiceForm, PaymentForm
from console.billing.forms.of_customer import asked_customer
from console.billing.models import Invoice, NotPossible
from console.billing.steps import steps
from console.columns import choose
from console.customers.masking import sight_of
from console.listing import Listing, show_list
from console.metadata import in_words
from console.organizations.access import StaffRequest, allowed, may
from console.paging import keyset
from console.sheets import EDITED, Sheet, leave, show_form

DONE = {
    life.DRAFT: "is a draft",
    life.APPROVED: "is approved",
    life.VOID: "is void",
    life.DISCARDED: "is discarded",
}


@require_safe
@allowed("view")
def invoice_list(request: StaffRequest) -> HttpResponse:
    """Invoices, filtered and ordered as the address says, a page at a time."""
    organization = request.organization
    today = organization.local_date(timezone.now())
    filters = InvoiceFilters(request, organization.invoices.select_related("customer", "organization"))
    columns = choose(request, "invoices", invoice_columns(sight_of(request.staff), today))
    page = keyset(filters.rows, request, orders=INVOICE_ORDERS, default="-due")
    listing = Listing(request, "invoice", "invoices", filters, columns, page)
    may_edit = may(request.staff, "billing.edit")
    return show_list(request, "billing/invoice_list.html", listing, may_edit=may_edit)


@require_safe
@allowed("view")
def invoice_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What is billed and due, what happened to it, and what can happen next."""
    invoice = _invoice(request, pk)
    return _show(request, invoice, PaymentForm(invoice=invoice))


def _show(request: StaffRequest, invoice: Invoice, form: PaymentForm, status: int = 200) -> HttpResponse:
    today = request.organization.local_date(timezone.now())
    may_edit = may(request.staff, "billing.edit")
    context: dict[str, Any] = {
        "invoice": invoice,
        "state": invoice.state(today),
        "facts": invoice_facts(invoice),
        "metadata": in_words(invoice.metadata),
        "events": invoice.events.select_related("staff__user")[:50],
        "may_edit": may_edit and invoice.status in life.OPEN,
        "steps": steps(invoice) if may_edit else [],
        "payment_form": form,
        "may_pay": may_edit and invoice.status in life.PAYABLE,
        "may_return": may_edit and invoice.may_return,
        "is_to_approve": may_edit and invoice.status == life.EDITED,
    }
    return render(request, "billing/invoice_detail.html", context, status=status)


def _invoice(request: StaffRequest, pk: UUID) -> Invoice:
    found: Invoice = get_object_or_404(
        request.organization.invoices.select_related("customer", "organization"), pk=pk
    )
    return found


@require_http_methods(EDITED)
@allowed("billing.edit")
def invoice_create(request: StaffRequest) -> HttpResponse:
    """A bill to a customer, who is named in the address or looked for."""
    organization = request.organization
    invoice = Invoice(organization=organization, customer=asked_customer(request))
    form = InvoiceForm(request, invoice)
    if form.is_bound and form.is_kept():
        return leave(request, form.record.get_absolute_url(), f"Invoice {form.record} is entered.")
    up_url = organization.url("billing:invoice_list")
    return show_form(
        request, form, Sheet("New invoice", "Invoices", up_url, "Enter the invoice", "Entering…")
    )


@require_http_methods(EDITED)
@allowed("billing.edit")
def invoice_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Its number, total and days. What was approved is to be approved again."""
    invoice = _invoice(request, pk)
    form = InvoiceForm(request, invoice)
    if form.is_bound and form.is_kept():
        return leave(request, invoice.get_absolute_url(), f"Invoice {invoice} is saved.")
    name = str(form.initial["number"] or invoice.external_id)
    return show_form(request, form, Sheet(f"Edit invoice {name}", name, invoice.get_absolute_url()))


@require_POST
@allowed("billing.edit")
def invoice_step(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Approve it, make it void or discard it."""
    invoice, to = _invoice(request, pk), request.POST.get("to", "")
    if to not in DONE:
        messages.warning(request, "Choose what becomes of the invoice by one of its buttons.")
        return redirect(invoice)
    try:
        invoice.become(to, by=request.staff, at=timezone.now(), seen=request.POST.get("seen", ""))
    except NotPossible as why:
        messages.warning(request, str(why))
    else:
        messages.success(request, f"Invoice {invoice} {DONE[to]}.")
    return redirect(invoice)


@require_POST
@allowed("billing.edit")
def invoice_pay(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Note an amount that was paid, or with `back` one that came back."""
    invoice = _invoice(request, pk)
    form = PaymentForm(request.POST, invoice=invoice)
    if form.is_valid():
        act = invoice.take_back if "back" in request.POST else invoice.pay
        try:
            act(form.cleaned_data["amount"], by=request.staff, at=timezone.now())
        except NotPossible as why:
            form.add_error("amount", str(why))
        else:
            messages.success(request, f"Noted. Invoice {invoice} is {invoice.get_status_display().lower()}.")
            return redirect(invoice)
    return _show(request, _invoice(request, pk), form, status=422)
