"""bin/manage index_attributes [--watch]"""

import json
import signal
import threading
from argparse import ArgumentParser
from dataclasses import asdict
from types import FrameType
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from console.organizations import scope
from segments.attributes import indexing

log = structlog.get_logger(__name__)
SECONDS = 5.0


class Command(BaseCommand):
    requires_system_checks = []  # they load every page, which the watch would hold in memory for good
    help = (
        "Make the indexes of the attributes that are marked as filtered often, and drop those of attributes that no "
        "longer are. Nobody waits for it. Runs as the owner of the tables; again, it goes on where it was stopped. "
        "Exit code 1 where one could not be made."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print one JSON object.")
        parser.add_argument(
            "--watch",
            action="store_true",
            help="Go on, and look every few seconds for what is wanted by then.",
        )
        parser.add_argument("--seconds", type=float, default=SECONDS, help="How many (default: %(default)s).")

    def handle(self, *args: Any, **options: Any) -> None:
        with scope.nobody():
            if options["watch"]:
                return watch(stopping(), seconds=options["seconds"])
            work = indexing.build(at=timezone.now())
        words = f"{len(work.made)} made, {len(work.dropped)} dropped, {len(work.failed)} could not be made."
        self.stdout.write(json.dumps(asdict(work)) if options["json"] else words)
        if work.failed:
            raise SystemExit(1)
        return None


def stopping() -> threading.Event:
    """Set when the process is asked to end: what it is at is finished first."""
    stop = threading.Event()

    def ask(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
    return stop


def watch(stop: threading.Event, *, seconds: float) -> None:
    """Look every so many seconds until asked to stop. A database that is away is waited for."""
    while not stop.is_set():
        try:
            work = indexing.build(at=timezone.now())
            if any(asdict(work).values()):
                log.info("attributes indexed", **asdict(work))
        except (DatabaseError, InterfaceError) as fault:
            log.warning("attributes not looked at", why=type(fault).__name__)
            connection.close()
        stop.wait(seconds)
