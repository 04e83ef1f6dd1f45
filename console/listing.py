"""A list as a page shows it: filters, columns and one page of rows together."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString

from console.cells import row_of_cells
from console.columns import Chosen
from console.filters import PLACE, ListFilters
from console.organizations.access import StaffRequest
from console.paging import SIZES, Page


@dataclass(frozen=True)
class Listing:
    """What templates/lists/ draws. `name` makes the ids of its regions: customer-rows, customer-filters."""

    request: StaffRequest
    name: str
    unit: str
    filters: ListFilters
    columns: Chosen
    page: Page[Any]

    @property
    def rows(self) -> list[SafeString]:
        """The cells of each row."""
        now, zone = timezone.now(), self.request.organization.zone
        return [row_of_cells(row, self.columns.shown, now, zone) for row in self.page.rows]

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
        for name in PLACE:
            query.pop(name, None)
        for name, value in changes.items():
            query[name] = value
        return f"?{query.urlencode()}"


def show_list(request: StaffRequest, template: str, listing: Listing, **context: Any) -> HttpResponse:
    """The page, or the partial `rows` when htmx asks for that region alone."""
    if request.htmx.target == f"{listing.name}-rows":
        template = f"{template}#rows"
    return render(request, template, {"list": listing, **context})
