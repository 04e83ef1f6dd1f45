"""A segment travels as a file, is copied, and goes out of use."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from console.organizations.models import Organization, Staff
from segments.models import Segment
from tests.conftest import signed_in
from tests.factories import SegmentFactory

pytestmark = pytest.mark.django_db
CZECH: dict[str, Any] = {
    "schema_version": 1,
    "combinator": "and",
    "rules": [{"field": "country", "operator": "=", "value": "CZ"}],
}


@pytest.fixture
def czechs(nordbank: Organization, bob: Staff) -> Segment:
    """A segment with one version."""
    segment: Segment = SegmentFactory(organization=nordbank, name="Czechs", owner=bob)
    segment.save_definition(CZECH, by=bob, at=timezone.now())
    return segment


def listed(staff: Staff) -> str:
    return str(signed_in(staff).get(staff.organization.url("segments:segment_list")).content.decode())


class TestExchange:
    def test_what_is_exported_can_be_imported(self, bob: Staff, czechs: Segment) -> None:
        client, organization = signed_in(bob), bob.organization
        exported = client.get(organization.url("segments:segment_export", czechs.pk))
        assert exported["Content-Disposition"] == 'attachment; filename="czechs.json"'
        data = json.loads(exported.content)
        assert data == {"name": "Czechs", "population": "customers", "definition": CZECH}
        file = SimpleUploadedFile("czechs.json", exported.content)
        answer = client.post(organization.url("segments:segment_import"), {"file": file})
        draft = bob.segment_drafts.get()
        assert answer["Location"] == organization.url("segments:draft_edit", draft.pk)
        assert (draft.name, draft.definition) == ("Czechs", CZECH)

    def test_what_it_is_for_and_whether_it_is_for_marketing_goes_with_it(
        self, bob: Staff, czechs: Segment
    ) -> None:
        czechs.description, czechs.is_marketing = "Who is Czech.", False
        czechs.save()
        client, organization = signed_in(bob), bob.organization
        exported = client.get(organization.url("segments:segment_export", czechs.pk)).content.decode()
        client.post(organization.url("segments:segment_import"), {"text": exported})
        draft = bob.segment_drafts.get()
        assert (draft.description, draft.is_marketing) == ("Who is Czech.", False)

    def test_a_definition_with_faults_opens_with_them_at_its_rules(self, bob: Staff) -> None:
        data = {
            "name": "X",
            "population": "customers",
            "definition": {"combinator": "and", "rules": [{"field": "nope"}]},
        }
        client = signed_in(bob)
        answer = client.post(
            bob.organization.url("segments:segment_import"),
            {"text": json.dumps(data), "anyway": "yes"},
            follow=True,
        )
        assert "is not a field of customers" in answer.content.decode()

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("", "Choose a file"),
            ("{", "This is not JSON: line 1"),
            ("[1]", "object with name, population and definition"),
            ('{"name": "x", "population": "cats", "definition": {}}', "customers"),
            ('{"name": "", "population": "customers", "definition": {}}', "1 to 256 characters"),
            ('{"name": "x", "population": "customers", "definition": [1]}', "definition"),
            ('{"name": "x", "population": "customers", "definition": {"rules": "all"}}', "definition"),
            ('{"name": "x", "population": "customers", "definition": {}, "sql": "1"}', "“sql” is not part"),
            ("[" * 5000, "nested too deeply"),
            ('{"name": "a", "name": "b"}', "“name” stands twice"),
            ('{"name": "a\\u0000"}', "NUL character"),
            ('{"name": "x", "definition": {"\\ud800": 1}}', "half a character"),
            ('{"name": "x", "definition": {"value": NaN}}', "NaN is not a number"),
            ('{"name": "x", "definition": {"value": [1e400]}}', "1e400 is not a number"),
            ('{"name": "x", "definition": {"value": ' + "9" * 5000 + "}}", "too many digits"),
            (
                json.dumps(
                    {
                        "name": "x",
                        "population": "customers",
                        "definition": {"combinator": "and", "rules": CZECH["rules"] * 201},
                    }
                ),
                "200 rules at most",
            ),
        ],
    )
    def test_what_is_no_segment_is_refused_in_words_and_kept(self, bob: Staff, text: str, words: str) -> None:
        answer = signed_in(bob).post(bob.organization.url("segments:segment_import"), {"text": text})
        shown = answer.content.decode()
        assert words in shown
        assert not bob.segment_drafts.exists()

    @pytest.mark.parametrize(
        "content", [b"\xff\xfe\x00", b"x" * (1024 * 1024 + 1)], ids=["not text", "too large"]
    )
    def test_files_that_cannot_be_one_are_refused(self, bob: Staff, content: bytes) -> None:
        file = SimpleUploadedFile("x.json", content)
        answer = signed_in(bob).post(bob.organization.url("segments:segment_import"), {"file": file})
        assert answer.status_code == 422
        assert "errors" in answer.content.decode()

    def test_a_copy_is_a_draft_of_a_new_segment(self, bob: Staff, czechs: Segment) -> None:
        signed_in(bob).post(bob.organization.url("segments:segment_duplicate", czechs.pk))
        draft = bob.segment_drafts.get()
        assert (draft.name, draft.segment, draft.definition) == ("Czechs, copy", None, CZECH)


ACTS = ("archive", "restore")


class TestArchiving:
    def test_it_leaves_the_list_and_comes_back(self, bob: Staff, czechs: Segment) -> None:
        client = signed_in(bob)
        archive, restore = (bob.organization.url(f"segments:segment_{act}", czechs.pk) for act in ACTS)
        assert f'action="{archive}"' in client.get(czechs.get_absolute_url()).content.decode()
        client.post(archive)
        assert ">Czechs</a>" not in listed(bob)
        assert f'action="{restore}"' in client.get(czechs.get_absolute_url()).content.decode()
        client.post(restore)
        assert ">Czechs</a>" in listed(bob)

    def test_a_page_that_is_out_of_date_changes_nothing(self, bob: Staff, czechs: Segment) -> None:
        client = signed_in(bob)
        archive, restore = (bob.organization.url(f"segments:segment_{act}", czechs.pk) for act in ACTS)
        client.post(archive)
        assert "Czechs is archived already" in client.post(archive, follow=True).content.decode()
        assert ">Czechs</a>" not in listed(bob)
        client.post(restore)
        assert "Czechs is in use already" in client.post(restore, follow=True).content.decode()
        assert ">Czechs</a>" in listed(bob)

    def test_one_that_another_uses_stays_and_says_which(self, bob: Staff, czechs: Segment) -> None:
        uses = {
            "combinator": "and",
            "rules": [{"field": "segment", "operator": "in", "value": [str(czechs.pk)]}],
        }
        other = SegmentFactory(organization=bob.organization, name="Made of Czechs")
        other.save_definition(uses, by=bob, at=timezone.now())
        answer = signed_in(bob).post(bob.organization.url("segments:segment_archive", czechs.pk), follow=True)
        czechs.refresh_from_db()
        assert czechs.archived_at is None
        assert "Made of Czechs still uses it" in answer.content.decode()

    def test_a_name_that_was_taken_meanwhile_keeps_it_archived(self, bob: Staff, czechs: Segment) -> None:
        czechs.archive(at=timezone.now())
        SegmentFactory(organization=bob.organization, name="czechs")
        address = bob.organization.url("segments:segment_restore", czechs.pk)
        assert "is called “Czechs” already" in signed_in(bob).post(address, follow=True).content.decode()
