"""The list of refreshes, a page for each, and how often a segment is due."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import DatabaseError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from console.columns import choose
from console.counts import Count, count_of
from console.listing import Listing, show_list
from console.organizations.access import StaffRequest, allowed, may
from console.paging import keyset
from segments.definition.faults import DefinitionFaults
from segments.models import NoDefinition, Run, Segment
from segments.runs.columns import COLUMNS, ORDERS, TONES, RunFilters, seconds
from segments.runs.failing import RULES, advice
from segments.runs.forms import ScheduleForm
from segments.runs.plan import plan_of

UNDER_WAY = (Run.State.QUEUED, Run.State.RUNNING)


@require_safe
@allowed("view")
def run_list(request: StaffRequest) -> HttpResponse:
    """Every refresh of every segment, the newest first: what waits, what each counted, and why one failed."""
    runs = request.organization.segment_runs.select_related(
        "segment__organization", "version", "requested_by__user"
    )
    filters = RunFilters(request, runs)
    page = keyset(filters.rows, request, orders=ORDERS, default="-asked")
    listing = Listing(request, "run", "refreshes", filters, choose(request, "refreshes", COLUMNS), page)
    return show_list(request, "segments/run_list.html", listing)


def _run(request: StaffRequest, pk: UUID) -> Run:
    runs = request.organization.segment_runs.select_related(
        "segment__organization", "segment__version", "version", "requested_by__user"
    )
    run: Run = get_object_or_404(runs, pk=pk)
    return run


@require_safe
@allowed("view")
def run_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One refresh: how long it waited and took, what it did to the members and how, or why it failed and what to do."""
    run = _run(request, pk)
    is_live = run.state in UNDER_WAY
    context = _said(run) | {
        "is_live": is_live,
        "may_edit": may(request.staff, "segments.edit") and not run.segment.archived_at and not is_live,
    }
    if request.htmx.target == "run" and is_live:
        return render(request, "segments/run_detail.html#run", context)
    if (
        request.htmx.target == "run"
    ):  # it has ended: who entered and left, and what can be done now, are other too
        return HttpResponseClientRefresh()
    context |= {"page": _changes(request, run), "plan": _plan(run)}
    part = "#changes" if request.htmx.target == "changes" else ""
    return render(request, f"segments/run_detail.html{part}", context)


def _said(run: Run) -> dict[str, Any]:
    """What the page says of the refresh itself, and of what to do about it."""
    return {
        "run": run,
        "segment": run.segment,
        "tone": TONES[run.state],
        "waited": seconds(run.requested_at, run.started_at),
        "took": seconds(run.started_at, run.finished_at),
        "advice": advice(run),
        "is_about_rules": advice(run) == RULES,
        "looked": _looked(run) if run.state == Run.State.DONE else "",
    }


def _changes(request: StaffRequest, run: Run) -> Any:
    """A page of those who entered and left by it. All of them are of the moment at which it began."""
    events = run.segment.events.filter(at=run.started_at or run.requested_at, run=run).select_related(
        "customer", "account"
    )
    count = Count((run.entered or 0) + (run.left or 0), "exact")
    return keyset(events, request, orders={"at": ("at", "id")}, default="-at", size=25, count=count)


def _looked(run: Run) -> str:
    """At how many of those that there are now it looked, as a sentence."""
    there = count_of(run.segment.population_rows())
    everyone = f"{'≈ ' if there.sure == 'estimate' else ''}{there.value:,} {run.segment.population}"
    if run.looked_at is None:
        return f"It looked at all {everyone}."
    if not run.looked_at:
        return f"Nothing had changed, so it looked at none of the {everyone}."
    return f"It looked at {run.looked_at:,} of {everyone}: of the others nothing had changed."


def _plan(run: Run) -> Any:
    """How the database would go about it now; nothing where it can't: what made a run fail must not hide why."""
    try:
        with transaction.atomic():
            return plan_of(run, at=timezone.now())
    except (DefinitionFaults, DatabaseError):
        return []


@require_POST
@allowed("segments.edit")
def run_again(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Count the segment once more, by the rules in force, and go to that refresh."""
    run = _run(request, pk)
    if run.segment.archived_at:
        messages.error(request, f"“{run.segment}” is archived. Take it back into use first.")
        return redirect(run)
    try:
        following = run.segment.request_refresh(by=request.staff, at=timezone.now())
    except NoDefinition as refusal:
        messages.error(request, str(refusal))
        return redirect(run)
    return redirect(following)


@require_POST
@allowed("segments.edit")
def segment_schedule(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Count the segment every so often from now on, and tell its owner of such moves."""
    segments = request.organization.segments.filter(kind=Segment.Kind.DYNAMIC, archived_at=None)
    segment: Segment = get_object_or_404(segments, pk=pk)
    form = ScheduleForm(request.POST, segment)
    if form.is_valid():
        segment.refresh_every, segment.tell_above = form.interval, form.cleaned_data["tell"]
        segment.save(update_fields=["refresh_every", "tell_above"])
        messages.success(request, f"Members are counted: {form.words}.")
    else:
        messages.error(request, next(str(fault) for faults in form.errors.values() for fault in faults))
    return redirect(segment)
