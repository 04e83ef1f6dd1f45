"""Definitions that no form would send: each is refused with its place, counts nobody by accident, breaks nothing."""

from typing import Any

import pytest
from django.db import connection

from console.organizations.models import Organization
from segments import definition
from segments.definition import texts
from segments.definition.faults import DefinitionFaults
from tests.factories import NOW, AssetFactory, CustomerFactory

pytestmark = pytest.mark.django_db


def group(*rules: Any, **more: Any) -> dict[str, Any]:
    return {"combinator": "and", "rules": list(rules), **more}


def rule(field: str = "country", operator: str = "=", value: Any = "CZ", **more: Any) -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value, **more}


def faults(data: Any, bank: Organization) -> list[tuple[str, str]]:
    with pytest.raises(DefinitionFaults) as caught:
        definition.parse(data, "customers", bank)
    return [(fault.path, fault.message) for fault in caught.value.faults]


def members(data: dict[str, Any], bank: Organization) -> list[str]:
    node = definition.parse(group(data), "customers", bank)
    return sorted(bank.customers.get(pk=pk).name for pk in definition.ids(node, bank, NOW).draw(20))


def test_characters_that_fold_to_what_stands_for_any_text_are_themselves(nordbank: Organization) -> None:
    for name in ("Ann", "50% off", "wide ％", "a_b", "a＼"):
        CustomerFactory(organization=nordbank, name=name)
    assert members(rule("name", "contains", "％"), nordbank) == ["50% off", "wide ％"]
    assert members(rule("name", "contains", "﹪"), nordbank) == ["50% off", "wide ％"]
    assert members(rule("name", "contains", "＿"), nordbank) == ["a_b"]
    assert members(rule("name", "endsWith", "＼"), nordbank) == ["a＼"]
    assert members(rule("name", "beginsWith", "a\\"), nordbank) == ["a＼"]


def test_a_text_that_folds_to_nothing_is_blank(nordbank: Organization) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT chr(n) FROM generate_series(1, 1114111) n"
            " WHERE n NOT BETWEEN 55296 AND 57343 AND btrim(fold(chr(n))) = ''"
        )
        nothing = [character for (character,) in cursor]
    assert len(nothing) > 100
    assert all(map(texts.is_blank, nothing))
    for blank in ("\u0301", "\u200b", " \u0301\u20dd"):
        ((path, words),) = faults(group(rule("name", "contains", blank)), nordbank)
        assert (path, "A blank value never means “everyone”" in words) == ("/rules/0/value", True)


def test_a_fault_is_short_whatever_was_sent(nordbank: Organization) -> None:
    long = "k" * 100_000
    for data in (
        rule(long),
        rule(operator=[long]),
        rule("kind", value=long),
        rule("kind", "in", [{long: 1}]),
        {**rule(), long: 1},
        rule("created_at", ">", {long: 1}),
    ):
        assert sum(len(path) + len(words) for path, words in faults(group(data), nordbank)) < 500
    for many in (
        group(*[rule("hat")] * 10_000),
        group(*[group()] * 10_000),
        group(dict.fromkeys(map(str, range(9000)))),
    ):
        assert len(faults(many, nordbank)) <= 500
    told = faults(group(*[rule("hat")] * 10_000), nordbank)
    assert told[-1] == (
        "/rules/200",
        "A definition holds 200 rules at most. Split it into segments and combine them.",
    )


def test_a_currency_is_one_that_amounts_can_be_in(nordbank: Organization) -> None:
    AssetFactory(ledger__organization=nordbank, code="POINTS", type="others")
    for code in ("EUR", "CZK", "POINTS"):
        definition.parse(
            group(rule("total_balance", ">", "1", meta={"currency": code})), "customers", nordbank
        )
    odd: list[Any] = ["QQQ", "ÉÜ%", "Z" * 5000, "eur", 5, ["EUR"]]
    for code in odd:
        ((path, words),) = faults(group(rule("total_balance", ">", "1", meta={"currency": code})), nordbank)
        assert (path, "such as EUR" in words) == ("/rules/0/meta/currency", True)


@pytest.mark.parametrize(
    "value", ["1_000", "١٢", "NaN", "sNaN", "-Infinity", "1e", "0x10", "1 000", "9" * 5000]
)
def test_a_number_is_written_in_plain_digits(nordbank: Organization, value: str) -> None:
    assert faults(group(rule("total_balance", ">", value)), nordbank)[0][0] == "/rules/0/value"


def test_a_day_is_a_day_of_the_calendar(nordbank: Organization) -> None:
    for value in ("2026-W01-1", "２０２６-01-01", "2026-02-30", "0001-01-01", "9999-12-31"):
        assert faults(group(rule("created_at", ">", value)), nordbank)[0][0] == "/rules/0/value"


def test_days_between_which_nothing_lies(nordbank: Organization) -> None:
    def ago(days: int) -> dict[str, Any]:
        return {"mode": "relative", "anchor": "startOfDay", "offset": -days, "unit": "day"}

    ((path, words),) = faults(group(rule("created_at", "between", [ago(0), ago(10)])), nordbank)
    assert (path, "Swap them" in words) == ("/rules/0/value", True)
    definition.parse(group(rule("created_at", "between", [ago(10), ago(0)])), "customers", nordbank)


def test_a_version_of_the_format_is_a_number(nordbank: Organization) -> None:
    assert faults(group(rule(), schema_version=True), nordbank)[0][0] == "/schema_version"
