"""Amounts have the decimals of their currency wherever it is known, also where it stands in another cell."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from alerts.models import Alert, AlertEvent
from alerts.words import event_text
from console.cells import cell
from console.columns import Column
from console.organizations.models import Organization, Staff
from console.templatetags.console import amount
from tests.conftest import signed_in
from tests.factories import (
    NOW,
    AccountFactory,
    AccountHolderFactory,
    AssetFactory,
    CustomerFactory,
    InvoiceFactory,
    LedgerFactory,
)
from tests.money import book

TEMPLATES = Path(__file__).parent.parent / "templates"


@pytest.mark.parametrize(
    ("value", "currency", "expected"),
    [
        (Decimal("1204.00000000"), "JPY", "1,204"),
        (Decimal("-1204"), "EUR", "−1,204.00"),
        (Decimal("12.5"), "KWD", "12.500"),
        (Decimal("0.5"), "JPY", "0.5"),
        ("7", "", "7.00"),
        (None, "JPY", "–"),
        ("", "JPY", "–"),
    ],
)
def test_an_amount_beside_its_currency(value: Any, currency: str, expected: str) -> None:
    assert amount(value, currency) == expected


def test_no_template_writes_an_amount_without_saying_in_what() -> None:
    without = [
        f"{path.relative_to(TEMPLATES)}: {found}"
        for path in TEMPLATES.rglob("*.html")
        if "gallery" not in path.parts
        for found in re.findall(r"[\w.]+\|money(?!:)\b", path.read_text())
    ]
    assert without == []


def test_a_cell_reads_the_currency_from_its_row(nordbank: Organization) -> None:
    column = Column("total", "Total", lambda row: row[0], "money", currency=lambda row: row[1])
    written = [
        cell(column, row, NOW, nordbank.zone)
        for row in ((Decimal(-980), "JPY"), (Decimal(980), "KWD"), (None, "JPY"))
    ]
    assert written == [
        '<td class="num negative">−980</td>',
        '<td class="num">980.000</td>',
        '<td class="num">–</td>',
    ]


@pytest.mark.django_db
def test_yen_have_no_decimals_on_the_pages_of_what_is_in_yen(nordbank: Organization, alice: Staff) -> None:
    customer = CustomerFactory(organization=nordbank)
    yen = AssetFactory(ledger=LedgerFactory(organization=nordbank), code="JPY", name="Yen")
    account = AccountFactory(organization=nordbank, ledger=yen.ledger, asset_code="JPY")
    AccountHolderFactory(account=account, customer=customer)
    book(account, [("2026-11-20", "71204")])
    InvoiceFactory(customer=customer, currency="JPY", total=Decimal(4308), amount_due=Decimal(4308))
    client = signed_in(alice)
    for url, said in (
        (nordbank.url("portfolios:account_list"), "71,204"),
        (account.get_absolute_url(), "71,204"),
        (customer.get_absolute_url(), "71,204"),
        (nordbank.url("billing:invoice_list"), "4,308"),
        (nordbank.url("billing:customer_billing", customer.pk), "4,308"),
    ):
        text = client.get(url).text
        assert said in text, url
        assert f"{said}.00" not in text, url


@pytest.mark.django_db
def test_an_alert_in_yen_tells_them_as_they_are(nordbank: Organization) -> None:
    alert = Alert(organization=nordbank, threshold=Decimal(10_000), currency="JPY", value=Decimal(9_800))
    data = {"value": "9800", "how": "day", "previous": "12000"}
    assert str(alert) == "Ledger balance under 10,000"
    assert (
        event_text(AlertEvent(alert=alert, kind="fired", data=data), nordbank.zone)
        == "Fired: 9,800, was 12,000"
    )
