"""From draft to form and back: nothing typed is lost, and controls that a person sees belong together."""

from typing import Any

import pytest
from hypothesis import given, settings

from segments.builder import posted
from segments.builder.lexicon import Lexicon
from segments.builder.rows import lay_out
from segments.builder.tree import Draft, kind_of, where_of
from segments.catalog import SCOPES, Field, birth_fields
from tests.segments import definitions
from tests.segments.pages import posted_by
from tests.segments.worlds import ATTRIBUTES

CASES = settings(deadline=None, max_examples=150)
HARDSHIP = "0199d3b2-7a11-7cc0-9a55-1b2c3d4e5f60"


def fields(scope: str) -> dict[str, Field]:
    found = dict(SCOPES[scope].fields)
    for name, (_, _, entity) in SCOPES[scope].documents.items():
        for key, type in ATTRIBUTES[entity].items():
            found[f"{name}.{key}"] = Field(f"{name}.{key}", key, type, path=(key,))
        if entity == "customers":  # a declared date of birth brings it along
            birthday = birth_fields.birthday(name)
            found[birthday.key] = birthday
    return found


def lexicon(population: str = "customers") -> Lexicon:
    segments = {"customers": {HARDSHIP: "Hardship arrangement"}, "accounts": {}}
    return Lexicon(population, fields, "CZK", ["CZK", "EUR"], segments)


def canonical(node: Draft) -> Draft:
    """A definition as the builder writes it: no value where a test takes none, no currency that goes without saying."""
    if kind_of(node) == "group":
        negated = {"not": True} if node.get("not") else {}
        return {
            "combinator": node["combinator"],
            **negated,
            "rules": [canonical(rule) for rule in node["rules"]],
        }
    written = {key: value for key, value in node.items() if key != "meta"}
    if node["operator"] in {"null", "notNull"}:
        written.pop("value", None)
    meta = {key: value for key, value in node.get("meta", {}).items() if (key, value) != ("currency", "CZK")}
    if kind_of(node) == "related":
        written["value"] = canonical(where_of(node))
    if "where" in meta:
        meta["where"] = canonical(meta["where"])
    if isinstance(node.get("value"), list):
        is_list = node["operator"] in {"in", "notIn"}
        written["value"] = list(dict.fromkeys(node["value"])) if is_list else node["value"]
    return {**written, "meta": meta} if meta else written


def through_the_form(draft: Draft, population: str = "customers", **changes: str) -> Draft:
    words = lexicon(population)
    sent = posted_by(lay_out(draft, words)) | {
        f"q/{name.replace('_', '/')}": v for name, v in changes.items()
    }
    read = posted.read(sent, words)
    assert read.pop("schema_version") == 1
    return read


def rule(**parts: Any) -> Draft:
    return {"combinator": "and", "rules": [parts]}


def first(draft: Draft) -> Draft:
    node: Draft = draft["rules"][0]
    return node


@CASES
@given(draft=definitions.CUSTOMERS)
def test_a_definition_of_customers_comes_back_from_its_form(draft: Draft) -> None:
    assert through_the_form(draft) == canonical(draft)


@CASES
@given(draft=definitions.ACCOUNTS)
def test_a_definition_of_accounts_comes_back_from_its_form(draft: Draft) -> None:
    assert through_the_form(draft, "accounts") == canonical(draft)


class TestNothingTypedIsLost:
    @pytest.mark.parametrize("text", ["1.000,0", "twelve", "", "1,00", "--5"])
    def test_what_is_no_amount_stays_as_it_was_typed(self, text: str) -> None:
        draft = rule(field="total_balance", operator=">", value=text)
        assert first(through_the_form(draft))["value"] == text

    @pytest.mark.parametrize(
        ("text", "value"), [("1,000.00", "1000.00"), ("−250", "-250"), ("+7.5", "7.5"), ("12.", "12")]
    )
    def test_amounts_are_read_as_people_write_them(self, text: str, value: str) -> None:
        draft = rule(field="total_balance", operator=">", value="")
        assert first(through_the_form(draft, rules_0_value_0=text))["value"] == value

    def test_a_number_of_days_that_is_none_stays_too(self) -> None:
        since = {"mode": "relative", "anchor": "startOfDay", "offset": "soon", "unit": "day"}
        draft = rule(field="created_at", operator=">=", value=since)
        assert first(through_the_form(draft))["value"] == since

    def test_a_field_that_is_gone_keeps_its_name_test_and_value(self) -> None:
        draft = rule(field="loyalty_tier", operator="=", value="Gold")
        assert first(through_the_form(draft)) == {"field": "loyalty_tier", "operator": "=", "value": "Gold"}

    def test_a_test_that_the_field_lacks_stays_until_another_is_chosen(self) -> None:
        draft = rule(field="name", operator="<", value="m")
        assert first(through_the_form(draft))["operator"] == "<"


class TestChangingOneControlBringsTheOthersAlong:
    def test_another_field_brings_its_own_test_and_a_blank_value(self) -> None:
        draft = rule(field="name", operator="contains", value="nov")
        assert first(through_the_form(draft, rules_0_field="total_balance")) == {
            "field": "total_balance",
            "operator": ">=",
            "value": "",
        }

    def test_a_field_of_the_same_kind_keeps_test_and_value(self) -> None:
        draft = rule(field="name", operator="contains", value="nov")
        assert first(through_the_form(draft, rules_0_field="email"))["value"] == "nov"

    def test_a_date_begins_as_in_the_last_so_many_days(self) -> None:
        chosen = first(through_the_form(rule(field="", operator="", value=""), rules_0_field="created_at"))
        assert (chosen["operator"], chosen["value"]["anchor"], chosen["value"]["offset"]) == (
            ">=",
            "startOfDay",
            "",
        )

    def test_one_value_becomes_the_first_of_several_and_back(self) -> None:
        one = rule(field="country", operator="=", value="CZ")
        several = through_the_form(one, rules_0_test="in")
        assert first(several)["value"] == ["CZ"]
        assert first(through_the_form(several, rules_0_test="="))["value"] == "CZ"

    def test_between_keeps_the_value_and_asks_for_a_second(self) -> None:
        draft = rule(field="total_balance", operator=">", value="5.00")
        assert first(through_the_form(draft, rules_0_test="between"))["value"] == ["5.00", ""]

    def test_a_test_for_nothing_recorded_has_no_value(self) -> None:
        draft = rule(field="email", operator="=", value="x")
        assert first(through_the_form(draft, rules_0_test="null")) == {"field": "email", "operator": "null"}

    def test_what_is_typed_into_a_box_of_values_joins_them_once(self) -> None:
        draft = rule(field="country", operator="in", value=["CZ"])
        assert first(through_the_form(draft, rules_0_value_add="DE"))["value"] == ["CZ", "DE"]
        assert first(through_the_form(draft, rules_0_value_add="CZ"))["value"] == ["CZ"]

    def test_a_segment_is_named_and_kept_by_its_id(self) -> None:
        draft = rule(field="segment", operator="in", value=[])
        assert first(through_the_form(draft, rules_0_value_add="hardship ARRANGEMENT"))["value"] == [HARDSHIP]

    def test_everyone_needs_no_value(self) -> None:
        chosen = first(through_the_form(rule(field="", operator="", value=""), rules_0_field="all"))
        assert chosen == {"field": "all", "operator": "=", "value": True}

    def test_a_windowed_figure_asks_for_its_days(self) -> None:
        draft = rule(field="type", operator="=", value="current")
        chosen = first(through_the_form(draft, "accounts", rules_0_field="average_collected_balance"))
        assert chosen["meta"] == {"days": ""}

    def test_custom_data_that_nobody_declared_is_reached_by_path(self) -> None:
        draft = rule(field="name", operator="=", value="x")
        chosen = through_the_form(draft, rules_0_field="custom_data.", rules_0_path="address.city")
        assert first(chosen)["field"] == "custom_data.address.city"

    def test_rows_become_a_figure_of_them_with_the_same_conditions(self) -> None:
        where = {"combinator": "and", "rules": [{"field": "direction", "operator": "=", "value": "credit"}]}
        draft = rule(field="transactions", operator="=", match={"mode": "some"}, value=where)
        figure = first(through_the_form(draft, rules_0_figure="sum:amount"))
        assert figure["lhs"] == {"kind": "func", "fn": "sum", "args": [{"kind": "field", "field": "amount"}]}
        assert (figure["operator"], figure["value"], figure["meta"]["where"]) == (">=", "", where)
        rows = first(through_the_form({"combinator": "and", "rules": [figure]}, rules_0_figure="none"))
        assert (rows["match"], rows["value"]) == ({"mode": "none"}, where)


class TestRelativeDates:
    @pytest.mark.parametrize(
        ("value", "shown"),
        [
            (
                {"mode": "relative", "anchor": "startOfDay", "offset": -90, "unit": "day"},
                ("90", "day:startOfDay:ago"),
            ),
            (
                {"mode": "relative", "anchor": "startOfMonth", "offset": 0, "unit": "month"},
                ("0", "month:startOfMonth:ago"),
            ),
            ({"mode": "relative", "anchor": "now", "offset": 7, "unit": "week"}, ("7", "week:now:ahead")),
        ],
    )
    def test_they_are_a_number_and_what_it_counts(self, value: Any, shown: tuple[str, str]) -> None:
        (control,) = (
            lay_out(rule(field="created_at", operator=">=", value=value), lexicon()).children[0].values
        )
        assert control.unit is not None
        assert (control.value, control.unit.value) == shown

    def test_from_a_relative_to_a_plain_date_is_possible(self) -> None:
        mixed = [{"mode": "relative", "anchor": "startOfDay", "offset": -30, "unit": "day"}, "2026-03-31"]
        draft = rule(field="created_at", operator="between", value=mixed)
        assert first(through_the_form(draft))["value"] == mixed


class TestForgedForms:
    @pytest.mark.parametrize(
        "name",
        [
            "q/rules/0/" + "where/rules/0/" * 60 + "field",
            "q/rules/-1/field",
            "q/rules/x/field",
            "q/rules/99999999999/field",
        ],
    )
    def test_names_that_no_page_writes_make_no_rule(self, name: str) -> None:
        assert posted.read({name: "country"}, lexicon())["rules"] == []

    def test_unknown_sides_figures_and_units_do_no_harm(self) -> None:
        data = {
            "q/side": "most",
            "q/rules/0/rows": "transactions",
            "q/rules/0/figure": "median:amount",
            "q/rules/1/field": "created_at",
            "q/rules/1/was": "created_at",
            "q/rules/1/test": ">=~",
            "q/rules/1/value/0/amount": "5",
            "q/rules/1/value/0/unit": "::",
        }
        draft = posted.read(data, lexicon())
        assert draft["combinator"] == "and"
        assert draft["rules"][0]["lhs"]["fn"] == "median"
        assert draft["rules"][1]["value"] == {
            "mode": "relative",
            "anchor": "startOfDay",
            "offset": -5,
            "unit": "day",
        }
