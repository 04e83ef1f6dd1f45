"""Monitors: the list, the page of one with whom it holds for, and keeping them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from console.billing.columns import (
    NAME_ORDERS,
    READING_ORDERS,
    condition,
    held_by,
    monitor_columns,
    reading_columns,
)
from console.billing.filtersets import NameFilters, ReadingFilters
from console.billing.forms.monitors import MonitorForm
from console.billing.models import Monitor
from console.billing.tasks import evaluate
from console.columns import choose
from console.customers.masking import sight_of
from console.listing import Listing, show_list
from console.metadata import in_words
from console.organizations.access import StaffRequest, allowed, may
from console.paging import keyset
from console.sheets import EDITED, Sheet, delete, leave, show_form
from console.wakeup import wake


@require_safe
@allowed("view")
def monitor_list(request: StaffRequest) -> HttpResponse:
    """The figures that are watched, and for how many customers each one holds."""
    filters = NameFilters(request, request.organization.monitors.select_related("organization"))
    page = keyset(filters.rows, request, orders=NAME_ORDERS, default="name")
    columns = choose(request, "monitors", monitor_columns())
    listing = Listing(request, "monitor", "monitors", filters, columns, page)
    return show_list(
        request, "billing/monitor_list.html", listing, may_edit=may(request.staff, "monitors.edit")
    )


@require_safe
@allowed("view")
def monitor_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Each customer's figure, and whether the monitor holds for it."""
    monitor = _monitor(request, pk)
    filters = ReadingFilters(request, monitor.readings.select_related("customer", "organization"))
    columns = choose(request, "readings", reading_columns(monitor, sight_of(request.staff)))
    first = "-value" if monitor.test in ("gt", "gte") else "value"  # those for whom it holds
    page = keyset(filters.rows, request, orders=READING_ORDERS, default=first)
    listing = Listing(request, "reading", "customers", filters, columns, page)
    context = {
        "monitor": monitor,
        "condition": condition(monitor),
        "holding": held_by(monitor),
        "metadata": in_words(monitor.metadata),
        "may_edit": may(request.staff, "monitors.edit"),
    }
    return show_list(request, "billing/monitor_detail.html", listing, **context)


def _monitor(request: StaffRequest, pk: UUID) -> Monitor:
    found: Monitor = get_object_or_404(request.organization.monitors.select_related("organization"), pk=pk)
    return found


@require_http_methods(EDITED)
@allowed("monitors.edit")
def monitor_create(request: StaffRequest) -> HttpResponse:
    """Another figure to watch."""
    form = MonitorForm(request, Monitor(organization=request.organization))
    if form.is_bound and form.is_kept():
        _wake(form.record)
        return leave(request, form.record.get_absolute_url(), f"Monitor {form.record} is set up.")
    up_url = request.organization.url("billing:monitor_list")
    return show_form(request, form, Sheet("New monitor", "Monitors", up_url, "Set up the monitor", "Saving…"))


@require_http_methods(EDITED)
@allowed("monitors.edit")
def monitor_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What it watches; it is evaluated anew."""
    monitor = _monitor(request, pk)
    form = MonitorForm(request, monitor)
    if form.is_bound and form.is_kept():
        _wake(monitor)
        return leave(request, monitor.get_absolute_url(), f"Monitor {monitor} is saved.")
    name = form.initial["name"]
    return show_form(request, form, Sheet(f"Edit monitor {name}", name, monitor.get_absolute_url()))


@require_POST
@allowed("monitors.edit")
def monitor_evaluate(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Evaluate it now, not when its turn comes."""
    monitor = _monitor(request, pk)
    monitor.ask()
    _wake(monitor)
    messages.success(request, "It is evaluated now. Load the page again in a moment.")
    return redirect(monitor)


@require_http_methods(EDITED)
@allowed("monitors.edit")
def monitor_delete(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Watch it no more."""
    monitor = _monitor(request, pk)
    name, url = f"monitor {monitor}", monitor.get_absolute_url()
    sheet = Sheet(f"Delete {name}?", monitor.name, url, f"Delete {name}", "Deleting…")
    after = request.organization.url("billing:monitor_list")
    return delete(request, monitor, sheet, after=after, name=name)


def _wake(monitor: Monitor) -> None:
    wake(evaluate, str(monitor.pk), organization=monitor.organization_id)
