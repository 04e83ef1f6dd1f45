"""Customers: the list, its export, and the page of one."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from console.columns import choose
from console.customers.approvals import exports_of
from console.customers.columns import customer_columns, first_order, orders
from console.customers.disclosing import as_json
from console.customers.erasing import fates
from console.customers.filtersets import CustomerFilters
from console.customers.forms import ErasureForm, RevealForm
from console.customers.masking import PARTS, Sight, sight_of
from console.customers.pdf import as_pdf
from console.customers.profile import latest_transactions, profile
from console.listing import Listing, show_list
from console.organizations import scope
from console.organizations.access import StaffRequest, allowed, may
from console.paging import keyset
from console.sections import sections

FROM_ABOVE = {
    "billing:customer_billing": "Billing",
    "segments:customer_segments": "Segments",
    "communications:customer_messages": "Messages",
    "alerts:customer_alerts": "Alerts",
}


@require_safe
@allowed("view")
def customer_list(request: StaffRequest) -> HttpResponse:
    """Customers, filtered and ordered as the address says, a page at a time."""
    organization = request.organization
    filters = CustomerFilters(request, organization.customers.all())
    sight = sight_of(request.staff)
    columns = choose(request, "customers", customer_columns(organization, sight))
    page = keyset(filters.rows, request, orders=orders(sight), default=first_order(sight))
    kept_at = organization.url("segments:segment_create") if may(request.staff, "segments.edit") else ""
    listing = Listing(request, "customer", "customers", filters, columns, page, segment_url=kept_at)
    return show_list(
        request,
        "customers/customer_list.html",
        listing,
        exports=exports_of(request.staff, at=timezone.now()),
        may_export=may(request.staff, "customers.export"),
        export_url=organization.url("customers:customer_export") + listing.query,
        import_url=organization.url("imports:run_create") if may(request.staff, "imports.run") else "",
    )


@require_safe
@allowed("view")
def customer_detail(request: StaffRequest, pk: Any) -> HttpResponse:
    """Who it is, what they hold, what happened last, and what the apps above know."""
    customer = get_object_or_404(request.organization.customers, pk=pk)
    return _show(request, customer, sight_of(request.staff), RevealForm())


@require_POST
@allowed("personal.reveal")
def customer_reveal(request: StaffRequest, pk: Any) -> HttpResponse:
    """The same page with what the reader asked to see, once: who, what and why is kept first."""
    customer = get_object_or_404(request.organization.customers, pk=pk)
    sight, form = sight_of(request.staff), RevealForm(request.POST)
    if form.is_valid():
        parts = form.cleaned_data["parts"]
        customer.reveal(parts, reason=form.reason, by=request.staff, at=timezone.now())
        sight = replace(sight, revealed=frozenset(parts))
    return _show(request, customer, sight, form, status=200 if form.is_valid() else 422)


def _show(
    request: StaffRequest, customer: Any, sight: Sight, form: RevealForm, status: int = 200
) -> HttpResponse:
    organization = request.organization
    accounts = organization.accounts.with_balance(organization)
    context = {
        "customer": customer,
        "sight": sight,
        "profile": profile(customer, sight),
        "holdings": customer.holdings.select_related("account__balance").order_by("-role", "pk")[:100],
        "totals": accounts.filter(holders__customer=customer, holders__role="owner").totals(),
        "transactions": latest_transactions(customer),
        "sections": sections(organization, customer.pk, FROM_ABOVE),
        "reveal": form if may(request.staff, "personal.reveal") and not customer.erased_at else None,
        "reveals": customer.reveals.select_related("staff__user")[:5],
        "may_disclose": may(request.staff, "customers.disclose"),
        "may_erase": may(request.staff, "customers.erase") and not customer.erased_at,
    }
    return render(request, "customers/customer_detail.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("customers.erase")
def customer_erase(request: StaffRequest, pk: Any) -> HttpResponse:
    """What would go and what stays; with the external id typed, it goes."""
    customer = get_object_or_404(request.organization.customers, pk=pk)
    if customer.erased_at:
        messages.info(request, "This customer is erased already.")
        return redirect(customer)
    form = ErasureForm(customer, request.POST or None)
    if form.is_valid():
        customer.erase(reason=form.cleaned_data["reason"], by=request.staff, at=timezone.now())
        messages.success(request, "The customer is erased. The books stand as they did.")
        return redirect(customer)
    context = {"customer": customer, "form": form, "fates": fates(customer)}
    status = 422 if form.is_bound else 200
    return render(request, "customers/customer_erase.html", context, status=status)


@require_POST
@allowed("customers.disclose")
def customer_disclose(request: StaffRequest, pk: Any) -> HttpResponseBase:
    """Everything that is held about one person as a file for them; that it was made is kept as a reveal."""
    customer = get_object_or_404(request.organization.customers.select_related("organization"), pk=pk)
    now, is_pdf = timezone.now(), request.POST.get("form") == "pdf"
    parts = [key for key, _ in PARTS]
    what = "PDF" if is_pdf else "JSON"
    why = f"Handed over as a {what} file"
    customer.reveal(parts, reason=why, by=request.staff, at=now, handed_over=what.lower())
    response: HttpResponseBase
    if is_pdf:
        response = HttpResponse(as_pdf(customer, at=now), content_type="application/pdf")
    else:
        pieces = scope.carried(as_json(customer, at=now))
        response = StreamingHttpResponse(pieces, content_type="application/json")
    name = f"{slugify(customer.external_id) or 'customer'}-{request.organization.local_date(now)}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{what.lower()}"'
    return response
