"""Pages of segments: the list, one segment with its members, its refresh, its file, and the segments of a record."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from console.columns import choose
from console.ledgers.narrowing import narrowed
from console.listing import Listing, show_list
from console.metadata import in_words
from console.organizations.access import StaffRequest, allowed, may
from console.paging import keyset
from console.portfolios.models import Account
from segments.assigned import retiring
from segments.assigned.places import AT_ONCE
from segments.builder.lacking import lacking
from segments.builder.lexicon import Lexicon
from segments.builder.saving import FIELDS, begin, sentence
from segments.columns import COLUMNS, ORDERS, how_sure, state_badge
from segments.exchange import write
from segments.filtersets import SegmentFilters, listed
from segments.forms import ExchangeForm
from segments.history.growth import growth, moved
from segments.many.views import picking
from segments.members import members
from segments.models import (
    AlreadyDone,
    Draft,
    InUse,
    MadeOfArchived,
    MembershipEvent,
    NameTaken,
    NoDefinition,
    Segment,
)
from segments.runs.forms import ScheduleForm
from segments.using import users_of

WEEK = timedelta(days=7)
CAUSES = ("customer", "account", "version", "by__user", "key", "bulk__requested_by__user")


@require_safe
@allowed("view")
@narrowed
def segment_list(request: StaffRequest) -> HttpResponse:
    """Every segment with how many belong and how sure that is; the person's own unsaved drafts above."""
    filters = SegmentFilters(request, listed(request.organization))
    page = keyset(filters.rows, request, orders=ORDERS, default="name")
    columns = choose(request, "segments", COLUMNS)
    listing = Listing(request, "segment", "segments", filters, columns, page, picking(request))
    context = {
        "drafts": request.staff.segment_drafts.filter(organization=request.organization, segment=None),
        "favourites": request.organization.segments.filter(
            favourites__staff=request.staff, archived_at=None
        ).select_related("organization"),
        "may_edit": may(request.staff, "segments.edit"),
    }
    return show_list(request, "segments/segment_list.html", listing, **context)


def _segment(request: StaffRequest, pk: UUID) -> Segment:
    segments = request.organization.segments.select_related(
        "version__created_by__user", "owner__user", "refreshed_version", "organization", "ledger", "freshness"
    )
    segment: Segment = get_object_or_404(segments, pk=pk)
    return segment


@require_safe
@allowed("view")
def segment_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Who is in it, since when, by which rules; what its last refresh did, and what the one under way is doing."""
    segment = _segment(request, pk)
    run: Any = segment.runs.select_related("requested_by__user", "version").first()
    if run is not None and run.started_at and run.finished_at:
        run.took = f"{(run.finished_at - run.started_at).total_seconds():.1f} s"
    context = {"segment": segment, "run": run, "may_edit": may(request.staff, "segments.edit")}
    context["metadata"] = in_words(segment.metadata)
    context |= {"may_tag": may(request.staff, "record.edit")}
    context["is_favourite"] = segment.favourites.filter(staff=request.staff).exists()
    context["badge"] = state_badge(segment, run.state if run else "", is_under_way=False)
    if request.htmx.target == "run" and run is not None and run.state in ("queued", "running"):
        return render(request, "segments/segment_detail.html#run", context)
    context |= members(request, segment) | {"users": users_of(segment)}
    context["places_at_once"] = (segment.member_count or 0) <= AT_ONCE
    context["week"] = moved(segment, since=timezone.now() - WEEK)
    context["schedule"] = ScheduleForm(None, segment)
    context["lapses_at"] = segment.freshness.lapses_at if hasattr(segment, "freshness") else None
    context |= _written(request, segment) | {"charts": growth(segment, timezone.now())}
    if request.htmx.target == "run":
        return render(request, "segments/segment_detail.html#settled", context)
    part = "#members" if request.htmx.target == "members" else ""
    return render(request, f"segments/segment_detail.html{part}", context)


def _written(request: StaffRequest, segment: Segment) -> dict[str, Any]:
    """The rules and the last versions in plain English, and the last entries and exits."""
    lexicon = Lexicon.of(request.organization, segment.population)
    done = segment.runs.filter(state="done").order_by("version_id", "requested_at").distinct("version_id")
    effects = {run.version_id: run for run in done}
    versions: list[Any] = [
        (version, sentence(version.definition, segment.population, lexicon, request.organization))
        for version in segment.versions.select_related("created_by__user")[:5]
    ]
    for version, _ in versions:
        version.effect = effects.get(version.pk)
    events = segment.events.select_related(*CAUSES).order_by("-at", "-pk")[:8]
    return {
        "versions": versions,
        "words": versions[0][1] if versions else "",
        "events": events,
        "sure": how_sure(segment),
    }


@require_safe
@allowed("view")
def segment_events(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Every entry and exit, the newest first."""
    segment = _segment(request, pk)
    events = segment.events.select_related(*CAUSES)
    if request.GET.get("change") in MembershipEvent.Change.values:
        events = events.filter(change=request.GET["change"])
    page = keyset(events, request, orders={"at": ("at", "id")}, default="-at")
    return render(request, "segments/segment_events.html", {"segment": segment, "page": page})


@require_POST
@allowed("segments.edit")
def segment_refresh(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Queue a refresh; the page shows how far it is."""
    segment = _segment(request, pk)
    try:
        segment.request_refresh(by=request.staff, at=timezone.now())
    except NoDefinition as refusal:
        messages.error(request, str(refusal))
    return redirect(segment.get_absolute_url())


@require_safe
@allowed("view")
def segment_export(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The segment's exchange file."""
    segment = _segment(request, pk)
    response = JsonResponse(write(segment), json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="{slugify(segment.name) or "segment"}.json"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("segments.edit")
def segment_import(request: StaffRequest) -> HttpResponse:
    """Read an exchange file into a draft: its faults, if any, are shown at its rules.

    What it names that is not here is listed first; the text stays in the form, and opens as a draft if asked to.
    """
    form = ExchangeForm(request.POST or None, request.FILES or None)
    if not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "segments/segment_import.html", {"form": form}, status=status)
    exchange = form.cleaned_data["exchange"]
    lacks = lacking(exchange.definition, Lexicon.of(request.organization, exchange.population))
    if lacks and "anyway" not in request.POST:
        again = ExchangeForm(initial={"text": form.cleaned_data["raw"]})
        may_declare = may(request.staff, "attributes.edit")
        context = {"form": again, "lacks": lacks, "name": exchange.name, "may_declare": may_declare}
        return render(request, "segments/segment_import.html", context)
    draft = Draft(organization=request.organization, staff=request.staff)
    for name in FIELDS:
        setattr(draft, name, getattr(exchange, name))
    draft.keep(exchange.definition, at=timezone.now())
    return redirect(request.organization.url("segments:draft_edit", draft.pk))


@require_POST
@allowed("segments.edit")
def segment_duplicate(request: StaffRequest, pk: UUID) -> HttpResponse:
    """A draft of a new segment that starts from this one's rules."""
    source = begin(_segment(request, pk), request.staff, at=timezone.now())
    copy = Draft(organization=request.organization, staff=request.staff, population=source.population)
    copy.name, copy.description, copy.is_marketing = (
        f"{source.name}, copy"[:256],
        source.description,
        source.is_marketing,
    )
    copy.keep(source.definition, at=timezone.now())
    return redirect(request.organization.url("segments:draft_edit", copy.pk))


@require_POST
@allowed("segments.edit")
def segment_archive(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Take the segment out of use. What still uses it keeps it."""
    segment = _segment(request, pk)
    if segment.kind == Segment.Kind.ASSIGNED:  # whom it is taken from is said first
        return redirect(request.organization.url("segments:assigned_retire", pk))
    try:
        retiring.archive(segment, at=timezone.now())
    except (InUse, AlreadyDone) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{segment} is archived.")
    return redirect(segment.get_absolute_url())


@require_POST
@allowed("segments.edit")
def segment_restore(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Put an archived segment back into use."""
    segment = _segment(request, pk)
    try:
        segment.restore()
    except (NameTaken, AlreadyDone, MadeOfArchived) as refusal:
        messages.error(request, str(refusal))
    else:
        if segment.version_id:  # while it was archived nobody counted it
            segment.request_refresh(by=request.staff, at=timezone.now())
        messages.success(request, f"{segment} is in use again.")
    return redirect(segment.get_absolute_url())


@require_safe
@allowed("view")
def customer_segments(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The segments a customer is in, and since when."""
    customer = get_object_or_404(request.organization.customers, pk=pk)
    place = {"up": "Customers", "up_name": "customers:customer_list"}
    return _card(request, customer, "customer-segments", **place)


@require_safe
@allowed("view")
def account_segments(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The segments an account is in, and since when."""
    accounts = request.organization.accounts.select_related("organization")
    account: Account = get_object_or_404(accounts, pk=pk)
    place: dict[str, Any] = {"up": "Accounts", "up_name": "portfolios:account_list"}
    place["may_tag"] = may(request.staff, "record.edit")
    return _card(request, account, "account-segments", **place)


def _card(request: StaffRequest, subject: Any, region: str, **place: Any) -> HttpResponse:
    """A page of its own, and the card that the page of the customer or account asks for."""
    memberships = subject.memberships.select_related("segment").order_by("-entered_at", "-pk")
    for membership in memberships:
        membership.segment.organization = request.organization
    part = "#card" if request.htmx.target == region else ""
    context = {"subject": subject, "region": region, "memberships": memberships, "may_tag": False, **place}
    return render(request, f"segments/record_segments.html{part}", context)
