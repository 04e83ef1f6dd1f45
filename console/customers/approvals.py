"""What of customers needs four eyes: that they leave as a file."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid5

from django.http import QueryDict
from django.template.defaultfilters import pluralize

from console.columns import Chosen, Column, choose
from console.customers.columns import customer_columns, exported_columns, first_order, orders
from console.customers.filtersets import CustomerFilters
from console.customers.masking import Sight, sight_of
from console.customers.models import Customer, Download
from console.filters import Meaning
from console.organizations.access import StaffRequest, may
from console.organizations.kinds import Impossible, Kind, Look, Proposal
from console.organizations.models import Approval, Organization, Staff
from console.paging import every_row

LASTS = timedelta(hours=24)
SEARCHED = (
    "Take the search out first: what it says would stand in the audit trail for good. Filters may stay."
)
GONE = "This export could be downloaded for 24 hours. Ask for it again."
FAULTY = "A filter of the list can’t be read. Put it right on the list first."


@dataclass
class Address:
    """What a list needs of a request: an address, and whose eyes read it."""

    GET: QueryDict
    staff: Staff
    session: dict[str, Any] = field(default_factory=dict)
    path: str = ""

    @property
    def organization(self) -> Organization:
        return self.staff.organization


class Export:
    """The customers list of one address as a file for one person, masked as that person reads it."""

    def __init__(self, query: str, staff: Staff) -> None:
        self.request = cast(StaffRequest, Address(QueryDict(query), staff))
        self.staff, self.organization = staff, staff.organization
        self.sight: Sight = sight_of(staff)
        self.filters = CustomerFilters(self.request, self.organization.customers.all())

    @property
    def chosen(self) -> Chosen:
        return choose(self.request, "customers", customer_columns(self.organization, self.sight))

    @property
    def columns(self) -> list[Column]:
        return exported_columns(self.chosen.shown)

    def meanings(self) -> dict[str, Meaning]:
        """What filters mean at this moment whose value does not say it, such as the rules of a segment; by label."""
        moving = [(name, one) for name, one in self.filters.filters.items() if hasattr(one, "meaning")]
        return {
            str(one.label): one.meaning(self.organization, self.request.GET[name])
            for name, one in moving
            if self.request.GET.get(name)
        }

    @property
    def count(self) -> int:
        """How many customers would be in it now."""
        return int(self.filters.rows.count())

    def rows(self) -> Iterator[Customer]:
        return every_row(
            self.filters.rows, self.request, orders=orders(self.sight), default=first_order(self.sight)
        )

    def refuse(self) -> None:
        """Raises Impossible for what never leaves."""
        if self.request.GET.get("q"):
            raise Impossible(SEARCHED)
        if not self.filters.form.is_valid():
            raise Impossible(FAULTY)
        count, least = self.count, self.organization.export_minimum
        if count < least:
            found = f"The list has {count:,} customer{'' if count == 1 else 's'}"
            raise Impossible(
                f"{found}. An export has at least {least:,}: fewer tell of persons, not of a group."
            )


def canonical(request: StaffRequest) -> str:
    """The list that the address shows, as one query string: the filters in force, the order and the columns."""
    sight = sight_of(request.staff)
    columns = choose(request, "customers", customer_columns(request.organization, sight))
    filters = CustomerFilters(request, request.organization.customers.all())
    kept = QueryDict(mutable=True)
    for name in sorted({*filters.filters, "sort"} & set(request.GET)):
        if request.GET[name]:
            kept[name] = request.GET[name]
    if kept.get("sort", "").removeprefix("-") not in orders(sight):
        kept["sort"] = first_order(sight)
    kept.setlist("columns", [one.key for one in columns.shown])
    return kept.urlencode()


def subject_of(staff: Staff, query: str) -> UUID:
    """The same list asked for by the same person is one thing."""
    return uuid5(staff.user_id, f"{staff.organization_id} {query}")


class ExportKind(Kind):
    """Customers leave as a file, bound to filters, order, columns, whether they are masked, who takes it and why.

    `given`: the `query` of the list, as `canonical` writes it, and the `purpose`.
    """

    name, label, asks = "export", "Export", "customers.export"
    done = "the person who asked can download it for 24 hours."

    def hold(self, approval: Approval) -> Export:
        """Who is in the list is counted and may change; what its filters mean may not. Raises Impossible."""
        maker = approval.maker
        if maker.ended_at or not may(maker, self.asks):
            raise Impossible("The role of who asked does not export customers any more.")
        export = Export(approval.given["query"], maker)
        export.refuse()
        return export

    def proposal(self, thing: Export, approval: Approval, *, at: datetime) -> Proposal:
        count, columns, sight = thing.count, thing.columns, thing.sight
        filters = [(str(chip["label"]), str(chip["value"])) for chip in thing.filters.chips()]
        masked = "as they are" if sight.is_clear else "masked"
        meanings = thing.meanings()
        filters += [(f"{label}: who is in it", meaning.words) for label, meaning in meanings.items()]
        return Proposal(
            title=f"Export {count:,} customer{pluralize(count)}",
            content={
                "maker": approval.maker_id,
                **approval.given,
                "columns": [one.key for one in columns],
                "is_clear": sight.is_clear,
                "meanings": {label: meaning.content for label, meaning in meanings.items()},
            },
            after=[
                ("Purpose", approval.given["purpose"]),
                *(filters or [("Filters", "none: every customer")]),
                ("Columns", ", ".join(one.label for one in columns)),
                ("Names and addresses", masked),
                ("Taken by", str(approval.maker)),
            ],
            before=[],
            audience=count,
        )

    def apply(self, thing: Export, approval: Approval, *, by: Staff, at: datetime) -> None:
        """Nothing to do: an approved request is what lets the maker download."""

    def url(self, approval: Approval) -> str:
        return f"{approval.organization.url('customers:customer_list')}?{approval.given['query']}"

    def look(self, thing: Export, approval: Approval, *, by: Staff, at: datetime) -> Look:
        return Look(
            pages=[(f"{label} that it filters by", one.url) for label, one in thing.meanings().items()],
            figures=[{"label": "Customers in it now", "value": thing.count, "sure": "exact"}],
        )

    def story(self, approval: Approval) -> list[dict[str, Any]]:
        taken = approval.downloads.select_related("staff__user")
        return [{"text": f"Downloaded: {one}", "at": one.at, "by": one.staff} for one in taken]

    def offer(self, approval: Approval, staff: Staff, *, at: datetime) -> tuple[str, str] | None:
        if approval.maker_id != staff.pk or not is_open(approval, at=at):
            return None
        return "Download as CSV", approval.organization.url("customers:customer_download", approval.pk)


def is_open(approval: Approval, *, at: datetime) -> bool:
    """Whether the maker can download it: approved, and within 24 hours."""
    is_given = approval.kind == ExportKind.name and approval.state == Approval.State.APPROVED
    return is_given and approval.closed_at is not None and approval.closed_at + LASTS > at


def take(approval: Approval, *, by: Staff, at: datetime) -> Export:
    """What was approved, and that it is taken now, written down. Raises Impossible."""
    if approval.maker_id != by.pk or not is_open(approval, at=at):
        raise Impossible(GONE)
    kind = ExportKind()
    export = kind.hold(approval)
    if kind.proposal(export, approval, at=at).fingerprint != approval.fingerprint:
        raise Impossible("It is no longer the list that was approved. Ask for it again.")
    Download.objects.create(
        organization=by.organization, approval=approval, staff=by, rows=export.count, at=at
    )
    return export


def exports_of(staff: Staff, *, at: datetime) -> list[dict[str, str]]:
    """What the list says of the reader's own exports, for components/note.html: ready ones, and those that wait."""
    rows = staff.organization.approvals.filter(kind=ExportKind.name, maker=staff).select_related(
        "organization"
    )
    ready = rows.filter(state=Approval.State.APPROVED, closed_at__gt=at - LASTS).order_by("-closed_at")
    waiting = rows.waiting(at=at).order_by("-requested_at")
    return [
        *(
            _note(
                "good", f"“{one}” is approved", "It can be downloaded for 24 hours.", one, "Download it there"
            )
            for one in ready[:3]
        ),
        *(_note("info", f"“{one}” waits for approval", "", one, "See the request") for one in waiting[:3]),
    ]


def _note(kind: str, heading: str, text: str, approval: Approval, link: str) -> dict[str, str]:
    return {"kind": kind, "heading": heading, "text": text, "url": approval.get_absolute_url(), "link": link}
