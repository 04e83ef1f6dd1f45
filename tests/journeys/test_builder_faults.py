"""The builder and a segment's pages, with every kind of rule: nothing for axe to find, nothing that runs over."""

from typing import Any

import pytest

from console.organizations.models import Organization
from tests.factories import SegmentFactory
from tests.journeys.walk import Walk

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
LAST_MONTH = {"mode": "relative", "anchor": "startOfMonth", "offset": -1, "unit": "month"}
SINCE_BLANK = {"combinator": "or", "rules": [{"field": "booked_on", "operator": ">=", "value": ""}]}
SUM = {"kind": "func", "fn": "sum", "args": [{"kind": "field", "field": "amount"}]}
ALL = {"field": "all", "operator": "=", "value": True}
EVERYTHING: dict[str, Any] = {
    "combinator": "and",
    "rules": [
        {"field": "country", "operator": "in", "value": ["CZ", "DE"]},
        {"field": "created_at", "operator": "between", "value": ["2020-01-01", LAST_MONTH]},
        {"field": "custom_data.address.city", "operator": "<", "value": "Brno"},
        {
            "field": "accounts",
            "operator": "=",
            "match": {"mode": "atLeast", "threshold": 1},
            "value": {
                "combinator": "and",
                "rules": [
                    {
                        "field": "average_collected_balance",
                        "operator": ">",
                        "value": "100.00",
                        "meta": {"days": 30},
                    },
                    {
                        "field": "transactions",
                        "operator": ">",
                        "value": "10.00",
                        "lhs": SUM,
                        "meta": {"where": SINCE_BLANK},
                    },
                ],
            },
        },
        {
            "combinator": "or",
            "not": True,
            "rules": [
                {"field": "segment", "operator": "in", "value": []},
                {
                    "combinator": "or",
                    "rules": [{"combinator": "and", "rules": [{"combinator": "or", "rules": [ALL]}]}],
                },
            ],
        },
    ],
}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_fault_is_found_and_nothing_runs_over(walk: Walk, nordbank: Organization, theme: Any) -> None:
    segment = SegmentFactory(organization=nordbank, definition=EVERYTHING, member_count=3)
    walk.page.emulate_media(color_scheme=theme)
    for name in ("segment_edit", "segment_detail", "segment_events"):
        walk.opens(f"segments:{name}", segment.pk)
        walk.page.wait_for_load_state("networkidle")
        for width in (1440, 1280, 800, 320):
            walk.fits(width)
            walk.finds_no_fault(f"{name} at {width} px, {theme}")
