"""The page on which segments are compared: which are chosen, which could be, and how many each combination holds."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from console.charts import share_bar
from console.filters import is_uuid
from console.organizations.access import StaffRequest, allowed, may
from segments.models import Segment
from segments.starting.overlapping import MOST, overlap

FOUND = 10


@require_safe
@allowed("view")
def segment_overlap(request: StaffRequest) -> HttpResponse:
    """Up to five segments of one kind of member: how many are in each combination of them, to save as a segment."""
    chosen = _chosen(request)
    words = request.GET.get("q", "").replace("\0", "").strip()[:200]
    context = {
        "chosen": [(segment, _without(chosen, segment)) for segment in chosen],
        "words": words,
        "found": _others(request, chosen, words),
        "is_full": len(chosen) == MOST,
        "rows": _rows(request, chosen) if len(chosen) > 1 else [],
        "uncounted": [one for one in chosen if not one.refreshed_at and one.kind == Segment.Kind.DYNAMIC],
    }
    return render(request, "segments/segment_overlap.html", context)


def _chosen(request: StaffRequest) -> list[Segment]:
    """The segments that the address names, in its order, those with the kind of member that the first has."""
    asked = [pk for pk in dict.fromkeys(request.GET.getlist("s")) if is_uuid(pk)]
    there = {str(segment.pk): segment for segment in _live(request).filter(pk__in=asked[: 4 * MOST])}
    found = [there[pk] for pk in asked if pk in there]
    return [segment for segment in found if segment.population == found[0].population][:MOST]


def _others(request: StaffRequest, chosen: list[Segment], words: str) -> list[Segment]:
    """The first few by name that could be added, one more than are shown."""
    rows = _live(request).exclude(pk__in=[segment.pk for segment in chosen]).order_by("name", "pk")
    if chosen:
        rows = rows.filter(population=chosen[0].population)
    return list((rows.filter(name__icontains=words) if words else rows)[: FOUND + 1])


def _live(request: StaffRequest) -> "QuerySet[Segment]":
    found: QuerySet[Segment] = request.organization.segments.filter(archived_at=None)
    return found


def _without(chosen: list[Segment], one: Segment) -> str:
    return "?" + urlencode([("s", str(segment.pk)) for segment in chosen if segment != one])


def _rows(request: StaffRequest, chosen: list[Segment]) -> list[dict[str, Any]]:
    """Each combination with a dot for every segment, its share of all that are in one at least, and its bar."""
    found = overlap(request.organization, chosen)
    total = sum(one.number for one in found)
    create = request.organization.url("segments:segment_create")
    is_allowed = may(request.staff, "segments.edit")
    return [
        {
            "combination": one,
            "dots": [(segment in one.inside, segment.name) for segment in chosen],
            "total": total,
            "bar": share_bar(one.number, found[0].number),
            "url": f"{create}?{urlencode(one.asked)}" if is_allowed else "",
        }
        for one in found
    ]
