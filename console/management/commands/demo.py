"""bin/manage demo: load the demo bank."""

import time
from argparse import ArgumentParser
from contextlib import nullcontext
from datetime import date, timedelta
from typing import Any

from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone

from console.demo import bank, loading, story
from console.demo.reset import reset
from console.organizations.commands import OperatorCommand
from console.organizations.models import Organization

LARGE = 50_000


class Command(OperatorCommand):
    """Loads Nordbank a.s.; a second run says that it is there, a run after a stop goes on."""

    help = (
        "Load the demo bank, Nordbank a.s.: invented customers, accounts and a year of transactions, the same in every"
        " load for the same day, the people who can sign in, and eight weeks of segments, letters and alerts."
        " Says so and changes nothing when it is there already."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--customers", type=int, default=2000, help="how many (default 2000)")
        parser.add_argument(
            "--as-of",
            type=date.fromisoformat,
            help="the day after the last transaction, as 2026-11-22 (default today)",
        )
        parser.add_argument("--reset", action="store_true", help="delete the demo bank first, and only it")
        parser.add_argument(
            "--bare",
            action="store_true",
            help="no segments, letters and alerts; a large bank has none anyway",
        )
        parser.add_argument(
            "--workers",
            type=int,
            help=f"connections loading at once (default 2 from {LARGE:,} customers on, else 1)",
        )

    def handle(self, **options: Any) -> None:
        if options["customers"] < 2:
            raise CommandError("--customers must be 2 or more.")
        try:
            self.load(options)
        except (bank.NotOurs, loading.Unfinished) as problem:
            raise CommandError(str(problem)) from problem

    def load(self, options: dict[str, Any]) -> None:
        if options["reset"] and (there := bank.found()):
            reset(there)
            self.stdout.write("The demo bank is deleted.")
        is_small = options["customers"] < LARGE
        workers = options["workers"] or (1 if is_small else 2)
        # A bank of one run comes whole or not at all; longer loads go on where they stopped.
        with transaction.atomic() if options["customers"] <= loading.RUN and workers == 1 else nullcontext():
            organization = bank.found() or bank.create(at=timezone.now())
            as_of = options["as_of"] or organization.local_date(timezone.now())
            plan = loading.Plan(organization, options["customers"], as_of)
            if left := sum(last - first + 1 for first, last in loading.missing(plan)):
                self.fill(plan, left, workers)
            else:
                self.stdout.write(
                    f"The demo bank is there, with {organization.customers.count():,} customers."
                )
            if is_small and not options["bare"] and not organization.segments.exists():
                self.tell_story(organization, as_of)
        self.say_who()

    def tell_story(self, organization: Organization, as_of: date) -> None:
        """Fill the pages up to the last morning that is over."""
        began = time.monotonic()
        over = organization.local_date(timezone.now() - timedelta(hours=8))
        story.tell(organization, as_of=min(as_of, over))
        self.stdout.write(
            f"Segments, letters, alerts and an import of eight weeks: {time.monotonic() - began:.1f} s."
        )

    def fill(self, plan: loading.Plan, left: int, workers: int) -> None:
        """Load what is missing, with a line about progress after each run of customers."""
        began, loaded = time.monotonic(), 0

        def tell(customers: int) -> None:
            nonlocal loaded
            loaded += customers
            seconds = time.monotonic() - began
            to_go = seconds / loaded * (left - loaded)
            self.stdout.write(f"{loaded:,} of {left:,} customers, {seconds:.0f} s, about {to_go:.0f} s to go")
            self.stdout.flush()

        loading.load(plan, workers=workers, tell=tell)
        loading.settle(is_large=plan.customers >= LARGE)
        seconds = time.monotonic() - began
        self.stdout.write(f"{plan.organization} has {plan.customers:,} customers, loaded in {seconds:.1f} s.")

    def say_who(self) -> None:
        """Who can sign in, and with which password."""
        if not bank.is_demonstration():
            self.stdout.write(
                "The demo's people have no known passwords here. Load it with TRANCHE_DEMO=1 to give them some."
            )
            return
        for person in bank.PEOPLE:
            self.stdout.write(
                f"{person.email:<34}{person.password:<28}{person.name}, {person.role.label.lower()}"
            )
