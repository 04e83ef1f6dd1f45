"""What the bank holds, on the overview: per currency, never added to each other, and late rather than slow."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from console.organizations.models import Organization
from console.overview.money import course, money_of
from tests.factories import AccountFactory
from tests.money import book as post
from tests.overview.conftest import PAGE, read


def test_balances_stand_per_currency_with_the_course_of_the_base_currency(
    client: Client, nordbank: Organization, customer: Any
) -> None:
    euro = AccountFactory(organization=nordbank)
    post(euro, [("2026-09-01", "3000000"), ("2026-11-10", "-500000")])
    koruna = AccountFactory(organization=nordbank)
    koruna.ledger.assets.create(organization=nordbank, code="CZK", name="CZK")
    koruna.asset_code = "CZK"
    koruna.save()
    post(koruna, [("2026-11-01", "77")])
    page = read(client)
    assert "2.500million EUR" in page
    assert "as of 10 Nov 2026" in page
    assert "77.00 CZK in 1 account · 2,500,000.00 EUR in 1 account" in page
    assert "3,500,000" not in page


def test_the_course_is_what_was_there_at_the_end_of_each_day() -> None:
    end = date(2026, 11, 10)
    points = dict(course(Decimal(100), end, {end: Decimal(30), date(2026, 11, 8): Decimal(-5)}))
    days = (10, 9, 8, 7)
    assert [points[date(2026, 11, day)] for day in days] == [100, 70, 70, 75]


def test_a_large_bank_is_added_up_on_request(
    client: Client, nordbank: Organization, customer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(AccountFactory(organization=nordbank), [("2026-11-01", "5")])
    monkeypatch.setattr("console.overview.money.DEAR", 0)
    assert money_of(nordbank).sums is None
    assert "Add up all accounts" in read(client)
    assert "5.00 EUR in 1 account" in read(client, "?balances=1")


def test_what_takes_longer_comes_after_the_page(
    client: Client, nordbank: Organization, customer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(AccountFactory(organization=nordbank), [("2026-11-01", "5")])
    monkeypatch.setattr("console.overview.money.DEAR", 0)
    page = client.get(PAGE).content.decode()
    assert 'hx-get="?balances=1" hx-target="#money" hx-swap="outerHTML" hx-trigger="load"' in page
    headers = {"HX-Request": "true", "HX-Target": "money"}
    part = client.get(PAGE, {"balances": "1"}, headers=headers).content.decode()
    assert part.lstrip().startswith('<section class="card" id="money"')
    assert "5.00 EUR" in part
    monkeypatch.setattr("console.overview.money.TOO_DEAR", 0)
    assert 'hx-trigger="click"' in client.get(PAGE).content.decode()
