"""Segments that are made from others: what they name is in use and no circle, whoever saves at the same moment."""

from functools import partial
from typing import Any

import pytest
from django.db import transaction

from console.organizations.models import Organization, Staff
from segments.definition.faults import DefinitionFaults
from segments.models import InUse, MadeOfArchived, Segment
from tests.conftest import signed_in
from tests.factories import NOW, SegmentFactory
from tests.races import TIMES, racing

ANYBODY = {"combinator": "and", "rules": [{"field": "all", "operator": "=", "value": True}]}
in_earnest = pytest.mark.django_db(transaction=True)


def made_of(*segments: Segment) -> dict[str, Any]:
    names = [str(each.pk) for each in segments]
    return {"combinator": "and", "rules": [{"field": "segment", "operator": "in", "value": names}]}


def save(segment: Segment, rules: dict[str, Any]) -> None:
    Segment.objects.get(pk=segment.pk).save_definition(rules, by=None, at=NOW)


@pytest.fixture
def four(nordbank: Organization) -> list[Segment]:
    return [SegmentFactory(organization=nordbank, name=name, definition=ANYBODY) for name in "ABCD"]


@pytest.mark.django_db
def test_what_is_archived_is_not_counted_and_no_base_for_another(four: list[Segment]) -> None:
    a, b, *_ = four
    b.archive(at=NOW)
    with pytest.raises(DefinitionFaults) as caught:
        save(a, made_of(b))
    (fault,) = caught.value.faults
    assert (fault.path, fault.message) == (
        "/rules/0/value",
        "“B” is archived. Restore it, or choose another segment.",
    )


@pytest.mark.django_db
def test_what_is_made_from_an_archived_one_comes_back_after_it(four: list[Segment], bob: Staff) -> None:
    a, b, *_ = four
    save(a, made_of(b))
    a.refresh_from_db()
    a.archive(at=NOW)
    b.archive(at=NOW)
    with pytest.raises(MadeOfArchived, match="A is made from “B”, which is archived"):
        a.restore()
    page = signed_in(bob).post(bob.organization.url("segments:segment_restore", a.pk), follow=True)
    assert "Restore that one first" in page.content.decode()
    b.restore()
    signed_in(bob).post(bob.organization.url("segments:segment_restore", a.pk))
    assert a.runs.get().state == "queued"


@in_earnest
def test_two_who_save_at_once_make_no_circle(four: list[Segment]) -> None:
    """A → B and C → D, where B is made from C and D from A already: neither of the two names what the other changes."""
    a, b, c, d = four
    save(b, made_of(c))
    save(d, made_of(a))
    with racing(DefinitionFaults) as at_once:
        for _ in range(TIMES // 10):
            save(a, ANYBODY)
            save(c, ANYBODY)
            ends = at_once(partial(save, a, made_of(b)), partial(save, c, made_of(d)))
            assert sorted(map(str, ends))[0].startswith("/: A segment can't be made from itself"), ends


@in_earnest
def test_who_archives_and_who_builds_on_it_at_once_do_not_both_get_it(four: list[Segment]) -> None:
    a, b, *_ = four

    def archive() -> None:
        with transaction.atomic():
            held = Segment.objects.select_for_update(no_key=True).get(pk=b.pk)
            held.archive(at=NOW)

    with racing(DefinitionFaults, InUse) as at_once:
        for _ in range(TIMES // 10):
            save(a, ANYBODY)
            Segment.objects.filter(pk=b.pk).update(archived_at=None)
            ends = at_once(partial(save, a, made_of(b)), archive)
            assert sum(end is None for end in ends) == 1, ends
