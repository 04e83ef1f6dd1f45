"""How many days an invoice is overdue, everywhere the same: by the day it is at the bank, at whatever hour of UTC."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from console.billing.evaluating import evaluate
from console.organizations.models import Organization
from segments import definition
from tests.factories import InvoiceFactory, MonitorFactory

# At the last moment of a local day and at the first one of the next. Summer time begins on 29 March 2026 in Prague and
# on 8 March in Los Angeles, and ends on 25 October and 1 November; Kiritimati is 14 hours ahead and has none.
CASES = [
    ("Pacific/Kiritimati", date(2026, 3, 28), "2026-03-28T09:59:59Z", 0),
    ("Pacific/Kiritimati", date(2026, 3, 28), "2026-03-28T10:00:00Z", 1),
    ("America/Los_Angeles", date(2026, 3, 28), "2026-03-29T06:59:59Z", 0),
    ("America/Los_Angeles", date(2026, 3, 28), "2026-03-29T07:00:00Z", 1),
    ("America/Los_Angeles", date(2026, 3, 7), "2026-03-08T07:59:59Z", 0),
    ("America/Los_Angeles", date(2026, 3, 7), "2026-03-08T08:00:00Z", 1),
    ("America/Los_Angeles", date(2026, 3, 7), "2026-03-09T06:59:59Z", 1),
    ("America/Los_Angeles", date(2026, 3, 7), "2026-03-09T07:00:00Z", 2),
    ("America/Los_Angeles", date(2026, 10, 31), "2026-11-02T07:59:59Z", 1),
    ("America/Los_Angeles", date(2026, 10, 31), "2026-11-02T08:00:00Z", 2),
    ("Europe/Prague", date(2026, 3, 28), "2026-03-28T23:00:00Z", 1),
    ("Europe/Prague", date(2026, 3, 28), "2026-03-29T21:59:59Z", 1),
    ("Europe/Prague", date(2026, 3, 28), "2026-03-29T22:00:00Z", 2),
    ("Europe/Prague", date(2026, 10, 24), "2026-10-25T22:59:59Z", 1),
    ("Europe/Prague", date(2026, 10, 24), "2026-10-25T23:00:00Z", 2),
    ("Europe/Prague", date(2024, 2, 28), "2024-02-29T12:00:00Z", 1),
]


@pytest.mark.parametrize(("zone", "due", "moment", "days"), CASES)
def test_record_list_monitor_and_segment_agree(
    nordbank: Organization, zone: str, due: date, moment: str, days: int
) -> None:
    nordbank.time_zone = zone
    nordbank.save()
    nordbank = Organization.objects.get()
    at = datetime.fromisoformat(moment)
    invoice = InvoiceFactory(customer__organization=nordbank, due_on=due)
    today = nordbank.local_date(at)
    assert invoice.days_overdue(today) == days
    assert nordbank.invoices.overdue(today).exists() == (days > 0)
    watch = {"currency": "", "figure": "days_overdue", "test": "gte", "threshold": Decimal(days)}
    monitor = MonitorFactory(organization=nordbank, **watch)
    evaluate(monitor, at=at)
    assert [reading.value for reading in monitor.readings.all()] == ([days] if days else [])
    for asked in (days - 1, days, days + 1):
        rule = {"field": "days_overdue", "operator": "=", "value": asked}
        inside = {"combinator": "and", "rules": [rule]}
        block = {"field": "invoices", "operator": "=", "match": {"mode": "some"}, "value": inside}
        node = definition.parse({"combinator": "and", "rules": [block]}, "customers", nordbank)
        assert bool(definition.ids(node, nordbank, at).count()) == (asked == days), asked
