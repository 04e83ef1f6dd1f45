"""Pages by which segments are kept in order: whose one is, its tags, and whether it is a favourite of one's own."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from console.organizations.access import StaffRequest, allowed
from console.sheets import Sheet, leave, show_form
from segments.described.forms import DescribedForm
from segments.models import Segment

ABOUT = "Who belongs does not change by it."


def _segment(request: StaffRequest, pk: UUID) -> Segment:
    segments = request.organization.segments.select_related("organization", "owner__user")
    segment: Segment = get_object_or_404(segments, pk=pk)
    return segment


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("segments.edit")
def segment_describe(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Its owner, tags and benefits."""
    segment = _segment(request, pk)
    form = DescribedForm(request, segment)
    if form.is_bound and form.is_kept():
        return leave(request, segment.get_absolute_url(), f"“{segment}” is saved.")
    sheet = Sheet("Owner and tags", segment.name, segment.get_absolute_url(), about=ABOUT)
    return show_form(request, form, sheet)


@require_POST
@allowed("view")
def segment_favourite(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Make it a favourite of the person’s own, or no longer: `is` says which, so that a second press undoes nothing."""
    segment = _segment(request, pk)
    if request.POST.get("is") == "yes":
        segment.favourites.get_or_create(staff=request.staff)
    else:
        segment.favourites.filter(staff=request.staff).delete()
    return redirect(segment)
