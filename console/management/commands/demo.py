"""bin/manage demo: load the demo bank."""

import time
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from console.demo import bank, loading
from console.demo.reset import reset

LARGE = 50_000


class Command(BaseCommand):
    """Loads Nordbank a.s.; a second run says that it is there, a run after a stop goes on."""

    help = (
        "Load the demo bank, Nordbank a.s.: invented customers, accounts and a year of transactions, the same in every"
        " load for the same day, and the people who can sign in. Says so and changes nothing when it is there already."
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
        organization = bank.found()
        if organization and options["reset"]:
            reset(organization)
            organization = None
            self.stdout.write("The demo bank is deleted.")
        with transaction.atomic():
            organization = organization or bank.create(at=timezone.now())
        as_of = options["as_of"] or organization.local_date(timezone.now())
        plan = loading.Plan(organization, options["customers"], as_of)
        if left := sum(last - first + 1 for first, last in loading.missing(plan)):
            self.fill(plan, left, options["workers"] or (2 if plan.customers >= LARGE else 1))
        else:
            self.stdout.write(f"The demo bank is there, with {organization.customers.count():,} customers.")
        self.say_who()

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
