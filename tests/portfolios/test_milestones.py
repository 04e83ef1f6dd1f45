"""Milestones say exactly what OFFSET and COUNT over all accounts say, whatever happened and whoever was at work."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import IsolationLevel

from console.ledgers.models import Ledger
from console.organizations.fields import new_keys
from console.organizations.models import Organization
from console.portfolios import marking, milestones
from console.portfolios.models import Account, AccountMilestone
from tests.factories import NOW, LedgerFactory
from tests.portfolios.marked import assert_exact, between, delete, live, made, numbers, tended
from tests.races import racing

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("short_stretches")]


@pytest.fixture
def meanwhile() -> Iterator[Callable[..., Any]]:
    """Does things one after the other in a connection of their own, of which a transaction may stay open."""
    with ThreadPoolExecutor(1) as pool:
        yield lambda act, *said: pool.submit(copy_context().run, act, *said).result(30)
        pool.submit(lambda: connection.close()).result()


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["make", "make", "make late", "delete", "take back", "purge", "move", "tend", "tend", "again"]
        ),
        st.integers(1, 9),
        st.floats(0, 0.999),
    ),
    min_size=3,
    max_size=14,
)


def step(ledger: Ledger, other: Ledger, what: str, number: int, where: float) -> None:
    """One thing that happens to the ledger: so many accounts, from so far on in its order."""
    every = live(ledger)
    first = int(where * len(every))
    some = Account.everything.filter(pk__in=every[first : first + number])
    if what == "make":
        made(ledger, number)
    elif what == "make late" and first + 1 < len(every):
        made(ledger, keys=[between(*every[first : first + 2])])
    elif what == "delete":
        some.update(deleted_at=NOW)
    elif what == "take back":
        Account.everything.filter(ledger=ledger).exclude(deleted_at=None).update(deleted_at=None)
    elif what == "purge":
        some._raw_delete(some.db)
    elif what == "move":
        some.update(ledger=other)
    elif what == "tend":
        marking.tend(ledger)
    elif what == "again":
        marking.again(ledger)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_whatever_happens_a_page_is_what_offset_gives(nordbank: Organization, steps: list[Any]) -> None:
    ledger, other = LedgerFactory(organization=nordbank), LedgerFactory(organization=nordbank)
    made(ledger, 12)
    tended(ledger)
    for what, number, where in steps:
        step(ledger, other, what, number, where)
        assert_exact(ledger, number)
    assert_exact(ledger)
    assert milestones.count(other) == len(live(other))


def test_what_is_full_is_counted_and_the_newest_are_not(ledger: Ledger) -> None:
    made(ledger, 30)
    tended(ledger)
    assert numbers(ledger) == [3] * 9
    made(ledger, 3)
    tended(ledger)
    assert numbers(ledger) == [3] * 10
    assert_exact(ledger)


def test_creations_wait_for_nobody(ledger: Ledger, meanwhile: Callable[..., Any]) -> None:
    """Not for each other, nor for who sets milestones: what is beyond the last one writes none."""
    made(ledger, 10)
    with transaction.atomic():
        made(ledger)
        meanwhile(made, ledger)
        meanwhile(marking.tend, ledger)
    assert_exact(ledger)


def test_nothing_is_counted_while_somebody_may_not_know_of_it(
    ledger: Ledger, meanwhile: Callable[..., Any]
) -> None:
    early = new_keys(1)
    with transaction.atomic():
        made(ledger, keys=early)  # looks for milestones before there are any
        meanwhile(made, ledger, 10)
        meanwhile(marking.tend, ledger)
        assert numbers(ledger) == [None] * 3
        meanwhile(marking.tend, ledger)
        assert numbers(ledger) == [None] * 3
        assert_exact(ledger)
    tended(ledger)
    assert numbers(ledger) == [4, 3, 3]
    assert_exact(ledger)


def test_nor_is_a_deletion_that_did_not_know(ledger: Ledger, meanwhile: Callable[..., Any]) -> None:
    keys = made(ledger, 10)
    with transaction.atomic():
        delete(ledger, keys[0])
        meanwhile(marking.tend, ledger)
        assert numbers(ledger) == [None] * 3
    tended(ledger)
    assert numbers(ledger) == [2, 3, 3]
    assert_exact(ledger)


def test_what_is_held_is_counted_next_time(ledger: Ledger, meanwhile: Callable[..., Any]) -> None:
    """A deletion that knows of a milestone holds it; the others need not wait."""
    keys = made(ledger, 10)
    marking._set(ledger)
    marking._date(ledger)
    with transaction.atomic():
        delete(ledger, keys[4])
        meanwhile(marking._count, ledger)
        assert numbers(ledger)[1] is None
        assert_exact(ledger)
    tended(ledger)
    assert numbers(ledger) == [3, 2, 3]


@pytest.mark.parametrize("ends", ["commit", "rollback"])
def test_what_is_changed_counts_when_it_is_committed(ledger: Ledger, ends: str) -> None:
    keys = made(ledger, 10)
    tended(ledger)
    with transaction.atomic():
        delete(ledger, keys[0], keys[5])
        transaction.set_rollback(ends == "rollback")
    assert numbers(ledger) == ([2, 2, 3] if ends == "commit" else [3, 3, 3])
    assert_exact(ledger)


@pytest.mark.parametrize(
    "act", [lambda ledger: made(ledger), lambda ledger: delete(ledger, *live(ledger)[:1])]
)
def test_nobody_writes_accounts_with_an_old_snapshot(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, act: Callable[[Ledger], None]
) -> None:
    made(ledger, 10)
    monkeypatch.setattr(connection.connection, "isolation_level", IsolationLevel.REPEATABLE_READ)
    with pytest.raises(DatabaseError, match="READ COMMITTED"), transaction.atomic():
        act(ledger)


def test_milestones_are_not_set_within_a_transaction(ledger: Ledger) -> None:
    """Nobody would see them before others began that do not know of them."""
    made(ledger, 10)
    with pytest.raises(RuntimeError), transaction.atomic():
        marking.tend(ledger)


def test_what_was_restored_elsewhere_is_counted_there(ledger: Ledger) -> None:
    """Transactions are numbered anew in another database."""
    made(ledger, 10)
    marking._set(ledger)
    AccountMilestone.objects.update(set_in=2**60)
    tended(ledger)
    assert numbers(ledger) == [3, 3, 3]


def test_a_stretch_to_which_many_came_later_is_set_anew(ledger: Ledger) -> None:
    keys = made(ledger, 10)
    tended(ledger)
    late = [between(keys[3], keys[4])]
    for _ in range(8):
        late.append(between(late[-1], keys[4]))
    made(ledger, keys=late)
    assert numbers(ledger) == [3, 12, 3]
    assert_exact(ledger)
    tended(ledger)
    assert numbers(ledger) == [3] * 6
    assert_exact(ledger)


class TestRaces:
    def test_creations_and_deletions_beside_the_clock(self, ledger: Ledger) -> None:
        with racing() as at_once:
            for number in range(40):
                keys = made(ledger, 4)
                at_once(partial(marking.tend, ledger), partial(made, ledger, 2))
                at_once(partial(delete, ledger, keys[number % 4]), partial(marking.tend, ledger))
                every = live(ledger)
                late = between(*every[number : number + 2])
                at_once(partial(made, ledger, keys=[late]), partial(marking.tend, ledger))
        assert None not in numbers(ledger)[:-4]
        assert_exact(ledger)

    def test_two_clocks(self, ledger: Ledger) -> None:
        with racing() as at_once:
            for number in range(40):
                made(ledger, 7)
                act = marking.again if number % 5 == 0 else marking.tend
                at_once(partial(marking.tend, ledger), partial(act, ledger))
        assert_exact(ledger)

    def test_two_deletions_in_one_stretch(self, ledger: Ledger) -> None:
        keys = made(ledger, 60)
        tended(ledger)
        with racing() as at_once:
            for one, other in zip(keys[0:50:2], keys[1:50:2], strict=True):
                at_once(partial(delete, ledger, one), partial(delete, ledger, other))
        assert_exact(ledger)
