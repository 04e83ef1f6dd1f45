"""What no browser sends of itself: the builder answers it as a page, and keeps what it can't read for its fault."""

import json
from typing import Any

import pytest
from django.test import Client

from console.organizations.models import Organization, Staff
from segments.models import Segment
from tests.conftest import signed_in
from tests.factories import NOW, SegmentFactory
from tests.segments.pages import Builder
from tests.segments.tags import a_tag

pytestmark = pytest.mark.django_db
ANYBODY = {"combinator": "and", "rules": [{"field": "all", "operator": "=", "value": True}]}
RULE = {"q/side": "all", "q/rules/0/field": "country", "q/rules/0/was": "country", "q/rules/0/test": "="}
SENT = {**RULE, "q/rules/0/value/0": "CZ", "name": "Forged", "population": "customers"}
LONG = "9" * 5000
MONEY = {"q/rules/1/field": "total_balance", "q/rules/1/was": "total_balance", "q/rules/1/test": ">"}
ROWS = {"q/rules/1/rows": "accounts", "q/rules/1/figure": "some", "q/rules/1/where/side": "all"}
WINDOW = {"field": "minimum_balance", "was": "minimum_balance", "test": ">", "value/0": "1", "days": LONG}


@pytest.fixture
def client(alice: Staff) -> Client:
    return signed_in(alice)


@pytest.mark.parametrize(
    "more",
    [
        {**MONEY, "q/rules/1/value/0": LONG},
        {"q/rules/1/rows": "invoices", "q/rules/1/figure": "atLeast", "q/rules/1/threshold": LONG},
        {**ROWS, **{f"q/rules/1/where/rules/0/{name}": text for name, text in WINDOW.items()}},
        {"q//a": "b", "q/": "c", "q///": "d"},
        {"q/rules/0": "x", "q/rules/0//y": "z"},
        {"q/rules/1/field/x/y": "z", "q/rules/-1/field": "name", "q/rules/٣/field": "name"},
        {"op": f"undo:{LONG}"},
        {"op": f"remove:/rules/{LONG}"},
        {"op": f"remove-value:/rules/0/value/{LONG}"},
    ],
)
def test_a_forged_form_is_answered(client: Client, nordbank: Organization, more: dict[str, str]) -> None:
    page = client.post(nordbank.url("segments:segment_create"), {**SENT, "op": "refresh", **more})
    assert (page.status_code, "q/rules/0/field" in page.content.decode()) == (200, True)
    saved = client.post(nordbank.url("segments:segment_create"), {**SENT, **more, "op": "save"})
    assert (saved.status_code in (200, 302), saved.content.decode().count(LONG) < 3) == (True, True)
    for name in ("preview", "funnel", "spread"):
        sent = {**SENT, "op": "typed", **{name: text for name, text in more.items() if name != "op"}}
        assert client.post(nordbank.url(f"segments:{name}"), sent).status_code in (200, 204)


def test_what_is_not_kept_by_rules_gets_none(client: Client, nordbank: Organization) -> None:
    gold = a_tag(nordbank, "Gold")
    old = SegmentFactory(organization=nordbank, name="Old", definition=ANYBODY)
    old.archive(at=NOW)
    for segment in (gold, old):
        for name in ("segment_create", "preview", "funnel", "spread"):
            sent = {**SENT, "name": str(segment), "segment": str(segment.pk), "op": "save"}
            assert client.post(nordbank.url(f"segments:{name}"), sent).status_code == 404
        assert segment.versions.count() == (segment is old)
        assert not segment.runs.exists()


def test_who_saves_what_was_archived_meanwhile_is_told(client: Client, nordbank: Organization) -> None:
    segment: Segment = SegmentFactory(organization=nordbank, name="Live", definition=ANYBODY)
    builder = Builder(client, nordbank.url("segments:segment_edit", segment.pk)).press("add-rule:")
    draft = nordbank.segment_drafts.get()
    segment.archive(at=NOW)
    rules = {name: text for name, text in builder.fields.items() if not name.startswith("q/")}
    sent: dict[str, Any] = {**SENT, **rules, "draft": str(draft.pk), "name": "Live", "op": "save"}
    page = client.post(nordbank.url("segments:segment_create"), sent)
    assert "“Live” is out of use" in page.content.decode()
    assert (segment.versions.count(), segment.runs.count()) == (1, 0)


def test_a_file_with_more_values_than_a_form_can_hold(client: Client, nordbank: Organization) -> None:
    rule = {"field": "external_id", "operator": "in", "value": [f"C-{n}" for n in range(6000)]}
    text = json.dumps(
        {"name": "Many", "population": "customers", "definition": {"combinator": "and", "rules": [rule]}}
    )
    page = client.post(nordbank.url("segments:segment_import"), {"text": text})
    assert (page.status_code, "more than 5,000 values" in page.content.decode()) == (422, True)


def test_more_values_than_a_form_can_hold_are_told_and_not_shown_to_be_lost(
    client: Client, nordbank: Organization
) -> None:
    many = [
        {"field": "external_id", "operator": "in", "value": [f"C-{rule}-{n}" for n in range(1000)]}
        for rule in range(6)
    ]
    segment = SegmentFactory(
        organization=nordbank, name="Many", definition={"combinator": "or", "rules": many}
    )
    edit = nordbank.url("segments:segment_edit", segment.pk)
    answers = [client.get(edit, follow=True), client.post(edit, {**SENT, "op": "save"}, follow=True)]
    for page in answers:
        assert page.status_code == 200
        assert "rules hold 6,000 values, and a form 5,000 at most" in page.content.decode()
    assert (segment.versions.count(), nordbank.segment_drafts.count()) == (1, 0)
