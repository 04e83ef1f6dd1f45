"""Faults of a draft: the compiler names a JSON pointer, the page paints a rule and leads to its control."""

import pytest

from segments.builder.marks import laid_out, locate
from segments.definition.faults import DefinitionFaults, Fault
from tests.segments.test_builder_form import lexicon, rule


class TestFaults:
    DRAFT = {
        "combinator": "and",
        "rules": [
            {"field": "name", "operator": "=", "value": ""},
            {
                "field": "transactions",
                "operator": "=",
                "match": {"mode": "some"},
                "value": {
                    "combinator": "and",
                    "rules": [{"field": "amount", "operator": "between", "value": ["1", ""]}],
                },
            },
        ],
    }

    @pytest.mark.parametrize(
        ("pointer", "place"),
        [
            ("", ("", "")),
            ("/rules", ("", "rules")),
            ("/rules/0/value", ("/rules/0", "value")),
            ("/rules/1/match/threshold", ("/rules/1", "match/threshold")),
            ("/rules/1/value/rules/0/value/1", ("/rules/1/where/rules/0", "value/1")),
            ("/rules/7/value", ("", "rules/7/value")),
        ],
    )
    def test_a_pointer_leads_to_a_row_and_a_part_of_it(self, pointer: str, place: tuple[str, str]) -> None:
        assert locate(self.DRAFT, pointer) == place

    def test_the_control_turns_red_and_the_bar_knows_where(self) -> None:
        faults = DefinitionFaults(
            [
                Fault("/rules/1/value/rules/0/value/1", "Write an amount."),
                Fault("/rules/0/value", "Write it."),
            ]
        )
        root, marks = laid_out(self.DRAFT, lexicon(), faults)
        assert [(mark.number, mark.message) for mark in marks] == [
            ("1", "Write it."),
            ("2.1", "Write an amount."),
        ]
        inner = root.children[1].children[0]
        assert [control.is_wrong for control in inner.values] == [False, True]
        assert marks[1].target == inner.values[1].id

    def test_a_row_being_filled_in_is_counted_but_not_painted(self) -> None:
        faults = DefinitionFaults([Fault("/rules/0/value", "Write it.")])
        root, marks = laid_out(self.DRAFT, lexicon(), faults, spare="/rules/0")
        assert len(marks) == 1
        assert root.children[0].faults == []

    def test_a_field_that_was_never_chosen_is_asked_for(self) -> None:
        draft = rule(field="", operator="", value="")
        _, marks = laid_out(
            draft, lexicon(), DefinitionFaults([Fault("/rules/0/field", "“” is not a field.")])
        )
        assert marks[0].message.startswith("Choose a field")
