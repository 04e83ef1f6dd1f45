"""The builder through its page: every button works without script, drafts are kept, saving is all or nothing."""

import json
from typing import Any

import pytest
from django.test import Client

from console.organizations.models import Organization, Staff
from segments.models import Draft, Segment
from tests.conftest import signed_in
from tests.factories import (
    NOW,
    OrganizationFactory,
    SegmentFactory,
)
from tests.segments.pages import Builder, read_form

pytestmark = pytest.mark.django_db
CZECH: dict[str, Any] = {
    "schema_version": 1,
    "combinator": "and",
    "rules": [{"field": "country", "operator": "=", "value": "CZ"}],
}


@pytest.fixture
def builder(bob: Staff) -> Builder:
    """Bob at an empty builder."""
    return Builder(signed_in(bob), bob.organization.url("segments:segment_create"))


def at(staff: Staff, segment: Segment) -> Builder:
    return Builder(signed_in(staff), staff.organization.url("segments:segment_edit", segment.pk))


class TestBuilding:
    def test_a_nested_definition_by_buttons_alone(self, builder: Builder, nordbank: Organization) -> None:
        builder.fields["name"] = "Spenders"
        builder.choose(rules_0_field="country").choose(rules_0_test="in")
        builder.fill(rules_0_value_add="CZ").press("refresh").fill(rules_0_value_add="DE").press("refresh")
        builder.press("add-related:").fill(rules_1_threshold="2").choose(rules_1_where_rules_0_field="amount")
        builder.fill(rules_1_where_rules_0_value_0="1,000.00").press("add-group:")
        builder.choose(rules_2_rules_0_field="kind").fill(
            rules_2_rules_0_value_0="person", rules_2_side="none"
        )
        answer = builder.press("save").response
        segment = nordbank.segments.get(name="Spenders")
        assert answer.status_code == 302
        assert answer["Location"] == segment.get_absolute_url()
        assert segment.version is not None
        assert segment.version.definition["rules"] == [
            {"field": "country", "operator": "in", "value": ["CZ", "DE"]},
            {
                "field": "transactions",
                "operator": "=",
                "match": {"mode": "atLeast", "threshold": 2},
                "value": {
                    "combinator": "and",
                    "rules": [{"field": "amount", "operator": ">=", "value": "1000.00"}],
                },
            },
            {
                "combinator": "or",
                "not": True,
                "rules": [{"field": "kind", "operator": "=", "value": "person"}],
            },
        ]

    def test_saving_queues_the_first_count_and_ends_the_draft(
        self, builder: Builder, nordbank: Organization
    ) -> None:
        builder.fields["name"] = "Everyone"
        builder.choose(rules_0_field="all").press("save")
        segment = nordbank.segments.get()
        assert [run.state for run in segment.runs.all()] == ["queued"]
        assert str(segment.owner) == "Bob Analyst"
        assert not Draft.objects.exists()

    def test_what_the_menu_does_and_undo_takes_it_back(self, builder: Builder) -> None:
        builder.choose(rules_0_field="name").fill(rules_0_value_0="Nová").press("duplicate:/rules/0")
        assert builder.fields["q/rules/1/value/0"] == "Nová"
        builder.press("negate:/rules/1")
        assert builder.fields["q/rules/1/test"] == "!="
        builder.press("remove:/rules/0").press("undo").press("undo")
        assert builder.fields["q/rules/1/test"] == "="
        builder.press("undo:2")
        assert "q/rules/1/field" not in builder.fields

    def test_undo_gives_back_what_was_typed_before_the_last_button(self, builder: Builder) -> None:
        builder.choose(rules_0_field="name").fill(rules_0_value_0="typed").press("remove:/rules/0").press(
            "undo"
        )
        assert builder.fields["q/rules/0/value/0"] == "typed"

    def test_the_focus_goes_to_what_was_made(self, builder: Builder) -> None:
        assert builder.press("add-rule:").form.focus == "q-rules-1-field"
        assert builder.press("up:/rules/1").form.focus == "row-0-menu"
        builder.press("remove:/rules/0").press("remove:/rules/0")
        assert builder.form.focus == "row-add"

    def test_a_button_that_can_do_nothing_says_so(self, builder: Builder, nordbank: Organization) -> None:
        answer = builder.client.post(
            builder.address,
            {**builder.fields, "op": "up:/rules/0"},
            headers={"HX-Request": "true", "HX-Target": "tree"},
        )
        assert "It is the first of its group." in answer.content.decode()

    def test_ids_are_unique_however_deep(self, builder: Builder) -> None:
        builder.press("add-group:").press("add-group:/rules/1").press("add-related:/rules/1").press(
            "add-related:"
        )
        ids = builder.form.ids
        assert sorted(ids) == sorted(set(ids))

    def test_two_hundred_rules_are_answered(self, bob: Staff, nordbank: Organization) -> None:
        many = {"combinator": "and", "rules": CZECH["rules"] * 200}
        builder = at(bob, SegmentFactory(organization=nordbank, definition=many))
        assert (
            "200 rules at most"
            in builder.client.post(
                builder.address,
                {**builder.fields, "op": "add-rule:"},
                headers={"HX-Request": "true", "HX-Target": "tree"},
            ).content.decode()
        )


class TestFaults:
    def test_they_stand_at_the_rule_and_the_bar_leads_there(self, builder: Builder) -> None:
        builder.choose(rules_0_field="total_balance").fill(rules_0_value_0="1.000,0").press("save")
        assert "1 fault" in builder.text
        assert 'href="#q-rules-0-value-0"' in builder.text
        assert 'aria-invalid="true" aria-describedby="row-0-fault"' in builder.text
        assert builder.fields["q/rules/0/value/0"] == "1.000,0"
        assert not Segment.objects.exists()

    def test_a_draft_with_faults_is_kept(self, builder: Builder, bob: Staff) -> None:
        builder.choose(rules_0_field="total_balance").press("keep")
        draft = bob.segment_drafts.get()
        again = Builder(builder.client, bob.organization.url("segments:draft_edit", draft.pk))
        assert again.fields["q/rules/0/field"] == "total_balance"
        assert "Draft kept" in again.text

    def test_characters_that_cannot_be_kept_are_dropped(self, builder: Builder, bob: Staff) -> None:
        builder.choose(rules_0_field="name").fill(rules_0_value_0="Jana\0 Nováková")
        builder.fields["name"] = "Ja\0nas"
        builder.press("keep")
        assert builder.fields["q/rules/0/value/0"] == "Jana Nováková"
        assert bob.segment_drafts.get().name == "Janas"

    def test_a_name_is_needed_and_used_once(self, builder: Builder, nordbank: Organization) -> None:
        builder.choose(rules_0_field="all").press("save")
        assert "Give the segment a name." in builder.text
        SegmentFactory(organization=nordbank, name="Taken")
        builder.fields["name"] = "taken"
        assert "is called “taken” already" in builder.press("save").text
        assert nordbank.segments.count() == 1

    def test_a_segment_made_from_itself_is_refused_with_the_circle_named(
        self, bob: Staff, nordbank: Organization
    ) -> None:
        one = SegmentFactory(organization=nordbank, name="One", definition=CZECH)
        uses = {
            "combinator": "and",
            "rules": [{"field": "segment", "operator": "in", "value": [str(one.pk)]}],
        }
        two = SegmentFactory(organization=nordbank, name="Two")
        two.save_definition(uses, by=bob, at=NOW)
        builder = at(bob, one).choose(rules_0_field="segment").fill(rules_0_value_add="Two").press("save")
        assert "made from itself" in builder.text
        one.refresh_from_db()
        assert one.version is not None
        assert one.version.number == 1

    def test_over_htmx_they_travel_as_an_event_and_rows_stay_as_they_are(
        self, builder: Builder, nordbank: Organization
    ) -> None:
        builder.choose(rules_0_field="email")
        answer = builder.client.post(nordbank.url("segments:preview"), builder.fields)
        (row,) = json.loads(answer["HX-Trigger-After-Swap"])["faults"]["rows"]
        assert row["row"] == "row-0"
        assert row["controls"] == ["q-rules-0-value-0"]
        assert 'id="tree"' not in answer.content.decode()


class TestTwoPeople:
    @pytest.fixture
    def segment(self, nordbank: Organization) -> Segment:
        segment: Segment = SegmentFactory(organization=nordbank, name="Czechs", definition=CZECH)
        return segment

    @pytest.fixture
    def both_edited(self, alice: Staff, bob: Staff, segment: Segment) -> Builder:
        """Bob began from version 1; meanwhile Alice saved version 2."""
        bobs = at(bob, segment).fill(rules_0_value_0="DE").press("keep")
        at(alice, segment).fill(rules_0_value_0="AT").press("save")
        return bobs.press("save")

    def test_both_read_backs_are_shown_and_nothing_is_saved(
        self, both_edited: Builder, segment: Segment
    ) -> None:
        assert "Alice Admin saved version 2 while you were editing" in both_edited.text
        assert "country is DE" in both_edited.text
        assert "country is AT" in both_edited.text
        assert segment.versions.count() == 2

    def test_coming_back_to_a_draft_shows_what_was_saved_meanwhile(
        self, both_edited: Builder, segment: Segment, bob: Staff
    ) -> None:
        assert "Alice Admin saved version 2 while you were editing" in at(bob, segment).text

    def test_mine_becomes_the_next_version(self, both_edited: Builder, segment: Segment) -> None:
        both_edited.press("mine")
        assert [v.definition["rules"][0]["value"] for v in segment.versions.all()] == ["DE", "AT", "CZ"]

    def test_theirs_drops_mine(self, both_edited: Builder, segment: Segment, bob: Staff) -> None:
        both_edited.press("theirs")
        assert segment.versions.count() == 2
        assert not bob.segment_drafts.exists()

    def test_each_has_a_draft_of_their_own(self, alice: Staff, bob: Staff, segment: Segment) -> None:
        at(bob, segment).fill(rules_0_value_0="DE").press("keep")
        assert at(alice, segment).fields["q/rules/0/value/0"] == "CZ"
        assert at(bob, segment).fields["q/rules/0/value/0"] == "DE"

    def test_discarding_leads_back_and_leaves_the_segment_as_it_is(
        self, bob: Staff, segment: Segment
    ) -> None:
        answer = at(bob, segment).fill(rules_0_value_0="DE").press("keep").press("discard").response
        assert answer["Location"] == segment.get_absolute_url()
        assert at(bob, segment).fields["q/rules/0/value/0"] == "CZ"


def test_a_new_name_alone_makes_no_version(bob: Staff, nordbank: Organization) -> None:
    segment = SegmentFactory(organization=nordbank, name="Czechs", definition=CZECH, member_count=7)
    builder = at(bob, segment)
    builder.fields["name"] = "People of Czechia"
    Segment.objects.update(member_count=9)
    builder.press("refresh").press("save")
    segment.refresh_from_db()
    assert (segment.name, segment.versions.count(), segment.member_count) == ("People of Czechia", 1, 9)


class TestWhoMay:
    def test_a_viewer_may_not_build(self, vera: Staff) -> None:
        assert signed_in(vera).get(vera.organization.url("segments:segment_create")).status_code == 403

    @pytest.mark.parametrize("name", ["preview", "funnel"])
    def test_counts_are_asked_for_by_post_only(self, bob: Staff, name: str) -> None:
        assert signed_in(bob).get(bob.organization.url(f"segments:{name}")).status_code == 405

    def test_drafts_of_others_do_not_exist(self, alice: Staff, bob: Staff, charlie: Staff) -> None:
        draft = Draft.objects.create(organization=bob.organization, staff=bob, definition=CZECH, kept_at=NOW)
        for staff in (alice, charlie):
            client = signed_in(staff)
            assert client.get(staff.organization.url("segments:draft_edit", draft.pk)).status_code == 404
            answer = client.post(staff.organization.url("segments:preview"), {"draft": str(draft.pk)})
            assert answer.status_code == 404

    def test_segments_of_another_bank_do_not_exist(self, bob: Staff, client: Client) -> None:
        other = SegmentFactory(organization=OrganizationFactory(), definition=CZECH)
        bobs = signed_in(bob)
        assert bobs.get(bob.organization.url("segments:segment_edit", other.pk)).status_code == 404
        assert (
            bobs.post(bob.organization.url("segments:preview"), {"segment": str(other.pk)}).status_code == 404
        )
        assert bobs.post(bob.organization.url("segments:preview"), {"draft": "x"}).status_code == 404

    def test_names_of_segments_of_another_bank_are_not_offered(self, builder: Builder) -> None:
        SegmentFactory(organization=OrganizationFactory(), name="Secret of Southbank")
        builder.choose(rules_0_field="segment")
        assert "Secret of Southbank" not in builder.text

    def test_an_archived_or_assigned_segment_has_no_rules_to_edit(
        self, bob: Staff, nordbank: Organization
    ) -> None:
        for more in ({"archived_at": NOW}, {"kind": "assigned", "population": "accounts"}):
            segment = SegmentFactory(organization=nordbank, **more)
            assert signed_in(bob).get(nordbank.url("segments:segment_edit", segment.pk)).status_code == 404


def test_over_htmx_only_the_tree_is_swapped_and_the_address_names_the_draft(
    builder: Builder, bob: Staff
) -> None:
    answer = builder.client.post(
        builder.address,
        {**builder.fields, "op": "add-rule:"},
        headers={"HX-Request": "true", "HX-Target": "tree"},
    )
    text = answer.content.decode()
    assert "<html" not in text
    assert text.lstrip().startswith("<section")
    assert answer["HX-Replace-Url"] == bob.organization.url(
        "segments:draft_edit", bob.segment_drafts.get().pk
    )
    assert read_form(answer).focus == "q-rules-1-field"
