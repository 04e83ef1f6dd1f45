"""Attributes by our own API: declared, read with their index and use, changed, and kept where segments ask for them."""

from typing import Any
from uuid import uuid4

import pytest

from console.organizations import scope
from console.organizations.models import KeyScope, Organization
from tests.api.conftest import Call
from tests.factories import OrganizationFactory, SegmentFactory, a_key
from tests.walls.test_api import bearer

pytestmark = pytest.mark.django_db
SAID = {"entity": "customers", "key": "loyalty_tier", "type": "text"}
RULES = {
    "combinator": "and",
    "rules": [{"field": "custom_data.loyalty_tier", "operator": "=", "value": "gold"}],
}


def test_one_is_declared_once_found_changed_and_deleted(call: Call, nordbank: Organization) -> None:
    status, made = call("POST", "/attributes", SAID | {"label": "Tier", "is_filtered_often": True})
    assert status == 201
    assert made == call("GET", f"/attributes/{made['id']}")[1]
    assert {name: made[name] for name in ("key", "label", "unit", "is_personal", "index", "segments")} == {
        "key": "loyalty_tier",
        "label": "Tier",
        "unit": "",
        "is_personal": False,
        "index": {"state": "waiting", "fault": ""},
        "segments": 0,
    }
    status, problem = call("POST", "/attributes", SAID)
    assert (status, problem["detail"]) == (409, "“loyalty_tier” of customers is declared already.")
    change = {"type": "number", "unit": "points", "is_filtered_often": False}
    status, changed = call("PATCH", f"/attributes/{made['id']}", change)
    assert (status, changed["type"], changed["unit"], changed["label"]) == (200, "number", "points", "Tier")
    assert changed["index"] == {"state": "none", "fault": ""}
    with scope.inside(nordbank):
        assert nordbank.audit_events.filter(model="customers.Attribute", key__isnull=False).exists()
    assert call("DELETE", f"/attributes/{made['id']}") == (204, None)
    assert call("GET", f"/attributes/{made['id']}")[0] == 404
    assert call("POST", "/attributes", SAID)[0] == 201


def test_lists_are_by_key_a_page_at_a_time(call: Call) -> None:
    made = [
        call("POST", "/attributes", SAID | {"key": key, "entity": entity})[1]
        for key, entity in (("a", "accounts"), ("b", "customers"), ("b", "transactions"), ("c", "customers"))
    ]
    first = call("GET", "/attributes", limit=3)[1]
    assert first["items"] == made[:3]
    assert call("GET", "/attributes", limit=3, cursor=first["next"])[1] == {"items": made[3:], "next": None}
    assert call("GET", "/attributes", entity="customers", key="b")[1]["items"] == made[1:2]
    assert call("GET", "/attributes", is_filtered_often="true")[1]["items"] == []


def test_segments_that_ask_for_it_keep_it(call: Call, nordbank: Organization) -> None:
    made = call("POST", "/attributes", SAID)[1]
    SegmentFactory(organization=nordbank, name="Gold", definition=RULES)
    url = f"/attributes/{made['id']}"
    assert call("GET", url)[1]["segments"] == 1
    for change in ({"type": "date"}, {"key": "rank"}, {"entity": "accounts"}):
        status, problem = call("PATCH", url, change)
        assert (status, "The segment “Gold” asks for it." in problem["detail"]) == (409, True)
    assert call("DELETE", url)[0] == 409
    assert call("PATCH", url, {"label": "Rank"})[1]["label"] == "Rank"
    assert call("GET", url)[1]["key"] == "loyalty_tier"


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"key": "with space"}, "/body/key"),
        ({"key": "key\n"}, "/body/said/key"),
        ({"key": ""}, "/body/said/key"),
        ({"type": "money"}, "/body/said/type"),
        ({"entity": "ledgers"}, "/body/said/entity"),
        ({"label": "a\0"}, "/body/said/label"),
        ({"choices": []}, "/body/said/choices"),
    ],
)
def test_what_can_not_be_used_says_where(call: Call, said: dict[str, Any], pointer: str) -> None:
    status, problem = call("POST", "/attributes", SAID | said)
    assert (status, [fault["pointer"] for fault in problem["errors"]]) == (422, [pointer])


def test_it_needs_its_own_scope(nordbank: Organization) -> None:
    reader = bearer(a_key(nordbank, scopes=[KeyScope.ATTRIBUTES_READ]))
    assert reader.get("/api/v1/attributes").status_code == 200
    refused = reader.post("/api/v1/attributes", SAID, content_type="application/json")
    assert (refused.status_code, "attributes.write" in refused.json()["detail"]) == (403, True)
    others = bearer(a_key(nordbank, name="crm", scopes=[KeyScope.CUSTOMERS_READ, KeyScope.SEGMENTS_WRITE]))
    assert others.get("/api/v1/attributes").status_code == 403


def test_what_another_bank_declared_is_not_there(call: Call) -> None:
    theirs = OrganizationFactory().attributes.create(**SAID)
    assert call("GET", "/attributes")[1]["items"] == []
    for method, body in (("GET", None), ("PATCH", {"label": "ours"}), ("DELETE", None)):
        assert call(method, f"/attributes/{theirs.pk}", body)[0] == 404
    assert call("GET", f"/attributes/{uuid4()}")[0] == 404
