"""The pages of attributes: what is declared, by whom, what uses it and keeps it, and what becomes of its index."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from console.customers.models import Attribute
from console.organizations.models import Organization, Role, Staff
from segments.attributes.using import named_in
from tests.conftest import signed_in
from tests.factories import NOW, OrganizationFactory, SegmentFactory, StaffFactory
from tests.pages import queries, rows, words

pytestmark = pytest.mark.django_db
SAID = {"entity": "customers", "key": "loyalty_tier", "type": "text", "label": "Tier", "help": "By points."}


def asks(field: str, operator: str = "=", value: Any = "gold") -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value}


def rules(*several: dict[str, Any]) -> dict[str, Any]:
    return {"combinator": "and", "rules": list(several)}


def of_holdings(*several: dict[str, Any]) -> dict[str, Any]:
    return {"field": "accounts", "operator": "=", "match": {"mode": "some"}, "value": rules(*several)}


def declared(bank: Organization, **said: Any) -> Attribute:
    made: Attribute = bank.attributes.create(
        **({"entity": "customers", "key": "tier", "type": "text"} | said)
    )
    return made


@pytest.fixture
def admin(alice: Staff) -> Client:
    return signed_in(alice)


def at(bank: Organization, name: str = "attribute_list", *args: Any) -> str:
    return bank.url(f"attributes:{name}", *args)


def seen(attribute: Attribute) -> dict[str, str]:
    attribute.refresh_from_db()
    return {"seen": attribute.updated_at.isoformat()}


def test_an_empty_list_says_what_attributes_are_for_and_who_may_leads_on(
    admin: Client, vera: Staff, nordbank: Organization
) -> None:
    shown = admin.get(at(nordbank)).content.decode()
    assert "No attributes yet" in shown
    assert "segments filter by it" in shown
    assert at(nordbank, "attribute_create") in shown
    looked_at = signed_in(vera).get(at(nordbank)).content.decode()
    assert "No attributes yet" in looked_at
    assert at(nordbank, "attribute_create") not in looked_at


def test_an_admin_declares_what_then_stands_in_the_list_and_in_rules(
    admin: Client, nordbank: Organization
) -> None:
    answer = admin.post(at(nordbank, "attribute_create"), SAID | {"is_filtered_often": "on"}, follow=True)
    made = nordbank.attributes.get()
    assert "Tier is declared." in answer.content.decode()
    assert "About to be made" in answer.content.decode()
    [row] = rows(admin, at(nordbank))
    assert row == ["Tier", "Customers", "loyalty_tier", "Text", "", "About to be made", "0"]
    builder = admin.get(nordbank.url("segments:segment_create")).content.decode()
    assert "custom_data.loyalty_tier" in builder
    assert made.is_filtered_often
    assert not made.is_personal


def test_what_the_address_says_is_filled_in_and_a_telling_key_is_masked(
    admin: Client, nordbank: Organization
) -> None:
    asked = {"entity": "accounts", "key": "home_address", "type": "date"}
    form = admin.get(at(nordbank, "attribute_create"), asked).context["form"]
    assert {name: form.initial[name] for name in asked} == asked
    assert form.initial["is_personal"] is True


@pytest.mark.parametrize(
    ("said", "words_of_it"),
    [
        ({"key": "with space"}, "Write letters, digits, _ and - only"),
        ({"key": ""}, "Write the key."),
        ({"type": "money"}, "not offered now"),
        ({"key": "taken"}, "“taken” of customers is declared already."),
    ],
)
def test_what_can_not_be_declared_says_why(
    admin: Client, nordbank: Organization, said: dict[str, str], words_of_it: str
) -> None:
    declared(nordbank, key="taken")
    declared(nordbank, key="loyalty_tier", entity="accounts")
    answer = admin.post(at(nordbank, "attribute_create"), SAID | said)
    assert answer.status_code == 422
    assert words_of_it in answer.content.decode()
    assert nordbank.attributes.count() == 2


@pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.ADMIN}))
def test_others_look_and_change_nothing(nordbank: Organization, role: str) -> None:
    made, client = declared(nordbank), signed_in(StaffFactory(organization=nordbank, role=role))
    assert client.get(at(nordbank)).status_code == 200
    shown = client.get(made.get_absolute_url()).content.decode()
    assert "Mark as filtered often" not in shown
    for name in ("attribute_edit", "attribute_delete", "attribute_mark"):
        assert client.post(at(nordbank, name, made.pk), SAID).status_code == 403
    assert client.post(at(nordbank, "attribute_create"), SAID).status_code == 403
    assert nordbank.attributes.get().updated_at == made.updated_at


def test_one_of_another_bank_is_not_there(admin: Client, nordbank: Organization) -> None:
    theirs = declared(OrganizationFactory(), key="secret_of_theirs")
    for name in ("attribute_detail", "attribute_edit", "attribute_delete"):
        assert admin.get(at(nordbank, name, theirs.pk)).status_code == 404
    assert admin.post(at(nordbank, "attribute_mark", theirs.pk), {"often": "yes"}).status_code == 404
    assert "secret_of_theirs" not in admin.get(at(nordbank)).content.decode()


def test_one_click_marks_it_and_takes_the_mark_off_and_the_trail_says_so(
    admin: Client, nordbank: Organization
) -> None:
    made = declared(nordbank)
    for often, label, told in (
        ("yes", "Keep no index", "Marked the attribute “tier” as filtered often"),
        ("no", "Mark as filtered often", "Marked the attribute “tier” as filtered seldom"),
    ):
        page = admin.post(at(nordbank, "attribute_mark", made.pk), {"often": often}, follow=True)
        assert label in page.content.decode()
        trail = words(admin.get(nordbank.url("audit:history", made.pk)).content.decode())
        assert told in trail
    made.refresh_from_db()
    assert not made.is_filtered_often


def test_segments_that_ask_for_it_are_counted_and_listed_whatever_the_place(
    admin: Client, nordbank: Organization
) -> None:
    tier, branch, shop = (
        declared(nordbank, entity=entity, key="tier") for entity in ("customers", "accounts", "transactions")
    )
    SegmentFactory(organization=nordbank, name="Plain", definition=rules(asks("custom_data.tier")))
    SegmentFactory(organization=nordbank, name="Held", definition=rules(of_holdings(asks("metadata.tier"))))
    figure = {
        "field": "transactions",
        "operator": ">",
        "value": 3,
        "lhs": {"kind": "func", "fn": "count", "args": []},
        "meta": {"where": rules(asks("metadata.tier"))},
    }
    SegmentFactory(organization=nordbank, name="Spent", definition=rules(figure, asks("custom_data.tier")))
    SegmentFactory(organization=nordbank, name="Other", definition=rules(asks("custom_data.tier_before")))
    SegmentFactory(
        organization=nordbank, name="Gone", archived_at=NOW, definition=rules(asks("custom_data.tier"))
    )
    SegmentFactory(definition=rules(asks("custom_data.tier")), name="Elsewhere")
    assert [(row[1], row[-1]) for row in rows(admin, at(nordbank))] == [
        ("Accounts", "1"),
        ("Customers", "2"),
        ("Transactions", "1"),
    ]
    asking = [[row[0] for row in rows(admin, one.get_absolute_url())] for one in (tier, branch, shop)]
    assert asking == [["Plain", "Spent"], ["Held"], ["Spent"]]


def test_the_birthday_is_of_the_date_of_birth() -> None:
    assert set(named_in(rules(asks("birthday_in", "=", 0)), "customers")) == {("customers", "birth_date")}


@pytest.mark.parametrize(
    ("moved", "what"),
    [({"type": "number"}, "type"), ({"key": "rank"}, "key"), ({"entity": "accounts"}, "kind of record")],
)
def test_what_segments_rely_on_stays_and_what_they_do_not_changes(
    admin: Client, nordbank: Organization, moved: dict[str, str], what: str
) -> None:
    made = declared(nordbank)
    SegmentFactory(organization=nordbank, name="Big savers", definition=rules(asks("custom_data.tier")))
    url = at(nordbank, "attribute_edit", made.pk)
    said = {"entity": "customers", "key": "tier", "type": "text", "label": "Loyalty"}
    refused = admin.post(url, said | moved | seen(made))
    assert refused.status_code == 422
    wanted = f"“Tier” is in use, so its {what} stays. The segment “Big savers” asks for it."
    assert wanted in words(refused.content.decode())
    assert admin.post(url, said | seen(made)).status_code == 302
    made.refresh_from_db()
    assert (made.label, made.key, made.type, made.entity) == ("Loyalty", "tier", "text", "customers")


def test_what_no_segment_asks_for_changes_altogether(admin: Client, nordbank: Organization) -> None:
    made = declared(nordbank)
    said = {"entity": "accounts", "key": "rank", "type": "number", "unit": "points"}
    assert admin.post(at(nordbank, "attribute_edit", made.pk), said | seen(made)).status_code == 302
    made.refresh_from_db()
    assert (made.entity, made.key, made.type, made.unit) == ("accounts", "rank", "number", "points")


def test_what_a_segment_asks_for_is_not_deleted_and_else_it_is(admin: Client, nordbank: Organization) -> None:
    made = declared(nordbank)
    segment = SegmentFactory(organization=nordbank, name="Gold", definition=rules(asks("custom_data.tier")))
    url = at(nordbank, "attribute_delete", made.pk)
    assert "The segment “Gold” asks for it." in words(admin.get(url).content.decode())
    assert admin.post(url).status_code == 422
    segment.archive(at=NOW)
    assert admin.post(url).status_code == 302
    assert not nordbank.attributes.exists()
    declared(nordbank)
    assert len(rows(admin, at(nordbank))) == 1


def test_the_command_keeps_what_segments_rely_on_too(nordbank: Organization) -> None:
    declared(nordbank)
    SegmentFactory(organization=nordbank, name="Gold", definition=rules(asks("custom_data.tier")))
    same = ("declare_attribute", "--organization", "nordbank", "customers", "tier")
    call_command(*same, "text", "--label", "Rank")
    with pytest.raises(CommandError, match="so its type stays"):
        call_command(*same, "number")
    assert nordbank.attributes.get().label == "Rank"


def test_the_list_pages_by_key_and_costs_the_same_however_long(admin: Client, nordbank: Organization) -> None:
    declared(nordbank, key="k000", is_filtered_often=True)
    few = queries(admin, at(nordbank))
    for n in range(1, 60):
        declared(nordbank, key=f"k{n:03}", is_filtered_often=n % 2 == 0)
    assert queries(admin, at(nordbank)) == few
    first = admin.get(at(nordbank)).context["list"].page
    assert [row.key for row in first.rows][::49] == ["k000", "k049"]
    assert [row[2] for row in rows(admin, at(nordbank) + first.next)] == [f"k{n:03}" for n in range(50, 60)]
    assert [row[2] for row in rows(admin, at(nordbank), q="K05", often="yes")] == [
        f"k{n:03}" for n in range(50, 60, 2)
    ]


def test_settings_lead_to_the_attributes(admin: Client, nordbank: Organization) -> None:
    declared(nordbank)
    page = admin.get(nordbank.url("settings")).content.decode()
    assert f"{at(nordbank)}?entity=customers" in page
    assert admin.get(at(nordbank, "attribute_detail", uuid4())).status_code == 404
