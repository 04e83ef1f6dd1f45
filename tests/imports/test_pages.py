"""Importing by hand: choose a file, see its columns, check it, start it, watch it, get what was rejected."""

import csv
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from console.imports.engine import process
from console.imports.models import ImportRun
from console.organizations.models import Organization, Role, Staff
from tests.conftest import signed_in
from tests.factories import NOW, LedgerFactory, StaffFactory
from tests.imports.files import ACCOUNTS, CUSTOMERS, draft, imported

LIST = "/o/nordbank/imports/"
BAD = CUSTOMERS + "C3,,yesterday,=cmd(),\n,,,,\n"


def page(client: Client, url: str, **headers: Any) -> str:
    response = client.get(url, **headers)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


@pytest.fixture
def sam(nordbank: Organization) -> Staff:
    """Operator at Nordbank."""
    return StaffFactory(organization=nordbank, user__name="Sam Operator", role=Role.OPERATOR)


def uploaded(client: Client, data: str, kind: str = "customers") -> ImportRun:
    file = SimpleUploadedFile("list.csv", data.encode(), "text/csv")
    response = client.post(f"{LIST}new/", {"kind": kind, "file": file})
    assert response.status_code == 302, response.content.decode()
    return ImportRun.objects.get(pk=response["Location"].split("/")[-2])


def chosen(run: ImportRun, **changes: str) -> dict[str, str]:
    """The mapping form as the page shows it, with changes by column."""
    values = {"encoding": run.encoding, "delimiter": run.delimiter, "ledger_name": ""}
    return values | {f"column_{n}": changes.get(name, run.mapping[name]) for n, name in enumerate(run.header)}


def test_a_file_from_choosing_it_to_its_result(
    sam: Staff, nordbank: Organization, at_once: None, django_capture_on_commit_callbacks: Any
) -> None:
    client = signed_in(sam)
    assert "Nothing imported yet" in page(client, LIST)
    assert "Customers" in page(client, f"{LIST}new/")
    run = uploaded(client, BAD)
    shown = page(client, run.get_absolute_url())
    assert "1970-12-13" in shown
    assert '<option value="custom_data.birth_date" selected>' in shown
    assert '<option value="external_id" selected>' in shown
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{run.get_absolute_url()}start/", chosen(run) | {"action": "start"})
    shown = page(client, run.get_absolute_url())
    assert "Done, some rejected" in shown
    assert "4 rows: 3 accepted, 1 rejected" in shown
    assert "The cell is empty" in shown
    assert "Sam Operator" in shown
    assert nordbank.customers.count() == 3
    assert "Done, some rejected" in page(client, LIST)


def test_a_dry_run_and_then_for_real(
    sam: Staff, nordbank: Organization, at_once: None, django_capture_on_commit_callbacks: Any
) -> None:
    client = signed_in(sam)
    run = uploaded(client, CUSTOMERS)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{run.get_absolute_url()}start/", chosen(run) | {"action": "check"})
    shown = page(client, run.get_absolute_url())
    assert "2 rows checked, nothing written" in shown
    assert not nordbank.customers.exists()
    with django_capture_on_commit_callbacks(execute=True):
        real = client.post(f"{run.get_absolute_url()}repeat/")["Location"]
    assert "Every row was accepted" in page(client, real)
    assert nordbank.customers.count() == 2


class TestColumns:
    def test_can_be_mapped_otherwise(self, sam: Staff, nordbank: Organization) -> None:
        client = signed_in(sam)
        run = uploaded(client, CUSTOMERS)
        client.post(
            f"{run.get_absolute_url()}start/", chosen(run, district="name", gender="") | {"action": "start"}
        )
        assert process(run.pk, clock=lambda: NOW).state == "done"
        customer = nordbank.customers.get(external_id="C1")
        assert (customer.name, customer.custom_data) == ("Prague", {"birth_date": "1970-12-13"})

    def test_with_a_fault_come_back_with_everything_chosen(self, sam: Staff) -> None:
        client = signed_in(sam)
        run = uploaded(client, CUSTOMERS)
        response = client.post(
            f"{run.get_absolute_url()}start/", chosen(run, customer_ref="name", district="name")
        )
        shown = response.content.decode()
        assert response.status_code == 422
        assert "Two columns fill name" in shown
        assert "No column fills “External id” (external_id)" in shown
        assert shown.count('<option value="name" selected>') == 2
        run.refresh_from_db()
        assert run.state == "draft"

    def test_of_a_page_left_open_change_nothing_of_an_import_under_way(self, sam: Staff) -> None:
        client = signed_in(sam)
        run = uploaded(client, CUSTOMERS)
        client.post(f"{run.get_absolute_url()}start/", chosen(run))
        answer = client.post(f"{run.get_absolute_url()}start/", chosen(run, name=""), follow=True)
        assert "This import is queued now" in answer.content.decode()
        assert ImportRun.objects.get().mapping == run.mapping

    def test_are_read_anew_with_another_delimiter(self, sam: Staff) -> None:
        client = signed_in(sam)
        run = uploaded(client, "customer_ref;name,x\nC1;a,b\n")
        other = chosen(run) | {"delimiter": ",", "action": "look"}
        assert client.post(f"{run.get_absolute_url()}start/", other).status_code == 302
        run.refresh_from_db()
        assert run.header == ["customer_ref;name", "x"]

    def test_of_accounts_need_a_ledger_where_there_are_several(
        self, sam: Staff, nordbank: Organization
    ) -> None:
        for name in ("Retail", "Business"):
            LedgerFactory(organization=nordbank, name=name)
        client = signed_in(sam)
        run = uploaded(client, ACCOUNTS, "accounts")
        refused = client.post(f"{run.get_absolute_url()}start/", chosen(run) | {"action": "start"})
        assert "Say which ledger the accounts go to: Business, Retail" in refused.content.decode()
        taken = client.post(
            f"{run.get_absolute_url()}start/", chosen(run) | {"action": "start", "ledger_name": "Retail"}
        )
        assert taken.status_code == 302


class TestUpload:
    def test_says_what_is_wrong_with_a_file(self, sam: Staff) -> None:
        client = signed_in(sam)
        file = SimpleUploadedFile("list.xlsx", b"PK\x03\x04", "text/csv")
        response = client.post(f"{LIST}new/", {"kind": "customers", "file": file})
        assert response.status_code == 422
        assert "This is a spreadsheet or an archive" in response.content.decode()
        assert "Choose the file." in client.post(f"{LIST}new/", {"kind": "customers"}).content.decode()

    def test_has_a_limit(self, sam: Staff, settings: Any) -> None:
        settings.IMPORT_MAX_BYTES = 10
        file = SimpleUploadedFile("list.csv", CUSTOMERS.encode(), "text/csv")
        response = signed_in(sam).post(f"{LIST}new/", {"kind": "customers", "file": file})
        assert "larger than 10\xa0bytes" in response.content.decode()


class TestUnderWay:
    def test_shows_progress_and_asks_again(self, sam: Staff, nordbank: Organization) -> None:
        run = draft(nordbank, "customers", CUSTOMERS)
        run.start(by=sam, at=NOW)
        client = signed_in(sam)
        whole = page(client, run.get_absolute_url())
        assert "<progress" in whole
        part = page(client, run.get_absolute_url(), headers={"HX-Request": "true", "HX-Target": "run"})
        assert "<html" not in part
        assert "hx-trigger" in part
        process(run.pk, clock=lambda: NOW)
        part = page(client, run.get_absolute_url(), headers={"HX-Request": "true", "HX-Target": "run"})
        assert "hx-trigger" not in part
        assert "Every row was accepted" in part

    def test_is_cancelled_and_resumed(self, sam: Staff, nordbank: Organization) -> None:
        run = draft(nordbank, "customers", CUSTOMERS)
        run.start(by=sam, at=NOW)
        client = signed_in(sam)
        assert "Cancelled" in client.post(f"{run.get_absolute_url()}cancel/", follow=True).content.decode()
        assert (
            "is cancelled now"
            in client.post(f"{run.get_absolute_url()}cancel/", follow=True).content.decode()
        )
        client.post(f"{run.get_absolute_url()}resume/")
        assert process(run.pk, clock=lambda: NOW).state == "done"

    def test_that_failed_says_why(self, sam: Staff, nordbank: Organization) -> None:
        for name in ("Retail", "Business"):
            LedgerFactory(organization=nordbank, name=name)
        run = imported(nordbank, "accounts", ACCOUNTS)
        assert "Name the ledger that the accounts go to" in page(signed_in(sam), run.get_absolute_url())


class TestRejected:
    def test_come_as_a_file_that_can_be_mended(self, olga: Staff, nordbank: Organization) -> None:
        rows = "C3,=cmd()|calc,CZE\nC4,-12.5,CZE\nC5,@x,CZE\n"
        run = imported(nordbank, "customers", f"customer_ref,note,country\n{rows}C6,x,CZ,extra\n")
        response: Any = signed_in(olga).get(f"{run.get_absolute_url()}rejected.csv")
        text = b"".join(response.streaming_content).decode()
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert "attachment" in response["Content-Disposition"]
        head, *found = csv.reader(text.removeprefix("\ufeff").splitlines())
        assert head == [f"rejected_{x}" for x in ("line", "column", "value", "reason")] + run.header
        assert found[0] == [
            "2",
            "country",
            "CZE",
            "Write a country as two letters (ISO 3166), such as CZ.",
            "C3",
            "'=cmd()|calc",
            "CZE",
        ]
        assert [row[5] for row in found] == ["'=cmd()|calc", "-12.5", "'@x", "x"]
        mended = text.removeprefix("\ufeff").replace("CZE", "CZ").replace(",extra\r\n", "\r\n")
        assert imported(nordbank, "customers", mended).new == 4

    def test_are_paged(self, vera: Staff, nordbank: Organization) -> None:
        run = imported(
            nordbank, "customers", "customer_ref,country\n" + "".join(f"C{n},CZE\n" for n in range(120))
        )
        client = signed_in(vera)
        first = page(client, run.get_absolute_url())
        assert "Rows 1–50 of" in first
        after = first.split('rel="next"')[0].split('href="')[-1].split('"')[0].replace("&amp;", "&")
        part = page(
            client,
            f"{run.get_absolute_url()}{after}",
            headers={"HX-Request": "true", "HX-Target": "rejected-rows"},
        )
        assert "Rows 51–100 of" in part
        assert "<html" not in part


class TestWhoMay:
    def test_viewers_look_and_start_nothing(self, vera: Staff, nordbank: Organization) -> None:
        run = draft(nordbank, "customers", CUSTOMERS)
        client = signed_in(vera)
        assert "Import a file" not in page(client, LIST)
        assert 'value="start"' not in page(client, run.get_absolute_url())
        assert client.get(f"{LIST}new/").status_code == 403
        for action in ("start", "cancel", "resume", "repeat"):
            assert client.post(f"{run.get_absolute_url()}{action}/").status_code == 403
        run.refresh_from_db()
        assert run.state == "draft"

    def test_outsiders_find_nothing(self, charlie: Staff, nordbank: Organization) -> None:
        run = draft(nordbank, "customers", CUSTOMERS)
        client = signed_in(charlie)
        theirs = f"/o/southbank/imports/{run.pk}/"
        for url in (LIST, f"{LIST}new/", run.get_absolute_url(), theirs, f"{theirs}rejected.csv"):
            assert client.get(url).status_code == 404
        for action in ("start", "cancel", "resume", "repeat"):
            assert client.post(f"{theirs}{action}/").status_code == 404

    def test_methods(self, alice: Staff, nordbank: Organization) -> None:
        run = draft(nordbank, "customers", CUSTOMERS)
        client = signed_in(alice)
        for url in (LIST, run.get_absolute_url(), f"{run.get_absolute_url()}rejected.csv"):
            assert client.post(url).status_code == 405
        assert client.put(f"{LIST}new/").status_code == 405
        assert client.get(f"{run.get_absolute_url()}start/").status_code == 302
        for action in ("cancel", "resume", "repeat"):
            assert client.get(f"{run.get_absolute_url()}{action}/").status_code == 405


def test_the_list_costs_the_same_with_one_run_and_with_three(alice: Staff, nordbank: Organization) -> None:
    client = signed_in(alice)
    draft(nordbank, "customers", CUSTOMERS)
    page(client, LIST)
    with CaptureQueriesContext(connection) as one:
        page(client, LIST)
    imported(nordbank, "customers", CUSTOMERS)
    imported(nordbank, "customers", BAD)
    with CaptureQueriesContext(connection) as three:
        page(client, LIST)
    assert len(three) == len(one)


def test_the_list_is_filtered(alice: Staff, nordbank: Organization) -> None:
    imported(nordbank, "customers", BAD)
    imported(nordbank, "accounts", ACCOUNTS)
    client = signed_in(alice)
    assert "accounts.csv" not in page(client, f"{LIST}?kind=customers")
    assert "accounts.csv" not in page(client, f"{LIST}?state=rejected")
    assert "customers.csv" in page(client, f"{LIST}?state=rejected")
    assert "Nothing matches" in page(client, f"{LIST}?q=nothing")
