"""What staff can filter the list of approvals by."""

from typing import Any

from django.db.models import QuerySet
from django.forms import HiddenInput
from django.utils import timezone
from django_filters import CharFilter, ChoiceFilter

from console.filters import ListFilters
from console.organizations import approving
from console.organizations.access import may
from console.organizations.kinds import KINDS
from console.organizations.models import Approval, Staff

VIEWS = [("waiting", "Waiting for me"), ("mine", "Asked by me"), ("decided", "Decided"), ("all", "All")]


def views(staff: Staff) -> list[tuple[str, str]]:
    """The tabs that can hold something for the person, the first one first seen."""
    if may(staff, approving.DECIDES):
        return VIEWS
    if any(may(staff, kind.asks) for kind in KINDS.values()):
        return VIEWS[1:]
    return [VIEWS[3], VIEWS[2]]


class ApprovalFilters(ListFilters):
    """Search, kind, state, and whose they are: the view, which is no filter but a tab."""

    q = CharFilter(field_name="title", lookup_expr="icontains", label="What was asked for")
    kind = ChoiceFilter(label="Kind", empty_label="Any kind")
    state = ChoiceFilter(choices=Approval.State.choices, label="State", empty_label="Any state")
    show = ChoiceFilter(choices=VIEWS, method="by_view", label="View", widget=HiddenInput)

    def declare_more(self) -> None:
        self.filters["kind"].extra["choices"] = [(kind.name, kind.label) for kind in KINDS.values()]

    @property
    def qs(self) -> "QuerySet[Any]":
        """Without a view in the address: the reader's first one, for a checker what waits for them."""
        found: QuerySet[Any] = super().qs
        return found if self.data.get("show") else self.by_view(found, "show", self.here)

    @property
    def here(self) -> str:
        """The view that is shown."""
        return self.data.get("show") or views(self.request.staff)[0][0]

    def by_view(self, rows: Any, name: str, value: str) -> "QuerySet[Any]":
        if value == "mine":
            return rows.filter(maker=self.request.staff)
        if value == "decided":
            return rows.exclude(state=Approval.State.WAITING)
        return rows if value == "all" else rows.waiting_for(self.request.staff, at=timezone.now())

    @property
    def is_filtering(self) -> bool:
        return any(self.data.get(name) for name in ("q", "kind", "state"))

    def chips(self) -> list[dict[str, Any]]:
        return [chip for chip in super().chips() if chip["label"] != "View"]

    def clear(self) -> str:
        return self.without("q", "kind", "state")
