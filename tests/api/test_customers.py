"""Customers by our own API: made once, changed by what is said, never found in another bank."""

from typing import Any

import pytest
from django.test import Client

from console.customers.models import Attribute
from console.organizations.models import Organization, Staff
from tests.api.conftest import Call
from tests.factories import NOW, AccountFactory, CustomerFactory, OrganizationFactory, a_key

pytestmark = pytest.mark.django_db
JANA = {"external_id": "C-1", "name": "Jana Nováková", "email": "jana@mail.example", "country": "CZ"}


def test_one_is_made_once_and_found_by_its_own_id(call: Call) -> None:
    status, jana = call("POST", "/customers", {**JANA, "custom_data": {"tier": "gold"}, "products": ["card"]})
    assert (status, jana["name"], jana["communications_enabled"]) == (201, "Jana Nováková", True)
    assert jana["created_at"]
    assert jana["created_at"].endswith("Z")
    status, problem = call("POST", "/customers", JANA)
    assert (status, problem["status"]) == (409, 409)
    assert call("GET", "/customers", external_id="C-1")[1]["items"] == [jana]
    assert call("GET", f"/customers/{jana['id']}")[1] == jana


def test_a_change_says_only_what_changes(call: Call) -> None:
    jana = call(
        "POST", "/customers", {**JANA, "custom_data": {"tier": "gold", "home": {"city": "Brno", "zip": "6"}}}
    )[1]
    said = {"phone": "+420 1", "custom_data": {"tier": None, "home": {"zip": None}}, "email": ""}
    status, changed = call("PATCH", f"/customers/{jana['id']}", said)
    assert (status, changed["phone"], changed["email"], changed["name"]) == (
        200,
        "+420 1",
        "",
        "Jana Nováková",
    )
    assert changed["custom_data"] == {"home": {"city": "Brno"}}


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"country": "cz"}, "/body/country"),
        ({"email": "jana"}, "/body/email"),
        ({"name": "a\0b"}, "/body/said/name"),
        ({"name": "x" * 257}, "/body/said/name"),
        ({"hat": "red"}, "/body/said/hat"),
        ({"kind": "cat"}, "/body/said/kind"),
        ({"communications_enabled": "yes"}, "/body/said/communications_enabled"),
        ({"custom_data": {"born": "yesterday"}}, "/body/custom_data/born"),
        ({"custom_data": {"born": True}}, "/body/custom_data/born"),
        ({"custom_data": {"size": "big"}}, "/body/custom_data/size"),
        ({"custom_data": {"note": "x" * 10_001}}, "/body/custom_data"),
        ({"custom_data": {"note": "a\0b"}}, "/body/custom_data"),
    ],
)
def test_what_cant_be_used_is_told_where_it_stands(
    call: Call, nordbank: Organization, said: dict[str, Any], pointer: str
) -> None:
    for key, type in (("born", "date"), ("size", "number")):
        Attribute.objects.create(organization=nordbank, entity="customers", key=key, type=type)
    status, problem = call("POST", "/customers", {**JANA, **said})
    assert status == 422
    assert [one["pointer"] for one in problem["errors"]] == [pointer]
    assert not nordbank.customers.exists()


def test_a_text_of_which_an_index_is_kept_is_short(call: Call, nordbank: Organization) -> None:
    nordbank.attributes.create(entity="customers", key="a.tier", type="text", is_filtered_often=True)
    long = {"external_id": "C-9", "custom_data": {"a": {"tier": "x" * 601}}}
    status, problem = call("POST", "/customers", long)
    assert (status, problem["errors"][0]["pointer"]) == (422, "/body/custom_data/a/tier")
    assert call("POST", "/customers", {**long, "custom_data": {"a": {"tier": "x" * 600}}})[0] == 201


@pytest.mark.parametrize(
    "born", ["2026-02-30", "20260203", "2026-2-3", "2026-W06-2", " 2026-02-03", "٢٠٢٦-٠٢-٠٣"]
)
def test_a_day_is_written_as_rules_read_it(call: Call, nordbank: Organization, born: str) -> None:
    nordbank.attributes.create(entity="customers", key="born", type="date")
    status, problem = call("POST", "/customers", {**JANA, "custom_data": {"born": born}})
    assert (status, problem["errors"][0]["pointer"]) == (422, "/body/custom_data/born")


@pytest.mark.parametrize(
    "text", ["Infinity Motors", "NaN", "-Infinity", "\\u0000", "\\\\u0000", "C:\\u00001"]
)
def test_words_that_only_look_like_what_is_refused_stay(call: Call, text: str) -> None:
    status, jana = call("POST", "/customers", {**JANA, "custom_data": {"employer": text}})
    assert (status, jana["custom_data"]) == (201, {"employer": text})


@pytest.mark.parametrize(
    "raw", ['"a\\u0000b"', '"\\\\\\u0000"', "NaN", "-Infinity", "1e999", '"\\ud800"', "1" * 5_000]
)
def test_what_no_row_can_hold_is_refused(nordbank: Organization, raw: str) -> None:
    client = Client(headers={"Authorization": f"Bearer {a_key(nordbank)[1]}"})
    for data in (f'{{"a": {raw}}}', f'{{"b": [1, {{"a": {raw}}}]}}'):
        body = f'{{"external_id": "C-1", "custom_data": {data}}}'
        answer = client.post("/api/v1/customers", body, content_type="application/json")
        assert answer.status_code in (400, 422), answer.content
    assert not nordbank.customers.exists()


@pytest.mark.parametrize("depth", [30, 200, 300, 900, 3_000])
def test_what_is_nested_deep_is_kept_or_refused(nordbank: Organization, depth: int) -> None:
    client = Client(headers={"Authorization": f"Bearer {a_key(nordbank)[1]}"})
    for opened, closed in (('{"a":', "}"), ("[", "]")):
        body = f'{{"external_id": "{depth}{opened[0]}", "custom_data": {{"a": {opened * depth}1{closed * depth}}}}}'
        answer = client.post("/api/v1/customers", body, content_type="application/json")
        assert answer.status_code in ((201,) if depth == 30 else (201, 400, 422)), answer.content
        if answer.status_code == 201:
            assert client.get(f"/api/v1/customers/{answer.json()['id']}").status_code == 200


def test_what_was_there_before_it_was_declared_keeps_nothing_else_from_changing(
    call: Call, nordbank: Organization
) -> None:
    old = {"size": "big", "vip": 1, "note": "x" * 700}
    customer = CustomerFactory(organization=nordbank, custom_data=old)
    for key, type in (("size", "number"), ("vip", "boolean")):
        nordbank.attributes.create(entity="customers", key=key, type=type)
    nordbank.attributes.create(entity="customers", key="note", type="text", is_filtered_often=True)
    address = f"/customers/{customer.pk}"
    status, changed = call("PATCH", address, {"custom_data": {"tier": "gold", "size": "big"}})
    assert (status, changed["custom_data"]) == (200, old | {"tier": "gold"})
    for said in ({"size": "bigger"}, {"vip": 2}, {"note": "y" * 700}):
        assert call("PATCH", address, {"custom_data": said})[0] == 422
    nordbank.attributes.filter(key="vip").update(type="number")
    assert call("PATCH", address, {"custom_data": {"vip": True}})[0] == 422


def test_names_in_every_script_stay_as_they_are(call: Call) -> None:
    for n, name in enumerate(["100 %", 'O\'Neill_"x"', "👩‍👩‍👧 Ltd", "شركة النور", "ž" * 256]):
        assert call("POST", "/customers", {"external_id": f"N{n}", "name": name})[1]["name"] == name


def test_the_erased_stay_erased(call: Call, nordbank: Organization, alice: Staff) -> None:
    customer = CustomerFactory(organization=nordbank)
    customer.erase(reason="asked", by=alice, at=NOW)
    assert call("PATCH", f"/customers/{customer.pk}", {"name": "Jana"})[0] == 409
    account = AccountFactory(organization=nordbank)
    assert call("PUT", f"/customers/{customer.pk}/accounts/{account.pk}", {})[0] == 409


def test_who_holds_what(call: Call, nordbank: Organization) -> None:
    customer, account = CustomerFactory(organization=nordbank), AccountFactory(organization=nordbank)
    address = f"/customers/{customer.pk}/accounts"
    assert call("PUT", f"{address}/{account.pk}", {})[1]["role"] == "owner"
    assert call("PUT", f"{address}/{account.pk}", {"role": "authorised user"})[0] == 200
    (held,) = call("GET", address)[1]["items"]
    assert (held["account_id"], held["role"]) == (str(account.pk), "authorised user")
    elsewhere = AccountFactory(organization=OrganizationFactory(slug="southbank"))
    assert call("PUT", f"{address}/{elsewhere.pk}", {})[0] == 404
    assert call("DELETE", f"{address}/{account.pk}")[0] == 204
    assert call("DELETE", f"{address}/{account.pk}")[0] == 404


def test_all_are_listed_once_whatever_the_size_of_a_page(call: Call, nordbank: Organization) -> None:
    CustomerFactory.create_batch(7, organization=nordbank, country="CZ")
    CustomerFactory(organization=nordbank, country="DE")
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = call("GET", "/customers", limit=3, cursor=cursor, country="CZ")[1]
        found += [one["id"] for one in page["items"]]
        cursor = page["next"]
    assert len(found) == len(set(found)) == 7
    assert call("GET", "/customers", limit=0)[0] == 422
    assert call("GET", "/customers", created_since="2199-01-01T00:00:00Z")[1] == {"items": [], "next": None}
