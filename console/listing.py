"""A list as a page shows it: filters, columns and one page of rows together."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString

from console.cells import picked, row_of_cells
from console.columns import Chosen
from console.filters import ListFilters, passing
from console.organizations.access import StaffRequest
from console.paging import SIZES, Page


@dataclass(frozen=True)
class Picking:
    """What can be done with rows that are ticked: the address that takes them, its actions as components/bulk.html
    wants them, and what is sent along."""

    url: str
    actions: list[dict[str, Any]]
    given: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Listing:
    """What templates/lists/ draws. `name` makes the ids of its regions: customer-rows, customer-filters.

    `segment_url` is the address that makes a segment of the filters, for those who may.
    With `picking` each row has a box in front, and `picked=all` in the address ticks every row that matches.
    """

    request: StaffRequest
    name: str
    unit: str
    filters: ListFilters
    columns: Chosen
    page: Page[Any]
    picking: Picking | None = None
    segment_url: str = ""

    @property
    def kept_as(self) -> str:
        """Where the filters in force become the rules of a segment; "" where none are, or nobody may."""
        is_asked = self.segment_url and self.filters.is_filtering and not self.filters.faults
        return f"{self.segment_url}{self.at()}&from={self.unit}" if is_asked else ""

    @property
    def rows(self) -> list[SafeString]:
        """The cells of each row."""
        now, zone = timezone.now(), self.request.organization.zone
        rows = [row_of_cells(row, self.columns.shown, now, zone) for row in self.page.rows]
        if not self.picking:
            return rows
        boxes = [picked(row, is_all=self.is_all_picked) for row in self.page.rows]
        return [box + cells for box, cells in zip(boxes, rows, strict=True)]

    @property
    def is_all_picked(self) -> bool:
        """Whether every row that matches is picked, on whichever page."""
        return self.request.GET.get("picked") == "all"

    @property
    def picking_all(self) -> str:
        """The address at which every row that matches is picked; "" where the page shows them all."""
        return self.at(picked="all") if self.page.next or self.page.previous else ""

    @property
    def sizes(self) -> list[tuple[int, str]]:
        """Rows per page with the address of the list in that size; "" for the present one."""
        return [(size, "" if size == self.page.size else self.at(size=str(size))) for size in SIZES]

    @property
    def query(self) -> str:
        """Filters, columns and order as a query string, for links to the whole list such as its export."""
        return self.at()

    def at(self, **changes: str) -> str:
        """The address of the list's first page with some of its parameters changed."""
        query: QueryDict = self.request.GET.copy()
        for name in passing(query):
            query.pop(name, None)
        for name, value in changes.items():
            query[name] = value
        return f"?{query.urlencode()}"


def show_list(request: StaffRequest, template: str, listing: Listing, **context: Any) -> HttpResponse:
    """The page, or the partial `rows` when htmx asks for that region alone."""
    if request.htmx.target == f"{listing.name}-rows":
        template = f"{template}#rows"
    return render(request, template, {"list": listing, **context})
