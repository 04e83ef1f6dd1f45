"""The audit trail: the list, its file, one event side by side, and what happened to one thing."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from console.audit.acts import acts_of
from console.audit.columns import FILE, ORDERS, TONES, act_columns
from console.audit.fields import Names, lines
from console.audit.filtersets import EventFilters
from console.audit.words import kind_of, thing, title_of, what, who
from console.columns import choose
from console.exports import csv_response
from console.listing import Listing, show_list
from console.organizations.access import StaffRequest, allowed, may
from console.paging import every_row, keyset

LATEST = 50
# What has a page on which its history stands, by the organization's names for them.
HAVE_HISTORY = (
    *("customers", "accounts", "account_types", "assets", "ledgers", "portfolios", "segments", "bulk_runs"),
    *("invoices", "payment_methods", "connectors", "monitors", "attributes"),
    *("configurations", "templates", "endpoints", "campaigns"),
)
# What not everybody may look at has its history only for who may. A colleague is known by the id of the person.
GUARDED_HISTORY = (("staff", "staff.view", "user"), ("api_keys", "keys.view", "pk"))


def events(request: StaffRequest) -> Any:
    """The organization's events with who did them."""
    return request.organization.audit_events.select_related("organization", "staff__user", "user", "key")


@require_safe
@allowed("audit.view")
def event_list(request: StaffRequest) -> HttpResponse:
    """Every change, newest first, as the filters say; what one request did stands together."""
    filters = EventFilters(request, events(request))
    page = keyset(filters.rows, request, orders=ORDERS, default="-at")
    names = Names(page.rows, zone=request.organization.zone)
    columns = choose(request, "audit", act_columns(request.staff, names))
    listing = Listing(request, "event", "events", filters, columns, replace(page, rows=acts_of(page.rows)))
    export_url = request.organization.url("audit:event_export") + listing.query
    return show_list(request, "audit/event_list.html", listing, export_url=export_url)


@require_safe
@allowed("audit.export")
def event_export(request: StaffRequest) -> HttpResponseBase:
    """The same list as a CSV file, whole, with each event's number and link in the chain."""
    filters = EventFilters(request, events(request))
    rows = every_row(filters.rows, request, orders=ORDERS, default="-at")
    day = request.organization.local_date(timezone.now())
    return csv_response(f"{request.organization.slug}-audit-{day}", rows, FILE)


@require_safe
@allowed("audit.view")
def event_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One event: each field before and after, who did it and from where, its place in the chain."""
    event = get_object_or_404(events(request), pk=pk)
    names = Names([event], zone=request.organization.zone)
    words, url = thing(event, request.staff, names)
    place = f"Number {event.seq}, sealed by the key “{event.mac_key}”" if event.seq else "Waits for its link"
    facts = [
        ("Who", who(event)),
        ("From", event.address),
        ("Request", event.request),
        ("Id", event.object_id),
    ]
    context = {
        "event": event,
        "what": what(event, names),
        "who": who(event),
        "kind": title_of(event.model),
        "tone": TONES[event.action],
        "lines": lines(event, names),
        "thing": words,
        "thing_url": url,
        "facts": [*((label, value) for label, value in facts if value), ("In the chain", place)],
        "same_request": f"?q={event.request}" if event.request else "",
    }
    return render(request, "audit/event_detail.html", context)


@require_safe
@allowed("view")
def history(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What people, keys and schedules did to one thing and its parts: a page, and the card on the thing's own page."""
    subject = _subject(request, pk)
    latest = list(request.organization.audit_events.history_of(subject)[: LATEST + 1])
    names = Names(latest, zone=request.organization.zone)
    acts = [[act.lead, *act.others] for act in acts_of(latest[:LATEST])]
    context = {
        "subject": subject,
        "kind": kind_of(subject._meta.label),
        "is_personal": subject._meta.label in ("customers.Customer", "portfolios.Account"),
        "has_more": len(latest) > LATEST,
        "acts": [
            [(event, who(event), what(event, names), lines(event, names)) for event in act] for act in acts
        ],
        "all_url": f"{request.organization.url('audit:event_list')}?q={pk}",
        "may_search": may(request.staff, "audit.view"),
    }
    part = "#card" if request.htmx.target == "row-history" else ""
    return render(request, f"audit/history.html{part}", context)


def _subject(request: StaffRequest, pk: UUID) -> Any:
    if pk == request.organization.pk:
        return request.organization
    guarded = [(name, field) for name, needed, field in GUARDED_HISTORY if may(request.staff, needed)]
    for name, field in [*((name, "pk") for name in HAVE_HISTORY), *guarded]:
        if found := getattr(request.organization, name).filter(**{field: pk}).first():
            return found
    raise Http404(f"Nothing here has the id {pk}.")
