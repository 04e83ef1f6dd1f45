"""Files of connectors and monitors, whose rows are known again by their names."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from console import keeping as records
from console.billing import keeping
from console.billing.evaluating import evaluate
from console.billing.models import Monitor
from console.imports.models import ImportRun
from console.keeping import Refusal
from console.organizations.models import Organization, Role, Staff
from tests.conftest import signed_in
from tests.factories import NOW, ConnectorFactory, InvoiceFactory, MonitorFactory, StaffFactory
from tests.imports.files import counts, draft, imported, refused

MONITORS = """name,figure,test,threshold,currency,days,team
Owes over 500,unpaid,gt,500.50,EUR,,collections
Long overdue,Days that the oldest invoice is overdue,is at least,30,,,collections
Busy,transactions,>=,20,,30,
Below zero,balance,under,-0.01,CZK,,
"""
CONNECTORS = """name,kind,region
Stripe,payments,eu
Xero,Accounting,
Elsewhere,,
"""
HEAD = "name,figure,test,threshold,currency,days\n"


def watched(bank: Organization) -> dict[str, tuple[Any, ...]]:
    fields = ("figure", "test", "threshold", "currency", "days")
    return {one.name: tuple(getattr(one, field) for field in fields) for one in bank.monitors.all()}


@pytest.mark.parametrize(("kind", "data", "rows"), [("monitors", MONITORS, 4), ("connectors", CONNECTORS, 3)])
def test_a_file_comes_in_and_a_second_time_changes_nothing(
    bank: Organization, kind: str, data: str, rows: int
) -> None:
    assert counts(imported(bank, kind, data, is_dry_run=True)) == (rows, 0, 0, 0)
    assert not getattr(bank, kind).exists()
    assert counts(imported(bank, kind, data)) == (rows, 0, 0, 0)
    assert counts(imported(bank, kind, data)) == (0, 0, rows, 0)
    assert counts(imported(bank, kind, data, is_dry_run=True)) == (0, 0, rows, 0)


class TestConnectors:
    def test_they_are_read_and_changed_by_their_names(self, bank: Organization) -> None:
        imported(bank, "connectors", CONNECTORS)
        assert {one.name: (one.kind, one.metadata) for one in bank.connectors.all()} == {
            "Stripe": ("payments", {"region": "eu"}),
            "Xero": ("accounting", {}),
            "Elsewhere": ("payments", {}),
        }
        assert counts(imported(bank, "connectors", "name,kind\nXero,crm\nStripe,\n")) == (0, 1, 1, 0)
        assert bank.connectors.get(name="Xero").kind == "crm"

    def test_one_that_was_deleted_does_not_come_back(self, bank: Organization) -> None:
        records.end(ConnectorFactory(organization=bank, name="Xero"), at=NOW)
        ((line, column, value, why),) = refused(imported(bank, "connectors", CONNECTORS))
        assert (line, column, value, why[:27]) == (3, "name", "Xero", "This connector was deleted,")


class TestMonitors:
    def test_they_are_read(self, bank: Organization) -> None:
        imported(bank, "monitors", MONITORS)
        assert watched(bank) == {
            "Owes over 500": ("unpaid", "gt", Decimal("500.50"), "EUR", None),
            "Long overdue": ("days_overdue", "gte", 30, "", None),
            "Busy": ("transactions", "gte", 20, "", 30),
            "Below zero": ("balance", "lt", Decimal("-0.01"), "CZK", None),
        }
        assert bank.monitors.get(name="Busy").metadata == {}
        assert bank.monitors.get(name="Long overdue").metadata == {"team": "collections"}
        assert Monitor.everything.due(at=NOW).count() == 4

    def test_only_what_changed_is_evaluated_anew(self, bank: Organization) -> None:
        imported(bank, "monitors", MONITORS)
        for monitor in bank.monitors.all():
            evaluate(monitor, at=NOW)
        later = "name,figure,test,threshold\nBusy,transactions,>=,25\nOwes over 500,unpaid,gt,500.5\n"
        assert counts(imported(bank, "monitors", later, is_dry_run=True)) == (0, 1, 1, 0)
        assert not Monitor.everything.due(at=NOW).exists()
        assert counts(imported(bank, "monitors", later)) == (0, 1, 1, 0)
        busy = Monitor.everything.due(at=NOW).get()
        assert (busy.name, busy.threshold, busy.days) == ("Busy", 25, 30), "what a file does not say stays"

    def test_an_evaluation_that_was_under_way_does_not_answer_it(self, bank: Organization) -> None:
        InvoiceFactory(customer__organization=bank, total=Decimal("600"), currency="EUR")
        imported(bank, "monitors", MONITORS)
        began = bank.monitors.get(name="Owes over 500")
        evaluate(began, at=NOW)
        began.refresh_from_db()
        imported(bank, "monitors", MONITORS.replace(",collections\nLong", ",branches\nLong"))
        assert evaluate(began, at=NOW)
        assert bank.monitors.get(name="Owes over 500").evaluated_at is None

    def test_it_can_come_to_watch_something_else(self, bank: Organization) -> None:
        imported(bank, "monitors", f"{HEAD}A,money_in,gt,5,EUR,9\nB,balance,gt,5,EUR,\n")
        assert counts(imported(bank, "monitors", f"{HEAD}A,balance,gt,5,,\nB,transactions,gt,5,,7\n"))[1] == 2
        assert watched(bank) == {
            "A": ("balance", "gt", 5, "EUR", None),
            "B": ("transactions", "gt", 5, "", 7),
        }

    def test_what_its_figure_has_not_counts_for_nothing_as_in_the_form(self, bank: Organization) -> None:
        rows = "Days of a balance,balance,gt,5,EUR,9\nCurrency of a count,transactions,gt,5,EUR,9\n"
        assert counts(imported(bank, "monitors", HEAD + rows)) == (2, 0, 0, 0)
        assert {one[3:] for one in watched(bank).values()} == {("EUR", None), ("", 9)}
        assert counts(imported(bank, "monitors", HEAD + rows)) == (0, 0, 2, 0)

    @pytest.mark.parametrize(
        ("row", "column", "why"),
        [
            (",balance,gt,5,EUR,", "name", "The cell is empty."),
            ("A,,gt,5,EUR,", "figure", "The cell is empty."),
            ("A,wealth,gt,5,EUR,", "figure", "Write one of balance, unpaid, overdue, days_overdue"),
            ("A,balance,=,5,EUR,", "test", "Write one of lt (<), lte (<=), gt (>), gte (>=)."),
            ('A,balance,gt,"5,5",EUR,', "threshold", "Write the amount with a point before the decimals"),
            ("A,balance,gt,,EUR,", "threshold", "The cell is empty."),
            ("A,balance,gt,5,EURO,", "currency", "Write a currency as its three letters"),
            ("A,money_in,gt,5,EUR,367", "days", "Write a whole number from 1 to 366."),
            ("A,money_in,gt,5,EUR,0", "days", "Write a whole number from 1 to 366."),
            ("A,money_in,gt,5,EUR,1.5", "days", "Write a whole number from 1 to 366."),
        ],
    )
    def test_what_cant_be_read_is_refused_where_it_stands(
        self, bank: Organization, row: str, column: str, why: str
    ) -> None:
        ((line, at, _, reason),) = refused(imported(bank, "monitors", f"{HEAD}{row}\n"))
        assert (line, at, reason[: len(why)]) == (2, column, why)
        assert not bank.monitors.exists()

    @pytest.mark.parametrize(
        ("said", "column"),
        [
            ({"figure": "balance", "threshold": "5", "currency": ""}, "currency"),
            ({"figure": "money_in", "threshold": "5", "currency": "EUR"}, "days"),
            ({"figure": "days_overdue", "threshold": "1.5"}, "threshold"),
            ({"figure": "unpaid", "threshold": "0.5", "currency": "JPY"}, "threshold"),
            ({"figure": "unpaid", "threshold": "-0.001", "currency": "EUR"}, "threshold"),
        ],
    )
    def test_what_the_rules_refuse_a_file_is_told_in_the_same_words(
        self, bank: Organization, said: dict[str, str], column: str
    ) -> None:
        monitor = Monitor(organization=bank, name="A", test="gt", **said)
        monitor.threshold = Decimal(said["threshold"])
        with pytest.raises(Refusal) as refusal:
            keeping.keep_monitor(monitor)
        row = f"A,{said['figure']},gt,{said['threshold']},{said.get('currency', '')},"
        run = imported(bank, "monitors", f"{HEAD}{row}\n")
        assert refused(run)[0][1::2] == (column, str(refusal.value))

    def test_a_column_that_is_missing_is_told_at_the_figure(self, bank: Organization) -> None:
        data = "name,figure,test,threshold\nA,balance,gt,5\nB,transactions,gt,5\n"
        assert [row[:2] + row[3:] for row in refused(imported(bank, "monitors", data))] == [
            (2, "figure", keeping.WHICH_CURRENCY),
            (3, "figure", keeping.HOW_FAR_BACK),
        ]

    def test_names_are_the_same_to_the_letter_and_once_in_a_file(self, bank: Organization) -> None:
        theirs = MonitorFactory(name="Late")
        data = f"{HEAD}Late,days_overdue,gt,5,,\nlate,days_overdue,gt,6,,\nLate ,days_overdue,gt,7,,\n"
        run = imported(bank, "monitors", data)
        assert [(line, why[:38]) for line, *_, why in refused(run)] == [
            (4, "Line 2 of this file has the same name.")
        ]
        assert {name: said[2] for name, said in watched(bank).items()} == {"Late": 5, "late": 6}
        assert theirs.organization.monitors.get().figure == theirs.figure

    def test_one_that_was_deleted_does_not_come_back_unless_set_up_anew(self, bank: Organization) -> None:
        records.end(MonitorFactory(organization=bank, name="Busy"), at=NOW)
        ((line, column, _, why),) = refused(imported(bank, "monitors", MONITORS))
        assert (line, column, why[:25]) == (4, "name", "This monitor was deleted,")
        MonitorFactory(organization=bank, name="Busy")
        assert counts(imported(bank, "monitors", MONITORS)) == (0, 1, 3, 0)

    def test_a_file_as_spreadsheets_write_it(self, bank: Organization) -> None:
        lines = [
            "Name;Figure;Test;Threshold;Currency;Days",
            "=cmd();balance;≥;1000.00;eur;",
            '"Příliš ""tichý"";účet";Transactions;over; 3 ;;30',
            "Comma;balance;>=;1000,50;EUR;",
            "Yen;balance;>=;0.5;JPY;",
        ]
        run = imported(bank, "monitors", b"\xef\xbb\xbf" + "\r\n".join(lines).encode())
        assert set(watched(bank)) == {"=cmd()", 'Příliš "tichý";účet'}
        assert [row[:3] for row in refused(run)] == [(4, "Threshold", "1000,50"), (5, "Threshold", "0.5")]


class TestPages:
    LIST = "/o/nordbank/imports/"

    @staticmethod
    def page(client: Client, url: str) -> str:
        response = client.get(url)
        assert response.status_code == 200
        return response.content.decode()

    def sent(self, client: Client, status: int = 302) -> Any:
        file = SimpleUploadedFile("monitors.csv", MONITORS.encode(), "text/csv")
        response = client.post(f"{self.LIST}new/", {"kind": "monitors", "file": file})
        assert response.status_code == status
        return response

    def test_from_choosing_the_file_to_whom_they_hold_for(
        self, bank: Organization, alice: Staff, at_once: None, django_capture_on_commit_callbacks: Any
    ) -> None:
        InvoiceFactory(customer__organization=bank, total=Decimal("600"), currency="EUR", status="approved")
        client = signed_in(alice)
        assert "known again by its name" in self.page(client, f"{self.LIST}new/")
        run = ImportRun.objects.get(pk=self.sent(client)["Location"].split("/")[-2])
        shown = self.page(client, run.get_absolute_url())
        for key in ("name", "figure", "test", "threshold", "currency", "days", "metadata.team"):
            assert f'<option value="{key}" selected>' in shown
        chosen = {"encoding": run.encoding, "delimiter": run.delimiter}
        chosen |= {f"column_{number}": run.mapping[name] for number, name in enumerate(run.header)}
        with django_capture_on_commit_callbacks(execute=True):
            client.post(f"{run.get_absolute_url()}start/", chosen | {"action": "check"})
        assert "4 rows checked, nothing written" in self.page(client, run.get_absolute_url())
        with django_capture_on_commit_callbacks(execute=True):
            client.post(f"{run.get_absolute_url()}repeat/")
        monitor = bank.monitors.get(name="Owes over 500")
        assert (monitor.created_by, monitor.holding, monitor.state[0]) == (alice, 1, "Evaluated")
        assert bank.audit_events.filter(action="created", model="billing.Monitor", staff=alice).count() == 4

    @pytest.mark.parametrize("role", [Role.OPERATOR, Role.ANALYST])
    def test_who_keeps_monitors_by_hand_or_imports_files_but_not_both_does_not_import_them(
        self, bank: Organization, role: str
    ) -> None:
        client = signed_in(StaffFactory(organization=bank, role=role))
        run = draft(bank, "monitors", MONITORS)
        assert 'value="start"' not in self.page(client, run.get_absolute_url())
        for action in ("start", "cancel"):
            assert client.post(f"{run.get_absolute_url()}{action}/").status_code == 403
        run.refresh_from_db()
        assert run.state == "draft"
        if role == Role.OPERATOR:
            assert "Monitors" not in self.page(client, f"{self.LIST}new/").split("<main")[1]
            assert "not offered now" in self.sent(client, 422).content.decode()
