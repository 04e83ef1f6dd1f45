"""The download of rejected rows, mended and sent again: what stood in a cell stands there still."""

import csv
from io import StringIO

import pytest

from console.billing.keeping import Overtaken, keep_consent
from console.imports.downloads import rejected_lines
from console.imports.models import ImportRun
from console.organizations.models import Organization
from tests.factories import NOW, CustomerFactory
from tests.imports.files import counts, imported, refused

ODD = [
    "+420 602 123 456",
    "=CMD|' /C calc'!A0",
    "@home",
    "-",
    "-5",
    "'quoted'",
    "'=one",
    "''=two",
    " =spaced",
    "＝wide",
    "plain",
    "",
]


def download(run: ImportRun) -> str:
    return "".join(rejected_lines(run)).removeprefix("\ufeff")


@pytest.mark.parametrize("text", ODD)
def test_a_mended_file_says_what_the_first_one_did(bank: Organization, text: str) -> None:
    told = StringIO()
    csv.writer(told).writerows(
        [["customer_ref", "name", "phone", "country"], ["C1", text or "x", text, "CZE"]]
    )
    run = imported(bank, "customers", told.getvalue())
    assert counts(run) == (0, 0, 0, 1)
    mended = download(run).replace("CZE", "CZ")
    for row in list(csv.reader(StringIO(mended)))[1:]:
        assert not [cell for cell in row if cell[:1] in tuple("=+@＝") and not cell[1:].isdigit()]
    assert counts(imported(bank, "customers", mended)) == (1, 0, 0, 0)
    customer = bank.customers.get()
    assert (customer.name, customer.phone) == (text.strip() or "x", text.strip())


def test_another_file_keeps_its_apostrophes(bank: Organization) -> None:
    imported(bank, "customers", "customer_ref,name\nC1,'=one\n")
    assert bank.customers.get().name == "'=one"


HEAD = "customer_ref,channel,purpose,is_given,said_at"


class TestBothWordsAtOneMoment:
    """Files that know the day alone have both: the no stands, since who may not be written to must not be."""

    @pytest.fixture
    def known(self, bank: Organization) -> Organization:
        CustomerFactory(organization=bank, external_id="C1")
        return bank

    @pytest.mark.parametrize("order", [("yes", "no"), ("no", "yes")])
    def test_in_one_file(self, known: Organization, order: tuple[str, str]) -> None:
        rows = [f"C1,email,marketing,{word},2026-11-01" for word in order]
        run = imported(known, "consents", "\n".join([HEAD, *rows]))
        line = 2 + order.index("yes")
        assert [(at, why) for at, _, _, why in refused(run)] == [
            (line, f"Line {5 - line} of this file says no at the same moment. The no stands.")
        ]
        assert known.consents.get().is_given is False

    @pytest.mark.parametrize("order", [("yes", "no"), ("no", "yes")])
    def test_in_two_files_and_when_both_come_again(self, known: Organization, order: tuple[str, str]) -> None:
        for word in (*order, *order):
            run = imported(known, "consents", f"{HEAD}\nC1,email,marketing,{word},2026-11-01\n")
        assert known.consents.get().is_given is False
        said = [why for *_, why in refused(run)]
        assert said == ([] if word == "no" else ["The customer said no at the same moment. The no stands."])

    def test_in_two_batches_of_one_file(self, known: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("console.imports.engine.BATCH_ROWS", 1)
        rows = [f"C1,email,marketing,{word},2026-11-01" for word in ("yes", "no", "yes")]
        run = imported(known, "consents", "\n".join([HEAD, *rows]))
        assert (run.new, run.updated, [line for line, *_ in refused(run)]) == (1, 1, [4])
        assert known.consents.get().is_given is False


def test_an_invoice_below_nothing_is_told_why(bank: Organization) -> None:
    CustomerFactory(organization=bank, external_id="C1")
    run = imported(bank, "invoices", "invoice_id,customer_ref,total\nI1,C1,-5\n")
    assert refused(run) == [
        (2, "total", "-5", "Write the amount without a minus; an invoice is of 0 or more.")
    ]


def test_a_system_that_says_both_at_one_moment_leaves_the_no(bank: Organization) -> None:
    customer = CustomerFactory(organization=bank)
    for answer in (True, False):
        keep_consent(customer, "email", "marketing", is_given=answer, by=None, at=NOW)
    with pytest.raises(Overtaken, match="The no stands"):
        keep_consent(customer, "email", "marketing", is_given=True, by=None, at=NOW)
    assert customer.consents.get().is_given is False
