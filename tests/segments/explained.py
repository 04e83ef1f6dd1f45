"""What tests of explanations begin with: short rules, a customer with two accounts, and pages as text."""

from typing import Any

from console.customers.masking import CLEAR
from console.organizations.models import Staff
from segments.explaining.explanation import Explanation, explain
from segments.freshness import refreshing
from segments.models import Segment
from tests.conftest import signed_in
from tests.factories import (
    NOW,
    SegmentFactory,
)


def rules(*inner: Any, combinator: str = "and", **more: Any) -> dict[str, Any]:
    return {"combinator": combinator, "rules": list(inner), **more}


def rule(field: str, operator: str, value: Any = None, **meta: Any) -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value, **({"meta": meta} if meta else {})}


def refreshed(segment: Segment, at: Any = NOW) -> None:
    refreshing.execute(segment.request_refresh(by=None, at=at).pk, at=at)
    segment.refresh_from_db()


def page(staff: Staff, name: str, *args: Any, status: int = 200, **query: str) -> str:
    answer = signed_in(staff).get(staff.organization.url(f"segments:{name}", *args), query)
    assert answer.status_code == status
    return str(answer.content.decode())


def why(customer: Any, *inner: Any, sight: Any = CLEAR, **more: Any) -> Explanation:
    segment = SegmentFactory(organization=customer.organization, definition=rules(*inner), **more)
    return explain(segment, customer, at=NOW, sight=sight)


def clauses(one: Explanation) -> list[tuple[str, Any, str]]:
    assert one.root
    return [(each.words, each.is_met, each.value) for each in one.root.clauses]
