"""What is held about a person, as files for them: all of it, of nobody else, and kept that it was made."""

import json
import time
from decimal import Decimal
from typing import Any

import pytest

from communications.models import RenderedCopy, Suppression
from console.customers import disclosing, pdf
from console.customers.models import Customer, Reveal
from console.organizations.models import Organization, Role
from tests.conftest import signed_in
from tests.factories import NOW, AccountFactory, AccountHolderFactory, CustomerFactory, TransactionFactory
from tests.walls.bank import furnished

EMPTY = [
    "accounts",
    "transactions",
    "journal",
    "segments",
    "segment_history",
    "messages",
    "suppressions",
    "alerts",
    "banners",
]


@pytest.fixture
def bank(db: None) -> Organization:
    organization, _ = furnished("northbank", "Northern")
    customer = organization.customers.get()
    Customer.objects.filter(pk=customer.pk).update(
        name="Zdislava #Kvapilová", custom_data={"birth_date": "1961-02-03", "note": "*$ #let [x]"}
    )
    message = organization.messages.get()
    RenderedCopy.objects.create(message=message, address=customer.email, subject="Hello", text="Dear Z")
    Suppression.add(organization.pk, customer.email, reason="bounced", at=NOW)
    return organization


def ask(bank: Organization, form: str, role: str = Role.OPERATOR) -> Any:
    url = bank.url("customers:customer_disclose", bank.customers.order_by("pk").first().pk)
    return signed_in(bank.staff.get(role=role)).post(url, {"form": form})


def read(answer: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(b"".join(answer.streaming_content))
    return found


def test_the_json_holds_every_section(bank: Organization) -> None:
    data = read(ask(bank, "json"))
    assert data["schema"] == "tranche.disclosure.1"
    assert data["customer"]["name"] == "Zdislava #Kvapilová"
    assert data["customer"]["attributes"]["birth_date"] == "1961-02-03"
    assert [section.key for section in disclosing.sections()] == list(data)[6:]
    assert len(data["accounts"]) == 1
    assert len(data["transactions"]) == bank.transactions.count()
    assert sum(Decimal(item["amount"]) for item in data["transactions"]) == Decimal(
        data["accounts"][0]["balance"]
    )
    assert (data["messages"][0]["subject"], data["messages"][0]["text"]) == ("Hello", "Dear Z")
    assert data["suppressions"][0]["reason"] == "Address bounced before"
    assert data["alerts"][0]["account"] == data["accounts"][0]["account"]
    assert data["made_at"].endswith("+01:00")
    assert str(bank.customers.get().pk) not in json.dumps(data["customer"])


def test_nobody_elses_data_is_in_it(bank: Organization) -> None:
    other = CustomerFactory(organization=bank, name="Somebody Else")
    account = AccountFactory(organization=bank, external_id="ELSE-1")
    AccountHolderFactory(account=account, customer=other)
    TransactionFactory(account=account, description="else")
    assert "ELSE" not in json.dumps(read(ask(bank, "json"))).upper().replace("FALSE", "")


def test_the_pdf_reads_data_as_data(bank: Organization) -> None:
    answer = ask(bank, "pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert "attachment" in answer["Content-Disposition"]


def test_a_customer_of_whom_little_is_known_gets_files_too(nordbank: Organization) -> None:
    customer = CustomerFactory(organization=nordbank, name="", email="")
    data = json.loads("".join(disclosing.as_json(customer, at=NOW)))
    assert [data[key] for key in EMPTY] == [[]] * len(EMPTY)
    assert pdf.as_pdf(customer, at=NOW).startswith(b"%PDF-")


def test_that_it_was_handed_over_is_kept(bank: Organization) -> None:
    b"".join(ask(bank, "json").streaming_content)
    kept = Reveal.objects.get()
    assert (kept.staff, kept.reason) == (bank.staff.get(role=Role.OPERATOR), "Handed over as a JSON file")


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ANALYST, Role.MARKETER, Role.APPROVER])
def test_it_is_for_operators_and_admins(role: str, bank: Organization) -> None:
    assert ask(bank, "json", role).status_code == 403
    assert not Reveal.objects.exists()


def test_a_long_history_is_cut_in_the_pdf_and_whole_in_the_json(
    nordbank: Organization, monkeypatch: Any
) -> None:
    monkeypatch.setattr(pdf, "PDF_ROWS", 20)
    holding = AccountHolderFactory(account=AccountFactory(organization=nordbank))
    TransactionFactory.create_batch(25, account=holding.account)
    drawn: list[Any] = []
    compiling = pdf.typst.compile

    def drawing(*at: Any, **how: Any) -> Any:
        drawn.append(how)
        return compiling(*at, **how)

    monkeypatch.setattr(pdf.typst, "compile", drawing)
    pdf.as_pdf(holding.customer, at=NOW)
    [items] = [
        one
        for one in json.loads(drawn[0]["sys_inputs"]["data"])["sections"]
        if one["heading"] == "Transactions"
    ]
    assert (len(items["rows"]), items["is_cut"]) == (20, True)
    assert len(json.loads("".join(disclosing.as_json(holding.customer, at=NOW)))["transactions"]) == 25


def test_the_pdf_names_what_it_says_leaves_out_what_is_empty_and_cuts_what_is_huge(
    nordbank: Organization,
) -> None:
    nordbank.attributes.create(entity="customers", key="birth_date", label="Born", type="date")
    customer = CustomerFactory(
        organization=nordbank,
        phone="",
        custom_data={
            "birth_date": "1961-02-03",
            "favourite_colour": "blue",
            "branch": {"city": "Brno", "desk": [1, 2]},
            "note": "x" * 3_000_000,
            "nothing": None,
        },
    )
    facts = dict(pdf._facts(customer))
    said = {name: pdf._said(value, nordbank.zone) for name, value in facts.items()}
    assert (said["Kind"], said["Born"], said["Favourite colour"]) == ("Person", "3 Feb 1961", "blue")
    assert said["Branch"] == "City: Brno; Desk: 1, 2"
    assert said["Note"].endswith("… (whole in the JSON file)")
    assert not {"Phone", "Nothing", "Erased"} & set(said)
    before = time.process_time()
    assert pdf.as_pdf(customer, at=NOW).startswith(b"%PDF-")
    assert time.process_time() - before < 3
