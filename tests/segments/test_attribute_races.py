"""An attribute that changes at the moment when a segment is made of it: one of the two is told."""

from functools import partial
from typing import Any

import pytest
from django.db import transaction

from console import keeping as records
from console.customers.keeping import KeyTaken, keep_attribute
from console.customers.models import Attribute
from console.keeping import Refusal
from console.organizations.models import Organization, Staff
from segments.definition.faults import DefinitionFaults
from tests.factories import NOW, SegmentFactory
from tests.races import racing

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 10
RULES: dict[str, Any] = {
    "combinator": "and",
    "rules": [{"field": "custom_data.tier", "operator": "beginsWith", "value": "go"}],
}


@pytest.mark.parametrize("what", ["type", "delete"])
def test_what_a_segment_is_just_made_of_stays_as_it_is(
    nordbank: Organization, alice: Staff, what: str
) -> None:
    def change(attribute: Attribute) -> None:
        if what == "type":
            attribute.type = "number"
            keep_attribute(attribute)
        else:
            records.end(attribute, at=NOW)

    with racing(Refusal, DefinitionFaults) as at_once:
        for _ in range(ROUNDS):
            attribute = nordbank.attributes.create(entity="customers", key="tier", type="text")
            segment = SegmentFactory(organization=nordbank)
            at_once(
                partial(transaction.atomic(change), attribute),
                partial(segment.save_definition, RULES, by=alice, at=NOW),
            )
            segment.refresh_from_db()
            if segment.version:
                segment.rules()
                segment.archive(at=NOW)
            nordbank.attributes.all().delete()


def test_two_who_declare_one_key_at_once_declare_it_once(nordbank: Organization) -> None:
    def declare(label: str) -> None:
        keep_attribute(
            Attribute(organization=nordbank, entity="customers", key="tier", type="text", label=label)
        )

    with racing(KeyTaken) as at_once:
        for _ in range(ROUNDS):
            answers = at_once(partial(declare, "Mine"), partial(declare, "Theirs"))
            assert [type(one) for one in answers].count(KeyTaken) == 1
            nordbank.attributes.get().delete()
