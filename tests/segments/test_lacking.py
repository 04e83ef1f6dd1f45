"""A segment's file from another bank: what it names that is not here, where, and what can be done; nothing is lost."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from console.organizations.models import Organization, Staff
from segments.builder.lacking import Lack, lacking
from segments.builder.lexicon import Lexicon
from tests.conftest import signed_in
from tests.factories import OrganizationFactory, SegmentFactory
from tests.segments.pages import Builder

pytestmark = pytest.mark.django_db
STRANGE = str(uuid4())
FOREIGN: dict[str, Any] = {
    "combinator": "and",
    "rules": [
        {"field": "custom_data.loyalty", "operator": "=", "value": "gold"},
        {"field": "total_balance", "operator": ">", "value": "1000.00", "meta": {"currency": "ISK"}},
        {
            "combinator": "or",
            "rules": [
                {"field": "segment", "operator": "in", "value": [STRANGE]},
                {"field": "shoe_size", "operator": ">", "value": 42},
            ],
        },
        {
            "field": "transactions",
            "operator": ">",
            "value": "1000.00",
            "lhs": {"kind": "func", "fn": "sum", "args": [{"kind": "field", "field": "tip"}]},
            "meta": {
                "where": {
                    "combinator": "and",
                    "rules": [
                        {"field": "currency", "operator": "in", "value": ["EUR", "ISK"]},
                        {"field": "metadata.shop", "operator": "=", "value": "x"},
                    ],
                }
            },
        },
    ],
}


def found(bank: Organization, definition: dict[str, Any]) -> list[Lack]:
    return lacking(definition, Lexicon.of(bank, "customers"))


def test_each_thing_is_listed_with_where_it_stands(nordbank: Organization) -> None:
    said = [(lack.what, lack.where) for lack in found(nordbank, FOREIGN)]
    assert said == [
        ("Attribute “loyalty” of customers", "Rule 1"),
        ("Currency ISK", "Rule 2"),
        (f"Segment {STRANGE}", "Rule 3.1, in Group 3"),
        ("Field “shoe_size” of customers", "Rule 3.2, in Group 3"),
        ("Field “tip” of transactions", "Rule 4"),
        ("Currency ISK", "Rule 4.1, in Rule 4 (“Transactions”)"),
        ("Attribute “shop” of transactions", "Rule 4.2, in Rule 4 (“Transactions”)"),
    ]
    assert all("take the rule out" in lack.remedy for lack in found(nordbank, FOREIGN))


def test_what_is_here_is_not_listed(nordbank: Organization) -> None:
    nordbank.attributes.create(entity="customers", key="loyalty", type="text")
    segment = SegmentFactory(organization=nordbank)
    rules = [
        {"field": "custom_data.loyalty", "operator": "=", "value": "gold"},
        {"field": "segment", "operator": "in", "value": [str(segment.pk)]},
        {"field": "total_balance", "operator": ">", "value": "1000.00", "meta": {"currency": "EUR"}},
        {
            "field": "invoices",
            "operator": "=",
            "match": {"mode": "some"},
            "value": {"combinator": "and", "rules": []},
        },
    ]
    assert found(nordbank, {"combinator": "and", "rules": rules}) == []


def test_another_banks_segment_is_missing_here(nordbank: Organization) -> None:
    theirs = SegmentFactory(organization=OrganizationFactory())
    rules = [{"field": "segment", "operator": "=", "value": str(theirs.pk)}]
    [lack] = found(nordbank, {"combinator": "and", "rules": rules})
    assert lack.what == f"Segment {theirs.pk}"
    assert "Import that segment first" in lack.remedy


def test_odd_values_break_nothing(nordbank: Organization) -> None:
    rules: list[Any] = [
        {"field": 7, "operator": None, "value": {"a": 1}},
        {"field": "segment", "operator": "in", "value": "not an id"},
        {"field": "accounts", "operator": "=", "lhs": [], "value": None, "meta": None},
        {},
    ]
    assert "Segment not an id" in [
        lack.what for lack in found(nordbank, {"combinator": "and", "rules": rules})
    ]


@pytest.mark.parametrize(
    ("value", "type"),
    [
        ("gold", "text"),
        (3, "number"),
        ([1, 2.5], "number"),
        (True, "boolean"),
        ("2024-01-31", "date"),
        (["2024-01-31", ""], "date"),
        (["2024-01-31", "soon"], "text"),
        (None, "text"),
    ],
)
def test_a_missing_attribute_is_declared_as_what_it_is_compared_with(
    nordbank: Organization, value: Any, type: str
) -> None:
    rules = [{"field": "custom_data.loyalty", "operator": "=", "value": value}]
    [lack] = found(nordbank, {"combinator": "and", "rules": rules})
    assert lack.asks == f"entity=customers&key=loyalty&type={type}"


def test_who_may_declare_is_led_there_filled_in(alice: Staff, bob: Staff) -> None:
    url, text = (
        bob.organization.url("segments:segment_import"),
        json.dumps({"name": "From afar", "population": "customers", "definition": FOREIGN}),
    )
    form = f"{alice.organization.url('attributes:attribute_create')}?entity=transactions&amp;key=shop&amp;type=text"
    assert form in signed_in(alice).post(url, {"text": text}).content.decode()
    assert form not in signed_in(bob).post(url, {"text": text}).content.decode()


def test_the_page_lists_it_keeps_the_text_and_opens_the_draft_when_asked(bob: Staff) -> None:
    client, url = signed_in(bob), bob.organization.url("segments:segment_import")
    text = json.dumps({"name": "From afar", "population": "customers", "definition": FOREIGN}, indent=1)
    answer = client.post(url, {"file": SimpleUploadedFile("afar.json", text.encode())})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "“From afar” names what is not here" in page
    assert "Rule 3.2, in Group 3" in page
    assert "&quot;shoe_size&quot;" in page
    assert not bob.segment_drafts.exists()
    opened = client.post(url, {"text": text, "anyway": "yes"}, follow=True).content.decode()
    draft = bob.segment_drafts.get()
    assert (draft.name, draft.definition) == ("From afar", FOREIGN)
    assert "is not a field of customers" in opened


def test_in_the_builder_a_segment_that_is_not_here_stays_named_in_its_rule(bob: Staff) -> None:
    client, url = signed_in(bob), bob.organization.url("segments:segment_import")
    rules = [{"field": "segment", "operator": "in", "value": [STRANGE]}]
    given = {"name": "Afar", "population": "customers", "definition": {"combinator": "and", "rules": rules}}
    answer = client.post(url, {"text": json.dumps(given), "anyway": "yes"})
    builder = Builder(client, answer["Location"])
    assert f"There is no segment {STRANGE}. Choose another one." in builder.text
    builder.press("refresh")  # from here on the foreign id itself is kept no more
    assert f"There is no segment “{STRANGE[:8]}…” here. Choose a segment, or remove the rule." in builder.text
    assert "Give at least one value" not in builder.text
    assert STRANGE not in json.dumps(bob.segment_drafts.get().definition)


def test_an_archived_segment_is_named_in_its_rule(bob: Staff) -> None:
    client, url = signed_in(bob), bob.organization.url("segments:segment_import")
    old = SegmentFactory(organization=bob.organization, name="Of last year", archived_at=timezone.now())
    rules = [{"field": "segment", "operator": "in", "value": [str(old.pk)]}]
    given = {"name": "Afar", "population": "customers", "definition": {"combinator": "and", "rules": rules}}
    builder = Builder(client, client.post(url, {"text": json.dumps(given)})["Location"])
    for text in (builder.text, builder.press("refresh").text):
        assert '<span class="token">Of last year<' in text
