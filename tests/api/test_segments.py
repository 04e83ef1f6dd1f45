"""Segments by our own API: rules in, members out."""

from uuid import UUID

import pytest

from console.organizations.models import Organization
from segments.freshness.refreshing import execute
from tests.api.conftest import Call
from tests.factories import NOW, AccountFactory, CustomerFactory, LedgerFactory, SegmentFactory
from tests.segments.tags import a_tag, carriers, some_accounts, tagged

pytestmark = pytest.mark.django_db
CZECHS = {"combinator": "and", "rules": [{"field": "country", "operator": "=", "value": "CZ"}]}


@pytest.fixture
def czechs(call: Call, nordbank: Organization) -> str:
    for name, country in (("Ann", "CZ"), ("Bea", "CZ"), ("Dora", "DE")):
        CustomerFactory(organization=nordbank, external_id=name, country=country)
    status, body = call("POST", "/segments", {"name": "Czechs", "definition": CZECHS})
    assert status == 201, body
    assert (body["version"], body["kind"], body["run"]["state"]) == (1, "dynamic", "queued")
    execute(UUID(body["run"]["id"]), at=NOW)
    return str(body["id"])


def test_who_belongs_is_listed_page_by_page(call: Call, czechs: str) -> None:
    whole = call("GET", f"/segments/{czechs}")[1]
    assert (whole["member_count"], whole["run"]["entered"], whole["definition"]["rules"]) == (
        2,
        2,
        CZECHS["rules"],
    )
    assert whole["in_words"]
    first = call("GET", f"/segments/{czechs}/members", limit=1)[1]
    second = call("GET", f"/segments/{czechs}/members", limit=1, cursor=first["next"])[1]
    assert {one["external_id"] for one in first["items"] + second["items"]} == {"Ann", "Bea"}
    assert second["next"] is None
    entries = call("GET", f"/segments/{czechs}/events")[1]["items"]
    assert [(one["change"], one["version"]) for one in entries] == [("entered", 1), ("entered", 1)]
    of_ann = call("GET", f"/customers/{first['items'][0]['id']}/segments")[1]["items"]
    assert [(one["segment_id"], one["name"]) for one in of_ann] == [(czechs, "Czechs")]
    assert call("GET", f"/segments/{czechs}/members", cursor="elsewhere")[0] == 422


def test_new_rules_are_a_new_version_and_say_which_they_began_from(call: Call, czechs: str) -> None:
    germans = {"combinator": "and", "rules": [{"field": "country", "operator": "=", "value": "DE"}]}
    status, body = call("PATCH", f"/segments/{czechs}", {"definition": germans, "version": 1})
    assert (status, body["version"], body["run"]["state"]) == (200, 2, "queued")
    status, problem = call("PATCH", f"/segments/{czechs}", {"definition": CZECHS, "version": 1})
    assert (status, problem["title"]) == (409, "Conflict")
    assert call("PATCH", f"/segments/{czechs}", {"name": "Germans"})[1]["name"] == "Germans"


def test_faults_of_rules_are_told_where_they_stand(call: Call) -> None:
    wrong = {
        "combinator": "and",
        "rules": [{"field": "country", "operator": "=", "value": "CZ"}, {"field": "hat"}],
    }
    status, problem = call("POST", "/segments", {"name": "Hats", "definition": wrong})
    assert status == 422
    assert problem["errors"][0]["pointer"].startswith("/body/definition/rules/1")
    assert call("GET", "/segments", name="Hats")[1]["items"] == []
    assert call("POST", "/segments", {"name": "Hats"})[0] == 422


@pytest.mark.parametrize("name", ["Czechs", "CZECHS", " czechs "])
def test_a_name_is_taken_once_whatever_its_case(call: Call, czechs: str, name: str) -> None:
    taken = f"A segment is called “{name.strip()}” already. Choose another name."
    status, problem = call("POST", "/segments", {"name": name, "definition": CZECHS})
    assert (status, problem["detail"]) == (409, taken)
    other = call("POST", "/segments", {"name": "Others", "definition": CZECHS})[1]["id"]
    status, problem = call("PATCH", f"/segments/{other}", {"name": name})
    assert (status, problem["detail"]) == (409, taken)
    assert call("PATCH", f"/segments/{czechs}", {"name": name})[0] == 200
    assert call("POST", "/segments", {"name": "  ", "definition": CZECHS})[0] == 422


def test_counting_anew_and_taking_out_of_use(call: Call, czechs: str) -> None:
    status, run = call("POST", f"/segments/{czechs}/refresh")
    assert (status, run["state"]) == (202, "queued")
    assert call("POST", f"/segments/{czechs}/archive")[1]["archived_at"]
    assert call("POST", f"/segments/{czechs}/archive")[0] == 409
    assert call("PATCH", f"/segments/{czechs}", {"name": "Other"})[0] == 409
    assert call("GET", "/segments")[1]["items"] == []
    assert len(call("GET", "/segments", archived="true")[1]["items"]) == 1


def test_what_accounts_carry_has_no_rules(call: Call, nordbank: Organization) -> None:
    gold = SegmentFactory(
        organization=nordbank, name="Gold", kind="assigned", population="accounts", version=None
    )
    assert call("PATCH", f"/segments/{gold.pk}", {"definition": CZECHS})[0] == 409
    account = AccountFactory(organization=nordbank)
    assert call("GET", f"/accounts/{account.pk}/segments")[1] == {"items": [], "next": None}
    if gold.version_id is None:
        assert call("POST", f"/segments/{gold.pk}/refresh")[0] == 409


def test_one_that_accounts_carry_is_taken_off_them(call: Call, nordbank: Organization) -> None:
    gold = a_tag(nordbank, "Gold")
    ledger = LedgerFactory(organization=nordbank)
    tagged(gold, *some_accounts(ledger, 3))
    status, body = call("POST", f"/segments/{gold.pk}/archive")
    assert (status, body["member_count"]) == (200, 0)
    assert body["archived_at"]
    assert not carriers(gold)
    (event, *_) = call("GET", f"/segments/{gold.pk}/events")[1]["items"][3:]
    assert event["change"] == "left"
