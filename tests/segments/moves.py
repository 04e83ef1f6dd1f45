"""Somebody moves to another country, and a segment of Germans is counted again."""

from console.customers.models import Customer
from segments.freshness import refreshing
from segments.models import Run, Segment
from tests.factories import NOW

GERMANS = {"combinator": "and", "rules": [{"field": "country", "operator": "=", "value": "DE"}]}
MOVED = {
    "combinator": "and",
    "rules": [
        {
            "field": "transactions",
            "operator": "=",
            "match": {"mode": "some"},
            "value": {
                "combinator": "and",
                "rules": [{"field": "direction", "operator": "=", "value": "credit"}],
            },
        }
    ],
}


def refreshed(segment: Segment) -> Run:
    run = refreshing.execute(segment.request_refresh(by=None, at=NOW).pk, at=NOW)
    assert run is not None
    assert run.state == "done"
    segment.refresh_from_db()
    return run


def names(segment: Segment) -> list[str]:
    return sorted(member.name for member in segment.members())


def move(name: str, country: str) -> None:
    Customer.objects.filter(name=name).update(country=country)
