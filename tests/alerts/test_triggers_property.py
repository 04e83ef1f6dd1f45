"""Random movements against a state machine in plain Python: the same alerts, however the movements are batched."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from hypothesis.extra.django import TestCase

from console.organizations.models import Role
from tests.alerts.bank import (
    account_segment,
    account_with,
    activate,
    alerts_of,
    book,
    campaign_on,
    judge,
    later,
)
from tests.factories import NOW, StaffFactory

Fired = tuple[datetime, Decimal, datetime | None, str]
Step = tuple[int, Decimal, int, bool]  # account, amount, minutes to wait, whether an evaluation follows
Rule = tuple[Decimal, Decimal, timedelta | None, bool]  # threshold, gap to clear, cooldown, fires at start


@dataclass
class Watch:
    """One campaign's rule over one account, a value at a time: the reference."""

    threshold: Decimal
    clear_at: Decimal
    cooldown: timedelta | None
    fires_at_start: bool
    is_below: bool = False
    is_open: bool = False
    last_fired_at: datetime | None = None
    alerts: list[Fired] = field(default_factory=list)

    def start(self, value: Decimal) -> None:
        self.is_below = value < self.threshold
        if self.is_below and self.fires_at_start:
            self.fire(value, NOW)

    def see(self, value: Decimal, at: datetime) -> None:
        if value < self.threshold and not self.is_below:
            self.is_below = True
            if self.may_fire(at):
                self.fire(value, at)
        elif value >= self.clear_at and self.is_below:
            self.is_below = False
            self.end("resolved", at)
        if self.is_open:
            self.restate("firing" if value < self.threshold else "recovering")

    def may_fire(self, at: datetime) -> bool:
        if self.last_fired_at is None:
            return True
        return self.cooldown is not None and at >= self.last_fired_at + self.cooldown

    def fire(self, value: Decimal, at: datetime) -> None:
        self.is_open, self.last_fired_at = True, at
        self.alerts.append((at, value, None, "firing"))

    def end(self, state: str, at: datetime) -> None:
        if self.is_open:
            fired_at, value, *_ = self.alerts[-1]
            self.alerts[-1] = (fired_at, value, at, state)
        self.is_open = False

    def restate(self, state: str) -> None:
        fired_at, value, *_ = self.alerts[-1]
        self.alerts[-1] = (fired_at, value, None, state)


class TestAgainstAStateMachine(TestCase):
    amounts = some.integers(-80, 80).map(Decimal)
    steps = some.lists(
        some.tuples(some.integers(0, 1), amounts, some.integers(1, 3), some.booleans()),
        min_size=1,
        max_size=25,
    )
    rules = some.tuples(
        some.integers(-50, 120).map(Decimal),
        some.sampled_from([Decimal(0), Decimal(10), Decimal(40)]),
        some.sampled_from([None, timedelta(0), timedelta(minutes=4), timedelta(minutes=15)]),
        some.booleans(),
    )

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(steps=steps, rules=some.lists(rules, min_size=1, max_size=3), opening=some.integers(0, 150))
    def test_random_movements(
        self,
        steps: list[tuple[int, Decimal, int, bool]],
        rules: list[tuple[Decimal, Decimal, timedelta | None, bool]],
        opening: int,
    ) -> None:
        alice = StaffFactory(role=Role.ADMIN)
        accounts = [account_with(alice.organization, str(opening)) for _ in range(2)]
        segment = account_segment(alice.organization, *accounts)
        watches: dict[tuple[int, object], Watch] = {}
        for threshold, gap, cooldown, fires in rules:
            campaign = campaign_on(
                segment,
                str(threshold),
                str(threshold + gap),
                cooldown=cooldown,
                on_activation="fire" if fires else "wait",
            )
            activate(campaign, by=alice, at=NOW)
            for number in (0, 1):
                watches[number, campaign.pk] = Watch(threshold, threshold + gap, cooldown, fires)
        for watch in watches.values():
            watch.start(Decimal(opening))
        judge(alice.organization, at=NOW)
        balances, minute = [Decimal(opening), Decimal(opening)], 0
        for number, amount, wait, is_judged in steps:
            minute += wait
            balances[number] += amount
            book(accounts[number], str(amount), at=later(minute))
            for (watched, _), watch in watches.items():
                if watched == number:
                    watch.see(balances[number], later(minute))
            if is_judged:
                judge(alice.organization, at=later(minute))
        judge(alice.organization, at=later(minute + 1))
        for (number, campaign_pk), watch in watches.items():
            found = [a for a in alerts_of(accounts[number]) if a.campaign_id == campaign_pk]
            assert [(a.fired_at, a.value, a.ended_at, a.state) for a in found] == watch.alerts
            assert [a.episode for a in found] == list(range(1, len(found) + 1))
