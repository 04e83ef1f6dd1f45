"""The page that says why a customer or an account is in a segment, or is not."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from console.customers.masking import sight_of
from console.organizations.access import StaffRequest, allowed
from console.sheets import show_sheet
from segments.definition.faults import DefinitionFaults
from segments.explaining.copied import as_text
from segments.explaining.explanation import TooSlow, explain, member_of
from segments.explaining.foretelling import DAYS, foretell
from segments.explaining.words import standing
from segments.models import Population, Segment

OFFERED = 200


@require_safe
@allowed("view")
def why(request: StaffRequest, pk: UUID, who: UUID) -> HttpResponse:
    """The tree of the definition with the actual value at every rule; what is stored, and the way in and out."""
    context = _asked(request, pk, who)
    segment, member, sight = context["segment"], context["member"], sight_of(request.staff)
    try:
        one = explain(segment, member, at=timezone.now(), sight=sight)
    except TooSlow:
        status = 200 if request.htmx.target == "sheet" else 503  # what is refused is not put into a sheet
        return show_sheet(request, "segments/why.html", status, **context, is_slow=True)
    says = standing(one, context["name"])
    return show_sheet(request, "segments/why.html", **context, one=one, says=says, copied=as_text(one, says))


@require_safe
@allowed("view")
def why_ahead(request: StaffRequest, pk: UUID, who: UUID) -> HttpResponse:
    """When that changes by time alone: a page, and the part that the explanation asks for."""
    context = _asked(request, pk, who)
    try:
        context["turn"] = foretell(context["segment"], context["member"], at=timezone.now())
    except DefinitionFaults:
        context["is_unread"] = True
    except TooSlow:
        context["is_slow"] = True
    part = "#said" if request.htmx.target == "ahead" else ""
    return render(request, f"segments/why_ahead.html{part}", {**context, "days": DAYS})


def _asked(request: StaffRequest, pk: UUID, who: UUID) -> dict[str, Any]:
    """The segment, the member and the name by which this person may know them. Raises Http404."""
    segments = request.organization.segments.select_related("organization", "version", "refreshed_version")
    segment: Segment = get_object_or_404(segments, pk=pk)
    member = member_of(segment, who)
    if member is None:
        raise Http404("There is no such customer or account.")
    return {"segment": segment, "member": member, "name": sight_of(request.staff).name(member)}


@require_safe
@allowed("view")
def customer_why(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Choose the segment that is explained for a customer."""
    customer = get_object_or_404(request.organization.customers.select_related("organization"), pk=pk)
    return _choose(request, customer, Population.CUSTOMERS)


@require_safe
@allowed("view")
def account_why(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Choose the segment that is explained for an account."""
    account = get_object_or_404(request.organization.accounts.select_related("organization"), pk=pk)
    return _choose(request, account, Population.ACCOUNTS)


def _choose(request: StaffRequest, member: Any, population: str) -> HttpResponse:
    """The segments that could hold the member, each with the way to its explanation."""
    could = request.organization.segments.filter(population=population, archived_at=None)
    held = set(member.memberships.values_list("segment", flat=True))
    words = request.GET.get("q", "").strip().replace("\0", "")
    found = could.filter(name__icontains=words) if words else could
    rows = [(each, each.pk in held) for each in found.order_by("name", "pk")[: OFFERED + 1]]
    context = {"member": member, "rows": rows[:OFFERED], "words": words, "is_more": len(rows) > OFFERED}
    return render(request, "segments/why_choose.html", {**context, "population": population})
