"""Pages of assigned segments: made, changed, taken out of use; where a segment's accounts are."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from console.keeping import StillUsed
from console.organizations.access import StaffRequest, allowed
from console.portfolios.querysets import is_many
from console.sheets import Sheet, leave, show_form
from segments.assigned import retiring
from segments.assigned.assigning import blank
from segments.assigned.forms import AssignedForm
from segments.assigned.places import places
from segments.builder.counting import TooSlow
from segments.models import AlreadyDone, InUse, Segment
from segments.using import users_of

WHAT = (
    "A tag that staff put on accounts, or your systems by the API. An account carries one at most: the next takes the "
    "place of the one before. Where rules can say who belongs, build a dynamic segment instead: it keeps itself."
)


def _tag(request: StaffRequest, pk: UUID) -> Segment:
    segments = request.organization.segments.filter(kind=Segment.Kind.ASSIGNED)
    segment: Segment = get_object_or_404(segments.select_related("organization", "ledger"), pk=pk)
    return segment


def _answer(request: StaffRequest, form: AssignedForm, sheet: Sheet, done: str) -> HttpResponse:
    """Keep what was sent and go on at the segment's page; else show the form."""
    if form.is_bound and form.is_kept():
        return leave(request, form.record.get_absolute_url(), f"“{form.record}” {done}.")
    return show_form(request, form, sheet)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("segments.edit")
def assigned_create(request: StaffRequest) -> HttpResponse:
    """A new segment that accounts are tagged with."""
    url = request.organization.url("segments:segment_list")
    form = AssignedForm(request, blank(request.organization, owner=request.staff))
    sheet = Sheet("New assigned segment", "Segments", url, "Make the segment", about=WHAT)
    return _answer(request, form, sheet, "is there. Now choose its accounts")


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("segments.edit")
def assigned_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Its name, description, benefits, status and metadata."""
    segment = _tag(request, pk)
    sheet = Sheet(f"Edit {segment}", segment.name, segment.get_absolute_url())
    return _answer(request, AssignedForm(request, segment), sheet, "is saved")


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("segments.edit")
def assigned_retire(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Archive or delete it: how many accounts carry it and what uses it is said first."""
    segment = _tag(request, pk)
    if request.method != "POST":
        context = {"segment": segment, "users": users_of(segment), "work": retiring.under_way(segment)}
        context["is_many"] = is_many(segment.account_memberships.all())
        return render(request, "segments/assigned_retire.html", context)
    is_deleted = request.POST.get("how") == "delete"
    try:
        act = retiring.delete if is_deleted else retiring.archive
        retired = act(segment, at=timezone.now())
    except (StillUsed, InUse, AlreadyDone) as refusal:
        messages.error(request, str(refusal))
        return redirect(request.path)
    if retired.run:
        return redirect(retired.run)
    number, done = retired.number, f"“{segment}” is {'deleted' if is_deleted else 'archived'}"
    messages.success(
        request, f"{done}; {number:,} account{'s carry' if number != 1 else ' carries'} it no more."
    )
    return redirect(request.organization.url("segments:segment_list"))


@require_safe
@allowed("view")
def segment_places(request: StaffRequest, pk: UUID) -> HttpResponse:
    """In which ledgers and portfolios a segment's accounts are, those of customers by what they hold."""
    segments = request.organization.segments.select_related("organization")
    segment: Segment = get_object_or_404(segments, pk=pk)
    context: dict[str, Any] = {"segment": segment}
    try:
        context |= places(segment)
    except TooSlow:
        context["is_slow"] = True
    part = "#card" if request.htmx.target == "segment-places" else ""
    return render(request, f"segments/segment_places.html{part}", context)
