"""What the builder's buttons do to a draft: pure functions, so thousands of random drafts are tried."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from hypothesis import given, settings
from hypothesis import strategies as st

from segments.builder.operations import OPERATIONS, Refused, perform, possible
from segments.builder.saving import HEADER_LIMIT, with_event
from segments.builder.tree import (
    MAX_DEPTH,
    Draft,
    children_of,
    copied,
    depth_of,
    find,
    kind_of,
    new_group,
    new_rule,
    paths,
    pruned,
    rules_in,
    where_of,
)
from tests.segments import definitions

CASES = settings(deadline=None, max_examples=100)
DRAFTS = definitions.CUSTOMERS.map(lambda draft: pruned(copied(draft)))
BELOW = [name for name in OPERATIONS if not name.startswith(("add-", "remove-"))]
A, B, C = ({"field": "name", "operator": "=", "value": value} for value in "abc")


def group(*rules: Draft, **more: Any) -> Draft:
    return {"combinator": "and", "rules": list(rules), **more}


def leaves(node: Draft) -> list[str]:
    """All that is no group, as text, in no order."""
    if kind_of(node) == "group":
        return sorted(leaf for child in children_of(node) for leaf in leaves(child))
    return [json.dumps(node, sort_keys=True)]


def is_well_formed(node: Any) -> bool:
    if kind_of(node) == "group":
        return node["combinator"] in {"and", "or"} and all(is_well_formed(child) for child in node["rules"])
    if kind_of(node) == "rule":
        return {"field", "operator"} <= set(node)
    return isinstance(node["field"], str) and is_well_formed(where_of(node))


def at_some_place(data: st.DataObject, draft: Draft) -> str:
    return data.draw(st.sampled_from([path for path in paths(draft) if path]))


@CASES
@given(draft=DRAFTS, data=st.data())
def test_every_operation_leaves_a_well_formed_draft_and_the_old_one_alone(
    draft: Draft, data: st.DataObject
) -> None:
    before = json.dumps(draft)
    try:
        change = perform(draft, f"{data.draw(st.sampled_from(BELOW))}:{at_some_place(data, draft)}")
    except Refused:
        return
    assert json.dumps(draft) == before
    assert is_well_formed(change.draft)
    assert find(change.draft, change.path) is not None
    assert json.loads(json.dumps(change.draft)) == change.draft


@CASES
@given(draft=DRAFTS, data=st.data())
def test_moving_loses_nothing_and_adds_nothing(draft: Draft, data: st.DataObject) -> None:
    path = at_some_place(data, draft)
    try:
        moved = perform(draft, f"{data.draw(st.sampled_from(['up', 'down', 'in', 'out']))}:{path}")
    except Refused:
        return
    assert rules_in(moved.draft) == rules_in(draft)
    assert find(moved.draft, moved.path) == find(draft, path)


@CASES
@given(draft=DRAFTS, data=st.data())
def test_up_takes_back_down_and_remove_takes_back_a_copy(draft: Draft, data: st.DataObject) -> None:
    path = at_some_place(data, draft)
    copy = perform(draft, f"duplicate:{path}")
    assert rules_in(copy.draft) == rules_in(draft) + rules_in(find(draft, path))
    for which in (copy.path, path):
        assert perform(copy.draft, f"remove:{which}").draft == draft
    down = perform(copy.draft, f"down:{path}")
    assert perform(down.draft, f"up:{down.path}").draft == copy.draft


@CASES
@given(draft=DRAFTS, data=st.data())
def test_the_menu_offers_exactly_what_can_be_done(draft: Draft, data: st.DataObject) -> None:
    path = at_some_place(data, draft)
    up, _, position = path.rpartition("/rules/")
    rules = find(draft, up)["rules"]
    for name in ("up", "down", "in", "out"):
        try:
            perform(draft, f"{name}:{path}")
            is_possible = True
        except Refused as refusal:
            is_possible = "deep" in str(refusal)
        assert (name in possible(rules, int(position), path)) == is_possible


@CASES
@given(draft=DRAFTS, data=st.data())
def test_the_opposite_of_the_opposite_is_the_same_again(draft: Draft, data: st.DataObject) -> None:
    path = at_some_place(data, draft)
    original = find(draft, path)
    try:
        once = perform(draft, f"negate:{path}")
    except Refused:
        assert depth_of(draft) >= MAX_DEPTH
        return
    node = find(perform(once.draft, f"negate:{path}").draft, path)
    assert find(once.draft, path) != original
    assert node == original or (kind_of(node) == "group" and leaves(node) == leaves(original))


class TestAdding:
    def test_a_rule_comes_last_in_its_group_and_gets_the_focus(self) -> None:
        change = perform(group(A, group(B)), "add-rule:/rules/1")
        assert (change.path, change.part) == ("/rules/1/rules/1", "field")
        assert find(change.draft, change.path) == {"field": "", "operator": "", "value": ""}

    def test_a_group_says_the_other_word_and_brings_its_first_rule(self) -> None:
        change = perform(group(A), "add-group:")
        assert change.draft["rules"][1]["combinator"] == "or"
        assert change.path == "/rules/1/rules/0"

    def test_conditions_of_related_rows_are_added_where_the_format_keeps_them(self) -> None:
        draft = perform(group(), "add-related:").draft
        draft = perform(draft, "add-rule:/rules/0/where").draft
        assert len(draft["rules"][0]["value"]["rules"]) == 2

    def test_a_figure_without_conditions_gets_a_place_for_them_only_when_one_is_added(self) -> None:
        count = {
            "field": "transactions",
            "operator": ">",
            "value": 3,
            "lhs": {"kind": "func", "fn": "count", "args": []},
        }
        assert "meta" not in perform(group(count, A), "up:/rules/1").draft["rules"][1]
        added = perform(group(count), "add-rule:/rules/0/where").draft
        assert added["rules"][0]["meta"]["where"]["rules"] == [{"field": "", "operator": "", "value": ""}]
        assert perform(added, "remove:/rules/0/where/rules/0").draft == group(count)


class TestMoving:
    def test_in_goes_to_the_end_of_the_group_before(self) -> None:
        assert perform(group(group(B), A), "in:/rules/1").draft == group(group(B, A))

    def test_in_goes_to_the_beginning_of_the_group_after(self) -> None:
        change = perform(group(A, group(B)), "in:/rules/0")
        assert change.draft == group(group(A, B))
        assert change.path == "/rules/0/rules/0"

    def test_out_goes_right_after_the_group(self) -> None:
        change = perform(group(group(A, B), C), "out:/rules/0/rules/0")
        assert change.draft == group(group(B), A, C)
        assert change.path == "/rules/1"

    def test_conditions_of_related_rows_stay_with_them(self) -> None:
        block = {"field": "accounts", "operator": "=", "match": {"mode": "some"}, "value": group(A, B)}
        with pytest.raises(Refused, match="no group around it"):
            perform(group(block), "out:/rules/0/where/rules/0")
        with pytest.raises(Refused, match="right before or after"):
            perform(group(C, block), "in:/rules/0")

    @pytest.mark.parametrize(("order", "words"), [("up:/rules/0", "first"), ("down:/rules/1", "last")])
    def test_at_the_edge_it_says_so(self, order: str, words: str) -> None:
        with pytest.raises(Refused, match=words):
            perform(group(A, B), order)


class TestRefusing:
    @pytest.mark.parametrize(
        "order",
        [
            "remove:/rules/9",
            "remove:",
            "up:/rules/x",
            "add-rule:/rules/0",
            "remove-value:/rules/0/value/7",
            "in:/else",
        ],
    )
    def test_a_place_that_is_gone_is_said_and_not_an_error(self, order: str) -> None:
        with pytest.raises(Refused, match="no longer here"):
            perform(group(A), order)

    def test_unknown_orders_are_refused(self) -> None:
        with pytest.raises(Refused, match="Load it again"):
            perform(group(A), "explode:/rules/0")

    def test_two_hundred_rules_are_enough(self) -> None:
        with pytest.raises(Refused, match="200 rules at most"):
            perform(group(*[A] * 200), "duplicate:/rules/0")

    def test_six_groups_inside_each_other_are_enough(self) -> None:
        draft = group(A)
        for _ in range(5):
            draft = group(draft)
        assert depth_of(draft) == 6
        with pytest.raises(Refused, match="6 deep at most"):
            perform(draft, "add-group:/rules/0/rules/0/rules/0/rules/0/rules/0")


def test_one_value_is_taken_out_of_a_list() -> None:
    rule = {"field": "country", "operator": "in", "value": ["CZ", "DE", "AT"]}
    assert perform(group(rule), "remove-value:/rules/0/value/1").draft["rules"][0]["value"] == ["CZ", "AT"]


@pytest.mark.parametrize(
    "order", ["add-rule:/rules/{}", "remove:/rules/{}", "remove-value:/rules/0/value/{}"]
)
def test_a_place_beyond_any_number_is_not_here(order: str) -> None:
    with pytest.raises(Refused, match="no longer here"):
        perform(new_group({**new_rule(), "field": "name", "operator": "in"}), order.format("9" * 5000))


def test_what_travels_as_a_header_is_short_enough_for_one() -> None:
    rows = [{"row": f"row-{n}", "words": "é" * 400, "controls": []} for n in range(20)]
    assert len(with_event(HttpResponse(), "faults", rows).headers["HX-Trigger-After-Swap"]) <= HEADER_LIMIT
