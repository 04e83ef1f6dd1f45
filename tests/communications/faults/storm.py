"""A send whose dispatchers are killed, and what is left of it: nothing lost, the books balanced, few duplicates."""

import os
import random
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.utils import timezone

from communications.books import Books, books_of_run
from communications.dispatcher import GROUP, GROUPS_A_LANE
from communications.models import Message, Run
from console.customers.models import Customer
from console.organizations.models import Organization, Role, Staff, User
from tests.communications.factories import communication, segment_with, sent_by
from tests.communications.sinks import MailSink, mail_server

CONCURRENCY = GROUP["email"] * GROUPS_A_LANE
LEASE_SECONDS = 2
RUNNER = [sys.executable, "-m", "tests.communications.faults.runner"]


@dataclass
class Storm:
    """A run, the mail server that it goes to, and the dispatchers that were killed on the way."""

    run: Run
    sink: MailSink
    by: Staff
    nursery: "subprocess.Popen[str]"
    kills: int = 0
    unbalanced: list[Books] = field(default_factory=list)

    def killed_at(self, point: str, after: int = 1) -> None:
        """Run a dispatcher that ends itself at a named point."""
        self._start(point, after=after)
        assert self._status() == -signal.SIGKILL, f"no dispatcher came to the point {point}"
        self._look()

    def killed_when(self, arrived: int, batch: int = 40) -> None:
        """Run a dispatcher and kill it once so many letters have arrived."""
        process = self._start(batch=batch)
        while sum(self.sink.arrivals.values()) < arrived and not self._has_ended():
            time.sleep(random.uniform(0.0005, 0.01))
        if not self._has_ended():
            os.kill(process, signal.SIGKILL)
        self._status()
        self._look()

    def finish(self, batch: int = 200) -> None:
        """Run a dispatcher that nobody kills, to the end."""
        self._start(batch=batch)
        assert self._status() == 0
        self._look(is_kill=False)

    def _start(self, point: str = "-", *, after: int = 1, batch: int = 40) -> int:
        assert self.nursery.stdin
        self.nursery.stdin.write(f"{point} {after} {batch}\n")
        self.nursery.stdin.flush()
        return self._status()

    def _status(self) -> int:
        assert self.nursery.stdout
        return int(self.nursery.stdout.readline())

    def _has_ended(self) -> bool:
        assert self.nursery.stdout
        return bool(select.select([self.nursery.stdout], [], [], 0)[0])

    def decide(self) -> int:
        """A person has every uncertain message sent again."""
        return self.run.messages.filter(state="uncertain").decide("send_again", by=self.by, at=timezone.now())

    def _look(self, *, is_kill: bool = True) -> None:
        self.kills += is_kill
        books = books_of_run(self.run)
        if not books.is_balanced:
            self.unbalanced.append(books)

    @property
    def lost(self) -> list[str]:
        """Messages that are neither with the mail server nor still on our hands."""
        settled = self.run.messages.filter(state=Message.State.SENT).values_list("pk", flat=True)
        return [str(pk) for pk in settled if not self.sink.arrivals[str(pk)]]

    @property
    def duplicates(self) -> int:
        """Letters that arrived more often than once."""
        return sum(number - 1 for number in self.sink.arrivals.values())


@contextmanager
def storm(messages: int) -> Iterator[Storm]:
    """A confirmed send of so many messages to a bank of its own, and a mail server."""
    organization = Organization.objects.create(slug=f"storm-{uuid4().hex[:8]}", name="Storm")
    user = User.objects.create_user(f"{organization.slug}@bank.example")
    staff = Staff.objects.create(organization=organization, user=user, role=Role.ADMIN)
    rows = [
        Customer(
            organization=organization,
            external_id=f"C{n:06}",
            name=f"Customer {n}",
            email=f"c{n}@mail.example",
        )
        for n in range(messages)
    ]
    Customer.objects.bulk_create(rows, batch_size=2000)
    configuration = communication(organization, segment_with(organization, *organization.customers.all()))
    sink = MailSink(keeps=False)
    with mail_server(sink) as port, nursery(port) as process:
        yield Storm(sent_by(configuration, staff, timezone.now()), sink, staff, process)


@contextmanager
def nursery(port: int) -> Iterator["subprocess.Popen[str]"]:
    """The process that makes dispatchers, on this database and the mail server at `port`."""
    environ = os.environ | {
        "DATABASE_URL": database_url(),
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "OUTBOX_LEASE_SECONDS": str(LEASE_SECONDS),
        "LOG_LEVEL": "ERROR",
        "SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "console.settings",
    }
    with subprocess.Popen(
        RUNNER, cwd=settings.BASE_DIR, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        assert process.stdin
        process.stdin.close()


def database_url() -> str:
    """The address of the database that this process is connected to."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))
