"""What staff can filter the audit trail by."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django_filters import CharFilter, ChoiceFilter

from console.audit.words import title_of
from console.filters import DayFilter, ListFilters
from console.organizations.models import AuditEvent
from console.organizations.watched import WATCHED

ID = re.compile(r"[0-9a-f-]{32,36}")
NOT_PEOPLE = {
    "tasks": Q(user=None, key=None) & ~Q(task=""),
    "keys": Q(user=None, key__isnull=False),
    "others": Q(user=None, key=None, task=""),
}


class EventFilters(ListFilters):
    """Search by name, id or request; who, what, to which kind of thing, and when."""

    q = CharFilter(method="search", label="Name, id or request")
    who = ChoiceFilter(method="by", label="Who", empty_label="Anybody")
    action = ChoiceFilter(choices=AuditEvent.Action.choices, label="Action", empty_label="Any action")
    kind = ChoiceFilter(field_name="model", label="Kind", empty_label="Any kind")
    since = DayFilter(method="from_day", label="From")
    until = DayFilter(method="to_day", label="To")

    def declare_more(self) -> None:
        people = self.request.organization.staff.select_related("user").order_by("user__name", "pk")
        self.filters["who"].extra["choices"] = [
            ("tasks", "Schedules"),
            ("keys", "API keys"),
            ("others", "Nobody known"),
            *((str(one.pk), str(one)) for one in people),
        ]
        kinds = sorted((title_of(label), label) for label in WATCHED)
        self.filters["kind"].extra["choices"] = [(label, words) for words, label in kinds]

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        asked = value.strip()
        found = Q(request=asked) | Q(whole_id=asked) | Q(object_id=asked)
        return rows.filter(found if ID.fullmatch(asked) else found | Q(name__icontains=asked))

    def from_day(self, rows: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        """From the first moment of a day in the organization's zone: a moment is found in the index, its day not."""
        return rows.filter(at__gte=self.start(value))

    def to_day(self, rows: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        return rows.filter(at__lt=self.start(value + timedelta(days=1)))

    def start(self, day: date) -> datetime:
        """When a day begins for the organization."""
        return datetime.combine(day, time(), self.request.organization.zone)

    def by(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(NOT_PEOPLE[value] if value in NOT_PEOPLE else Q(staff=value))
