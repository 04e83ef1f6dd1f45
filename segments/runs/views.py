"""The list of refreshes, and how often a segment is due."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from console.columns import choose
from console.listing import Listing, show_list
from console.organizations.access import StaffRequest, allowed
from console.paging import keyset
from segments.models import Segment
from segments.runs.columns import COLUMNS, ORDERS, RunFilters
from segments.runs.forms import ScheduleForm


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
