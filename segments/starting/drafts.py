"""A new draft, empty or begun from its address: a list's filters, or a ready-made segment with figures."""

from copy import copy
from dataclasses import dataclass, field
from datetime import datetime

from django.http import QueryDict

from console.filters import is_uuid
from console.organizations.access import StaffRequest
from segments.builder.page import FIRST
from segments.models import Draft
from segments.starting import overlapping
from segments.starting.from_lists import FILTERS, rules_of
from segments.starting.overlapping import MOST, Combination
from segments.starting.ready_made import BY_KEY
from segments.starting.rules import all_of

LISTS = {"customers", "accounts"}


@dataclass(frozen=True)
class Beginning:
    """A draft that is not stored yet, and the filters that it could not take along.

    `said` is the address's question: what the page sends carries it, so that nothing is kept before somebody edits.
    """

    draft: Draft
    said: str = ""
    left_out: list[str] = field(default_factory=list)

    @property
    def missing(self) -> str:
        """The filters that were left out, in words."""
        return f"{', '.join(self.left_out)}. Add what you need."


def begin(request: StaffRequest, *, at: datetime) -> Beginning:
    """What the address, or the form that came from it, says to begin with. What can't be read begins empty."""
    said = request.POST.get("begun") if request.method == "POST" else request.GET.urlencode()
    asked = QueryDict(said or "")
    draft = Draft(organization=request.organization, staff=request.staff, definition=FIRST, kept_at=at)
    left_out: list[str] = []
    if asked.get("from") in LISTS:
        left_out = _from_list(request, draft, asked)
    elif asked.get("from") == "overlap":
        _from_overlap(draft, asked)
    elif asked.get("ready") in BY_KEY:
        _from_ready_made(request, draft, asked)
    draft.origin = copy(draft)
    return Beginning(draft, "" if draft.definition is FIRST else asked.urlencode(), left_out)


def _from_list(request: StaffRequest, draft: Draft, asked: QueryDict) -> list[str]:
    draft.population = str(asked["from"])
    rows = getattr(request.organization, draft.population)
    rules, left_out = rules_of(draft.population, FILTERS[draft.population](request, rows.all(), asked))
    if rules:
        draft.definition = {"schema_version": 1, **all_of(rules)}
    return left_out


def _from_overlap(draft: Draft, asked: QueryDict) -> None:
    """A combination of segments that the organization has, all of one kind of member."""
    pks = [pk for pk in asked.getlist("in") + asked.getlist("out") if is_uuid(pk)][:MOST]
    there = {str(segment.pk): segment for segment in draft.organization.segments.filter(pk__in=pks)}
    inside, outside = ([pk for pk in asked.getlist(side) if pk in there] for side in ("in", "out"))
    populations = {segment.population for segment in there.values()}
    if inside and len(populations) == 1:
        (draft.population,) = populations
        named = Combination(tuple(there[pk] for pk in inside), tuple(there[pk] for pk in outside), 0)
        draft.name = named.words[:256]
        draft.definition = {"schema_version": 1, **all_of(overlapping.rules_of(inside, outside))}


def _from_ready_made(request: StaffRequest, draft: Draft, asked: QueryDict) -> None:
    ready = BY_KEY[str(asked["ready"])]
    form = ready.form(asked, request.organization)
    if form.is_valid():
        draft.name, draft.population, draft.is_marketing = ready.name, ready.population, ready.is_marketing
        draft.definition = ready.definition(form.cleaned_data)
