"""Customers by our own API: made once, changed by what is said, never found in another bank."""

from typing import Any

import pytest

from console.customers.models import Attribute
from console.organizations.models import Organization, Staff
from tests.api.conftest import Call
from tests.factories import NOW, AccountFactory, CustomerFactory, OrganizationFactory

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
