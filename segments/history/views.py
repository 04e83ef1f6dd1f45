"""Pages of a segment's past: members on a date, entries and exits of a record, versions and what changed in them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from console.counts import Count
from console.customers.masking import sight_of
from console.organizations.access import StaffRequest, allowed, may
from console.paging import keyset
from console.templatetags.console import day
from segments.history import versions as history
from segments.history.forms import DayForm
from segments.history.members import count_on, members_on
from segments.models import MembershipEvent, Segment, SegmentVersion, VersionConflict

CAUSES = ("segment", "version", "run", "by__user", "key", "bulk__requested_by__user")
BY_TIME = {"at": ("at", "id")}


def _segment(request: StaffRequest, pk: UUID) -> Segment:
    segments = request.organization.segments.select_related("organization", "version")
    segment: Segment = get_object_or_404(segments, pk=pk)
    return segment


@require_safe
@allowed("view")
def members_at(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Who was in when a local day ended: how many, and each with since when."""
    segment = _segment(request, pk)
    today = request.organization.local_date(timezone.now())
    form = DayForm(request.GET if "on" in request.GET else {"on": today.isoformat()}, today=today)
    context: dict[str, Any] = {"segment": segment, "form": form, "today": today}
    if form.is_valid():
        on = form.cleaned_data["on"]
        number = count_on(segment, on)
        rows, count = members_on(segment, on), Count(number, "exact")
        page = keyset(rows, request, orders=BY_TIME, default="-at", size=25, count=count)
        context |= {"on": on, "number": number, "page": page}
        made_on = request.organization.local_date(segment.created_at)
        context["made"] = f"It was made on {day(made_on)}." if on < made_on else ""
    return render(request, "segments/members_at.html", context, status=200 if form.is_valid() else 422)


@require_safe
@allowed("view")
def customer_history(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Every entry and exit of a customer, across segments, the newest first."""
    return _history(request, get_object_or_404(request.organization.customers, pk=pk), "Customers")


@require_safe
@allowed("view")
def account_history(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Every entry and exit of an account, across segments, the newest first."""
    return _history(request, get_object_or_404(request.organization.accounts, pk=pk), "Accounts")


def _history(request: StaffRequest, subject: Any, up: str) -> HttpResponse:
    events = subject.membership_events.select_related(*CAUSES)
    if request.GET.get("change") in MembershipEvent.Change.values:
        events = events.filter(change=request.GET["change"])
    page = keyset(events, request, orders=BY_TIME, default="-at")
    subject.organization = request.organization
    name = "customers:customer_list" if up == "Customers" else "portfolios:account_list"
    context = {"subject": subject, "page": page, "up": up, "up_name": name}
    return render(request, "segments/record_history.html", context)


@require_safe
@allowed("view")
def version_list(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Every version with what it changed, who saved it and what that did to the members."""
    segment = _segment(request, pk)
    rows = segment.versions.select_related("created_by__user")
    page = keyset(rows, request, orders={"number": ("number",)}, default="-number", size=25)
    lines = _lines(segment, page.rows)
    return render(request, "segments/version_list.html", {"segment": segment, "page": page, "lines": lines})


def _lines(segment: Segment, rows: list[SegmentVersion]) -> list[dict[str, Any]]:
    """A page of versions, each with what changed since the one before and its first count."""
    older = segment.versions.filter(number=rows[-1].number - 1).first() if rows else None
    names = history.names_of(segment, *rows, *filter(None, [older]))
    read = [history.read(each, segment, names) for each in [*rows, *filter(None, [older])]]
    done = segment.runs.filter(state="done", version__in=rows).order_by("version_id", "requested_at")
    effects = {run.version_id: run for run in done.distinct("version_id")}
    before = [*read[1:], None]
    return [
        {
            "version": one.version,
            "words": one.words,
            "changed": history.compare(prior, one, names).summary if prior else "The first rules.",
            "prior": prior.version.number if prior else None,
            "effect": effects.get(one.version.pk),
        }
        for one, prior in zip(read[: len(rows)], before, strict=False)
    ]


@require_safe
@allowed("view")
def version_compare(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What changed between two versions, the last two where none are named; the way back to the other one."""
    segment = _segment(request, pk)
    numbers = list(segment.versions.values_list("number", flat=True))
    context: dict[str, Any] = {"segment": segment, "numbers": numbers}
    if len(numbers) > 1:
        after = _numbered(segment, request.GET.get("to") or str(numbers[0]))
        earlier = numbers[numbers.index(after.number) + 1 :] or numbers[:1]
        before = _numbered(segment, request.GET.get("from") or str(earlier[0]))
        context |= {"before": before, "after": after, **_compared(request, segment, before, after)}
    return render(request, "segments/version_compare.html", context)


def _compared(
    request: StaffRequest, segment: Segment, before: SegmentVersion, after: SegmentVersion
) -> dict[str, Any]:
    """The comparison, and the one of the two that can be put in force again, with what that would do."""
    context: dict[str, Any] = {}
    if before.pk != after.pk:
        names = history.names_of(segment, before, after)
        read = [history.read(each, segment, names) for each in (before, after)]
        context["comparison"] = history.compare(read[0], read[1], names)
        other = next((each for each in read if each.version.pk != segment.version_id), read[0])
        if may(request.staff, "segments.edit") and not segment.archived_at and other.node:
            change = history.effect(segment, other.version, at=timezone.now())
            context |= {"other": other.version, "change": change}
    return context


def _numbered(segment: Segment, text: str) -> SegmentVersion:
    """The version that somebody names by its number. Raises Http404."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    version: SegmentVersion = get_object_or_404(
        segment.versions.select_related("created_by__user"), number=number
    )
    return version


@require_POST
@allowed("segments.edit")
def version_restore(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Put an earlier version in force again, as the next one."""
    segment = _segment(request, pk)
    if not request.POST.get("number"):
        messages.error(request, "Choose the version that shall be in force again.")
        return redirect(request.organization.url("segments:version_list", pk))
    version = _numbered(segment, request.POST["number"])
    expected = _numbered(segment, request.POST.get("expected", "")).number
    at, sight = timezone.now(), sight_of(request.staff)
    try:
        made = history.restore(segment, version, by=request.staff, at=at, expected=expected, sight=sight)
    except VersionConflict as conflict:
        messages.error(
            request, f"Version {conflict.latest.number} was saved meanwhile. Compare with that one first."
        )
    except history.CantRestore as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            f"Version {made.number} says what version {version.number} said. Members are being counted.",
        )
        return redirect(segment.get_absolute_url())
    return redirect(f"{request.organization.url('segments:version_compare', pk)}?to={version.number}")
