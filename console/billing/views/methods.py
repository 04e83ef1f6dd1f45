"""Payment methods: the list, the page of one, and keeping them."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from console.billing.columns import METHOD_ORDERS, method_columns, method_words
from console.billing.facts import method_facts
from console.billing.filtersets import MethodFilters
from console.billing.forms.methods import MethodForm
from console.billing.forms.of_customer import asked_customer
from console.billing.models import PaymentMethod
from console.columns import choose
from console.customers.masking import sight_of
from console.listing import Listing, show_list
from console.metadata import in_words
from console.organizations.access import StaffRequest, allowed, may
from console.paging import keyset
from console.sheets import EDITED, Sheet, delete, leave, show_form


@require_safe
@allowed("view")
def method_list(request: StaffRequest) -> HttpResponse:
    """Payment methods, filtered and ordered as the address says, a page at a time."""
    organization = request.organization
    rows = organization.payment_methods.select_related("customer", "connector", "organization")
    filters = MethodFilters(request, rows)
    columns = choose(request, "payment methods", method_columns(sight_of(request.staff)))
    page = keyset(filters.rows, request, orders=METHOD_ORDERS, default="-created")
    listing = Listing(request, "method", "payment methods", filters, columns, page)
    may_edit = may(request.staff, "billing.edit")
    return show_list(request, "billing/method_list.html", listing, may_edit=may_edit)


@require_safe
@allowed("view")
def method_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What it is, whether it works, and where it is kept."""
    method = _method(request, pk)
    today = request.organization.local_date(timezone.now())
    context = {
        "method": method,
        "words": method_words(sight_of(request.staff))(method),
        "facts": method_facts(method),
        "has_run_out": method.has_run_out(today),
        "metadata": in_words(method.metadata),
        "may_edit": may(request.staff, "billing.edit"),
    }
    return render(request, "billing/method_detail.html", context)


def _method(request: StaffRequest, pk: UUID) -> PaymentMethod:
    rows = request.organization.payment_methods.select_related("customer", "connector", "organization")
    found: PaymentMethod = get_object_or_404(rows, pk=pk)
    return found


@require_http_methods(EDITED)
@allowed("billing.edit")
def method_create(request: StaffRequest) -> HttpResponse:
    """Another way in which a customer, named in the address or looked for, pays."""
    organization = request.organization
    form = MethodForm(request, PaymentMethod(organization=organization, customer=asked_customer(request)))
    if form.is_bound and form.is_kept():
        return leave(request, form.record.get_absolute_url(), "The payment method is entered.")
    up_url = organization.url("billing:method_list")
    sheet = Sheet("New payment method", "Payment methods", up_url, "Enter the method", "Entering…")
    return show_form(request, form, sheet)


@require_http_methods(EDITED)
@allowed("billing.edit")
def method_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Its status, whether it is the default, what tells it apart."""
    method = _method(request, pk)
    form = MethodForm(request, method)
    if form.is_bound and form.is_kept():
        return leave(request, method.get_absolute_url(), "The payment method is saved.")
    return show_form(request, form, Sheet("Edit payment method", "Payment method", method.get_absolute_url()))


@require_http_methods(EDITED)
@allowed("billing.edit")
def method_delete(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Take it off the customer."""
    method = _method(request, pk)
    url = method.get_absolute_url()
    sheet = Sheet(
        "Delete the payment method?", "Payment method", url, "Delete the payment method", "Deleting…"
    )
    after = request.organization.url("billing:method_list")
    return delete(request, method, sheet, after=after, name="the payment method")
