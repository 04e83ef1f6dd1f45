"""What staff can filter the segments list by, and the filter by segment that other lists get from here."""

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet, Subquery
from django.forms import HiddenInput
from django_filters import CharFilter, ChoiceFilter, Filter

from console.filters import ListFilters, Meaning
from console.finding import offer
from console.ledgers.filtersets import asked_ledger
from console.organizations.access import StaffRequest
from console.organizations.models import Organization, Staff
from segments.assigned.assigning import tags
from segments.choosing import among, called
from segments.models import Population, Run, Segment

STATES = [
    ("live", "In use"),
    ("failed", "Refresh failed"),
    ("running", "Being counted"),
    ("empty", "Without members"),
    ("archived", "Archived"),
]
ENDED = (Run.State.DONE, Run.State.FAILED)
UNDER_WAY = (Run.State.QUEUED, Run.State.RUNNING)


class SegmentChoice(ChoiceFilter):
    """A segment by its id, which says nothing of its rules: whoever approves a list is bound to those too."""

    def meaning(self, organization: Organization, value: str) -> Meaning:
        """The rules in force. They stay so until the transaction ends."""
        locked = organization.segments.select_for_update(of=("self",), no_key=True)
        segment = locked.select_related("version", "organization").get(pk=value)
        return Meaning(segment.in_force(), segment.in_words(), segment.get_absolute_url())


class SegmentFilters(ListFilters):
    """Search, kind, who belongs, state, tag, whose. Archived segments show only where they are asked for.

    Of one ledger (chosen in the top bar) are its own segments and those that look at all ledgers.
    """

    remembered = ("ledger",)
    more = ("tag", "owner", "favourite")
    q = CharFilter(method="search", label="Name, description or tag")
    kind = ChoiceFilter(choices=Segment.Kind.choices, label="Kind", empty_label="Any kind")
    population = ChoiceFilter(choices=Population.choices, label="Who belongs", empty_label="Any members")
    state = ChoiceFilter(choices=STATES, method="by_state", label="State", empty_label="Not archived")

    tag = ChoiceFilter(label="Tag", empty_label="Any tag", method="by_tag")
    owner = ChoiceFilter(label="Owner", empty_label="Anybody’s")
    favourite = ChoiceFilter(
        choices=[("mine", "My favourites")],
        method="by_favourite",
        label="Favourites",
        empty_label="Anybody’s choice",
    )
    ledger = ChoiceFilter(label="Ledger", widget=HiddenInput, method="by_ledger")

    def declare_more(self) -> None:
        """The ledger that is asked for; the tags and owners that there are."""
        organization = self.request.organization
        ledgers = asked_ledger(organization, self.data.get("ledger", ""))
        self.filters["ledger"].extra["choices"] = ledgers
        self.filters["tag"].extra["choices"] = [(tag, tag) for tag in tags_in_use(organization)]
        self.filters["owner"].extra["choices"] = [
            (str(each.pk), "Me" if each == self.request.staff else str(each)) for each in owners(organization)
        ]

    def by_tag(self, rows: "QuerySet[Any]", name: str, value: str) -> "QuerySet[Any]":
        return rows.filter(tags__contains=[value])

    def by_favourite(self, rows: "QuerySet[Any]", name: str, value: str) -> "QuerySet[Any]":
        return rows.filter(favourites__staff=self.request.staff)

    def by_ledger(self, rows: "QuerySet[Any]", name: str, value: str) -> "QuerySet[Any]":
        return rows.filter(Q(ledger=value) | Q(ledger=None))

    @property
    def qs(self) -> "QuerySet[Segment]":
        found: QuerySet[Segment] = super().qs
        is_archive = self.form.is_valid() and self.form.cleaned_data.get("state") == "archived"
        return found if is_archive else found.filter(archived_at=None)

    def search(self, rows: "QuerySet[Any]", name: str, value: str) -> "QuerySet[Segment]":
        words = value.strip()
        return rows.filter(
            Q(name__icontains=words) | Q(description__icontains=words) | Q(tags__contains=[words])
        )

    def by_state(self, rows: "QuerySet[Any]", name: str, value: str) -> "QuerySet[Any]":
        if value == "archived":
            return rows.filter(archived_at__isnull=False)
        if value == "failed":
            return rows.filter(last_state=Run.State.FAILED)
        if value == "running":
            return rows.filter(is_under_way=True)
        return rows.filter(member_count=0) if value == "empty" else rows


def tags_in_use(organization: Organization) -> list[str]:
    """The tags of its segments, in the order of the alphabet."""
    named = organization.segments.annotate(tag=Func(F("tags"), function="unnest"))
    return sorted(set(named.order_by().values_list("tag", flat=True)), key=str.casefold)


def owners(organization: Organization) -> list[Staff]:
    """Whose its segments are."""
    owning = organization.segments.exclude(owner=None).order_by().values("owner")
    return list(organization.staff.filter(pk__in=owning).select_related("user").order_by("user__name", "pk"))


def listed(organization: Organization) -> "QuerySet[Any]":
    """The organization's segments with how their last refresh ended and whether one is under way."""
    runs = Run.objects.filter(segment=OuterRef("pk"))
    ended = runs.filter(state__in=ENDED).order_by("-requested_at").values("state")[:1]
    return organization.segments.select_related("organization", "version", "owner__user").annotate(
        last_state=Subquery(ended),
        is_under_way=Exists(runs.filter(state__in=UNDER_WAY)),
    )


def by_membership(population: str) -> Callable[[StaffRequest, str], Filter]:
    """Makes the filter that the lists of customers and accounts get from here: who is in a segment, as last counted."""

    def make(request: StaffRequest, asked: str) -> Filter:
        segments = request.organization.segments.filter(population=population, archived_at=None)
        found = SegmentChoice(label="Segment", empty_label="Any segment", method=in_segment)
        offer(found, among(segments), asked, request.path)
        return found

    return make


class CarryFilter(ChoiceFilter):
    """The assigned segment for which accounts are being picked: it narrows nothing, and stays while one looks."""

    def filter(self, qs: "QuerySet[Any]", value: Any) -> "QuerySet[Any]":
        return qs


def adding_to(request: StaffRequest, asked: str) -> Filter:
    """The hidden filter of the list of accounts that says for which segment accounts are being picked."""
    tag = among(tags(request.organization)).get(asked)
    choices = [(asked, called(tag))] if tag else []
    return CarryFilter(choices=choices, label="Picking for", widget=HiddenInput)


def in_segment(rows: "QuerySet[Any]", name: str, value: str) -> "QuerySet[Any]":
    """The rows that are members of the segment with this id."""
    return rows.filter(memberships__segment=value)
