"""The builder before anybody did anything: nothing is kept, nothing is called wrong."""

import pytest

from console.organizations.models import Organization, Staff
from tests.conftest import signed_in
from tests.factories import SegmentFactory
from tests.segments.pages import Builder

pytestmark = pytest.mark.django_db


def previewed(builder: Builder, fields: dict[str, str]) -> str:
    """What the aside and the bar say of these fields."""
    address = builder.address.partition("/segments/")[0] + "/segments/preview/"
    return str(builder.client.post(address, fields).content.decode())


def test_a_rule_that_nobody_has_filled_in_yet_is_no_fault(bob: Staff) -> None:
    builder = Builder(signed_in(bob), bob.organization.url("segments:segment_create"))
    for text in (builder.text, previewed(builder, builder.fields)):
        assert "Finish rule 1</a> before it can be saved" in text
        assert "fault," not in text
        assert "uncounted" not in text
    typed = {**builder.fields, "q/rules/0/field": "total_balance", "at": "/rules/0"}
    assert "Finish rule 1" in previewed(builder, typed)
    assert "1 fault" in previewed(builder, {**typed, "at": ""})


def test_opening_a_segment_leaves_no_draft_however_its_rules_were_written(
    bob: Staff, nordbank: Organization
) -> None:
    rules = [{"field": "country", "operator": "=", "value": "CZ"}]
    inner = {"combinator": "or", "not": False, "rules": rules}
    written = {"schema_version": 1, "combinator": "and", "not": False, "rules": [inner]}
    segment = SegmentFactory(organization=nordbank, name="Czechs", definition=written)
    builder = Builder(signed_in(bob), nordbank.url("segments:segment_edit", segment.pk))
    assert "Draft kept" not in previewed(builder, builder.fields)
    assert not bob.segment_drafts.exists()
    builder.press("save")
    assert segment.versions.count() == 1
