"""Customers: the list, its export, and the page of one."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from console.columns import choose
from console.customers.columns import customer_columns, exported_columns, first_order, orders
from console.customers.filtersets import CustomerFilters
from console.customers.masking import sight_of
from console.customers.profile import latest_transactions, profile
from console.exports import csv_response
from console.listing import Listing, show_list
from console.organizations.access import StaffRequest, allowed, may
from console.paging import every_row, keyset
from console.sections import sections

FROM_ABOVE = {
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
    listing = Listing(request, "customer", "customers", filters, columns, page)
    return show_list(
        request,
        "customers/customer_list.html",
        listing,
        may_export=may(request.staff, "customers.export"),
        export_url=organization.url("customers:customer_export") + listing.query,
        import_url=organization.url("imports:run_create") if may(request.staff, "imports.run") else "",
    )


@require_safe
@allowed("customers.export")
def customer_export(request: StaffRequest) -> HttpResponseBase:
    """The same list as a CSV file, whole."""
    filters = CustomerFilters(request, request.organization.customers.all())
    sight = sight_of(request.staff)
    columns = choose(request, "customers", customer_columns(request.organization, sight))
    rows = every_row(filters.rows, request, orders=orders(sight), default=first_order(sight))
    day = request.organization.local_date(timezone.now())
    return csv_response(f"{request.organization.slug}-customers-{day}", rows, exported_columns(columns.shown))


@require_safe
@allowed("view")
def customer_detail(request: StaffRequest, pk: Any) -> HttpResponse:
    """Who it is, what they hold, what happened last, and what the apps above know."""
    organization = request.organization
    customer = get_object_or_404(organization.customers, pk=pk)
    accounts = organization.accounts.with_balance(organization)
    context = {
        "customer": customer,
        "profile": profile(customer, sight_of(request.staff)),
        "holdings": customer.holdings.select_related("account__balance").order_by("-role", "pk")[:100],
        "totals": accounts.filter(holders__customer=customer, holders__role="owner").totals(),
        "transactions": latest_transactions(customer),
        "sections": sections(organization, customer.pk, FROM_ABOVE),
    }
    return render(request, "customers/customer_detail.html", context)
