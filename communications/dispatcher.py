"""Leases, renders, sends, records: one loop, and any number of them side by side or killed at any moment.

The loop keeps the books in its own thread; what travels, travels in the Wire's. At most two groups of a lane are under
way at a time, so that one is recorded while the other is being sent; email groups share the mail connections.
"""

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future
from concurrent.futures import wait as wait_for
from dataclasses import dataclass, field
from uuid import UUID

import structlog
from django.conf import settings
from django.db import OperationalError, connection
from django.utils import timezone

from communications import outbox
from communications.channels.email import CONNECTIONS, MailServer
from communications.channels.outcome import Outcome
from communications.fault_points import fault_point
from communications.letters import Parcel, loaded, prepare
from communications.outbox import Lane
from communications.recording import Ended, expire, record, record_unrendered
from communications.rendering.renderer import Renderer
from communications.wire import Wire

log = structlog.get_logger(__name__)
BATCH = 200
GROUP = {"email": CONNECTIONS, "webhook": 25}
GROUPS_A_LANE = 2
RECONCILES_EVERY = 30.0
LOOKS_EVERY = 0.5
# Seconds between tries to record: while the database is away, what arrived is kept and written when it is back.
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)

Group = tuple["Hold", list[Parcel], dict[UUID, int]]


@dataclass
class Hold:
    """What a dispatcher holds of one lane: a lease, the parcels that wait under it, and how many groups travel."""

    lane: Lane
    token: UUID | None = None
    waiting: deque[Parcel] = field(default_factory=deque)
    travelling: int = 0


class Dispatcher:
    """`run` until there is nothing to do, a time is over, or `should_stop` says so."""

    def __init__(self, wire: Wire, renderer: Renderer, *, lease_seconds: int) -> None:
        self.wire = wire
        self.renderer = renderer
        self.lease_seconds = lease_seconds
        self.holds: dict[Lane, Hold] = {}
        self.flights: dict[Future[list[Outcome]], Group] = {}
        self.looked = 0.0
        self.sent = 0

    def run(self, *, seconds: float | None, until_empty: bool, should_stop: Callable[[], bool]) -> bool:
        """Work. With `seconds` no new group starts after that time. Returns whether work was left."""
        began, reconciled = time.monotonic(), 0.0
        while True:
            is_over = should_stop() or (seconds is not None and time.monotonic() - began > seconds)
            if not is_over and time.monotonic() - reconciled > min(RECONCILES_EVERY, self.lease_seconds):
                expire()
                reconciled = time.monotonic()
            busy = not is_over and self._launch()
            if self.flights:
                self._land()
            elif is_over:
                break
            elif not busy:
                if until_empty and not outbox.is_waiting():
                    break
                time.sleep(0.2)
        self._give_back()
        return bool(outbox.lanes())

    def _launch(self) -> bool:
        """Start a group of every lane that may; whether any lane has work."""
        if not self.holds or time.monotonic() - self.looked > LOOKS_EVERY:
            for lane in outbox.lanes():
                self.holds.setdefault(lane, Hold(lane))
            self.looked = time.monotonic()
        for hold in list(self.holds.values()):
            if hold.travelling < GROUPS_A_LANE and self._may_start(hold.lane):
                self._start(hold)
            if not hold.waiting and not hold.travelling:
                del self.holds[hold.lane]
        return bool(self.holds)

    def _may_start(self, lane: Lane) -> bool:
        """Email groups of all lanes share the connections: two groups at a time."""
        email = sum(1 for hold, _, _ in self.flights.values() if hold.lane.channel == "email")
        return lane.channel != "email" or email < GROUPS_A_LANE

    def _start(self, hold: Hold) -> None:
        """Send the next group of a lane on its way."""
        if not hold.waiting:
            self._fill(hold)
        group = [hold.waiting.popleft() for _ in range(min(len(hold.waiting), GROUP[hold.lane.channel]))]
        if not group or hold.token is None:
            return
        numbers = outbox.start(hold.token, [parcel.message for parcel in group], seconds=self.lease_seconds)
        fault_point("started")
        going = [parcel for parcel in group if parcel.message.pk in numbers and parcel.content]
        if going:
            flight = self.wire.send([parcel.content for parcel in going if parcel.content])
            self.flights[flight] = (hold, going, numbers)
            hold.travelling += 1

    def _fill(self, hold: Hold) -> None:
        """Lease the next batch of a lane and write its letters."""
        hold.token, ids = outbox.lease(hold.lane, limit=BATCH, seconds=self.lease_seconds)
        fault_point("leased")
        if not ids:
            return
        ready, faults = prepare(loaded(ids), self.renderer, at=timezone.now())
        fault_point("rendered")
        if faults:
            record_unrendered(hold.token, faults)
        hold.waiting.extend(ready)

    def _land(self) -> None:
        """Wait for a group to arrive, and record what became of it."""
        done, _ = wait_for(self.flights, timeout=0.5, return_when=FIRST_COMPLETED)
        for flight in done:
            hold, parcels, numbers = self.flights.pop(flight)
            hold.travelling -= 1
            fault_point("arrived")
            ended = [_ended(*pair, numbers) for pair in zip(parcels, flight.result(), strict=True)]
            _record(ended)
            fault_point("recorded")
            self.sent += len(ended)

    def _give_back(self) -> None:
        """Leave nothing leased that was not started."""
        for hold in self.holds.values():
            if hold.token and hold.waiting:
                outbox.release(hold.token)
        self.holds.clear()


def _record(ended: list[Ended]) -> None:
    """Record outcomes; a database that is away for some seconds makes nothing uncertain."""
    for pause in PAUSES:
        try:
            return record(ended, at=timezone.now())
        except OperationalError as error:
            log.warning("recording_waits", error=str(error), tries=len(ended))
            connection.close()
            time.sleep(pause)
    return record(ended, at=timezone.now())


def _ended(parcel: Parcel, outcome: Outcome, numbers: dict[UUID, int]) -> Ended:
    message = parcel.message
    return Ended(
        message=message.pk,
        number=numbers[message.pk],
        organization=message.organization_id,
        channel=message.channel,
        address=message.copy.address,
        endpoint=message.endpoint_id,
        outcome=outcome,
    )


def dispatch(
    *,
    seconds: float | None = None,
    until_empty: bool = False,
    should_stop: Callable[[], bool] = lambda: False,
) -> bool:
    """Run one dispatcher with the mail server and the limits of the settings. Returns whether work was left."""
    server = MailServer.of(settings)
    with Wire(server, allow_loopback=settings.WEBHOOK_ALLOW_LOOPBACK) as wire, Renderer() as renderer:
        dispatcher = Dispatcher(wire, renderer, lease_seconds=settings.OUTBOX_LEASE_SECONDS)
        left = dispatcher.run(seconds=seconds, until_empty=until_empty, should_stop=should_stop)
    if dispatcher.sent:
        log.info("dispatched", tries=dispatcher.sent, work_left=left)
    return left
