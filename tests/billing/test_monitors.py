"""Monitors: each figure as it is in the books, who meets the threshold, and what an evaluation writes and leaves."""

from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from console import keeping as records
from console.billing import evaluating, keeping, tasks
from console.billing.evaluating import evaluate
from console.billing.models import Monitor, MonitorReading
from console.organizations.models import Organization
from tests.factories import (
    NOW,
    AccountFactory,
    AccountHolderFactory,
    CustomerFactory,
    InvoiceFactory,
    MonitorFactory,
)
from tests.money import book
from tests.races import racing

TODAY = NOW.date()


def readings(monitor: Monitor) -> dict[str, tuple[Decimal, str]]:
    rows = monitor.readings.values_list("customer__external_id", "value", "state")
    return {key: (value, state) for key, value, state in rows}


@pytest.fixture
def bank(nordbank: Organization) -> Organization:
    """Anna owes 150 since 40 days and 20 for long to come, Ben owns 70 and uses Cyril's account of 500."""
    anna, ben, cyril = (CustomerFactory(organization=nordbank, external_id=key) for key in ("A", "B", "C"))
    InvoiceFactory(customer=anna, total=Decimal("150"), due_on=TODAY - timedelta(days=40))
    InvoiceFactory(customer=anna, total=Decimal("20"), due_on=TODAY + timedelta(days=9))
    InvoiceFactory(customer=anna, total=Decimal("9"), currency="CZK", due_on=TODAY - timedelta(days=1))
    InvoiceFactory(customer=ben, status="paid", due_on=TODAY - timedelta(days=90))
    for owner, others, amount in ((ben, [], "70"), (cyril, [ben], "500")):
        account = AccountFactory(organization=nordbank)
        AccountHolderFactory(account=account, customer=owner)
        for other in others:
            AccountHolderFactory(account=account, customer=other, role="authorised user")
        book(account, [(str(TODAY - timedelta(days=3)), amount), (str(TODAY), "-10")])
    return nordbank


HOLDS, CLEAR = "holds", "does not hold"
CASES: list[tuple[dict[str, Any], dict[str, tuple[str, str]]]] = [
    ({"figure": "balance"}, {"B": ("60", HOLDS), "C": ("490", CLEAR)}),
    ({"figure": "unpaid", "test": "gte", "threshold": "170"}, {"A": ("170", HOLDS)}),
    ({"figure": "overdue", "test": "gt", "threshold": "150"}, {"A": ("150", CLEAR)}),
    ({"figure": "days_overdue", "test": "gte", "threshold": "40", "currency": ""}, {"A": ("40", HOLDS)}),
    (
        {"figure": "money_out", "test": "gte", "threshold": "20", "days": 1},
        {"B": ("20", HOLDS), "C": ("10", CLEAR)},
    ),
    (
        {"figure": "money_in", "test": "lte", "threshold": "500", "days": 4},
        {"B": ("570", CLEAR), "C": ("500", HOLDS)},
    ),
    (
        {"figure": "transactions", "test": "gt", "threshold": "2", "days": 30, "currency": ""},
        {"B": ("4", HOLDS), "C": ("2", CLEAR)},
    ),
]


@pytest.mark.parametrize(("said", "expected"), CASES)
def test_each_figure_is_as_the_books_say(
    bank: Organization, said: dict[str, Any], expected: dict[str, tuple[str, str]]
) -> None:
    monitor = MonitorFactory(organization=bank, **said)
    assert evaluate(monitor, at=NOW)
    assert readings(monitor) == {key: (Decimal(value), state) for key, (value, state) in expected.items()}
    monitor.refresh_from_db()
    holding = sum(state == HOLDS for _, state in expected.values())
    assert (monitor.known, monitor.holding, monitor.evaluated_at) == (len(expected), holding, NOW)


def test_only_a_state_that_changed_has_a_new_since_and_who_has_no_figure_goes(bank: Organization) -> None:
    monitor = MonitorFactory(organization=bank, figure="overdue", test="gt", threshold=100)
    evaluate(monitor, at=NOW)
    invoice = bank.invoices.get(total=150)
    for days, paid, expected in ((1, "10", (HOLDS, NOW)), (2, "90", (CLEAR, NOW + timedelta(days=2)))):
        invoice.pay(Decimal(paid), by=None, at=NOW)
        evaluate(monitor, at=NOW + timedelta(days=days))
        reading = monitor.readings.get()
        assert (reading.state, reading.since) == expected
    invoice.pay(Decimal("50"), by=None, at=NOW)
    evaluate(monitor, at=NOW + timedelta(days=3))
    assert not MonitorReading.objects.exists()


def test_another_banks_customers_have_no_part_in_it(bank: Organization) -> None:
    InvoiceFactory(due_on=TODAY - timedelta(days=5), currency="EUR")
    monitor = MonitorFactory(organization=bank, figure="overdue", test="gt", threshold=1)
    evaluate(monitor, at=NOW)
    assert set(readings(monitor)) == {"A"}


def test_what_was_evaluated_meanwhile_is_not_again(bank: Organization) -> None:
    monitor = MonitorFactory(organization=bank)
    tasks.evaluate(str(monitor.pk))
    monitor.refresh_from_db()
    first = monitor.evaluated_at
    tasks.evaluate(str(monitor.pk))
    monitor.refresh_from_db()
    assert monitor.evaluated_at == first is not None


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"figure": "balance", "currency": ""}, keeping.NoCurrency),
        ({"figure": "transactions", "days": None}, keeping.NotFitting),
    ],
)
def test_a_monitor_says_what_its_figure_needs(
    nordbank: Organization, said: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        keeping.keep_monitor(MonitorFactory.build(organization=nordbank, **said))


def test_a_monitor_that_changes_is_evaluated_anew(nordbank: Organization) -> None:
    monitor = MonitorFactory(organization=nordbank, evaluated_at=NOW)
    assert not Monitor.everything.due(at=NOW).exists()
    keeping.keep_monitor(monitor)
    assert Monitor.everything.due(at=NOW).get() == monitor
    monitor.evaluated_at = NOW
    monitor.save()
    assert Monitor.everything.due(at=NOW + timedelta(minutes=15)).exists()
    with pytest.raises(keeping.NameTaken):
        keeping.keep_monitor(MonitorFactory.build(organization=nordbank, name=monitor.name, currency="EUR"))


def test_what_is_changed_while_it_is_evaluated_stands_as_nothing_found_yet(nordbank: Organization) -> None:
    invoice = InvoiceFactory(customer__organization=nordbank, total=Decimal("600"))
    began = MonitorFactory(organization=nordbank, figure="unpaid", test="gt", threshold=500)
    changed = Monitor.objects.get()
    changed.threshold = Decimal(700)
    keeping.keep_monitor(changed)
    assert evaluate(began, at=NOW)
    assert (Monitor.objects.get().evaluated_at, changed.readings.count()) == (None, 0)
    assert evaluate(changed, at=NOW)
    assert changed.readings.get().state == "does not hold"
    records.end(changed, at=NOW)
    assert evaluate(began, at=NOW)
    assert not invoice.customer.monitor_readings.exists()


class TestAskedAgain:
    """Who asks while it is being evaluated gets what they asked for: it runs once more after."""

    @pytest.fixture
    def woken(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        found: list[str] = []
        monkeypatch.setattr(tasks, "wake", lambda task, pk, organization: found.append(pk))
        return found

    def test_what_began_before_does_not_answer_it(self, bank: Organization) -> None:
        began = MonitorFactory(organization=bank)
        Monitor.objects.get().ask()
        assert evaluate(began, at=NOW)
        seen = Monitor.objects.get()
        assert (seen.evaluated_at, seen.known) == (None, 2), "what was found is shown all the same"
        assert evaluate(seen, at=NOW)
        assert Monitor.objects.get().evaluated_at == NOW

    def test_who_was_at_it_wakes_the_next(
        self, bank: Organization, woken: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monitor, write = MonitorFactory(organization=bank), evaluating._write

        def meanwhile(*given: Any) -> Any:
            Monitor.objects.get().ask()
            return write(*given)

        monkeypatch.setattr(evaluating, "_write", meanwhile)
        tasks.evaluate(str(monitor.pk))
        assert woken == [str(monitor.pk)]
        monkeypatch.setattr(evaluating, "_write", write)
        tasks.evaluate(str(monitor.pk))
        tasks.evaluate(str(monitor.pk))
        assert len(woken) == 1
        assert Monitor.objects.get().evaluated_at is not None

    def test_what_is_changed_meanwhile_is_evaluated_as_it_is_by_then(
        self, bank: Organization, woken: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monitor, write = MonitorFactory(organization=bank), evaluating._write

        def meanwhile(*given: Any) -> Any:
            changed = Monitor.objects.get()
            changed.threshold = Decimal("7")
            keeping.keep_monitor(changed)
            return write(*given)

        monkeypatch.setattr(evaluating, "_write", meanwhile)
        tasks.evaluate(str(monitor.pk))
        assert woken == [str(monitor.pk)]

    @pytest.mark.django_db(transaction=True)
    def test_whenever_they_ask_it_is_evaluated_after(self, bank: Organization, woken: list[str]) -> None:
        monitor = MonitorFactory(organization=bank)
        task = partial(tasks.evaluate, str(monitor.pk))

        def ask() -> None:
            Monitor.objects.get().ask()
            task()

        with racing() as at_once:
            for _ in range(12):
                woken.clear()
                at_once(ask, task)
                for _ in woken:
                    task()
                assert Monitor.objects.get().evaluated_at is not None
