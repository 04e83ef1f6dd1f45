"""What must be there before the first request: tables, static files and, where it is wanted, the demo bank."""

import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand

from console.organizations.models import Organization


class Command(BaseCommand):
    help = (
        "Makes or updates the tables, collects the static files and, where TRANCHE_DEMO is set and no organization "
        "exists yet, loads the demo bank. Safe to run again at every deployment."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="Never load the demo bank.")

    def handle(self, *args: Any, **options: Any) -> None:
        self._step("Tables", lambda: call_command("migrate", interactive=False, verbosity=0))
        self._step("Static files", lambda: call_command("collectstatic", interactive=False, verbosity=0))
        if not settings.IS_DEMO or options["no_demo"] or "demo" not in get_commands():
            return
        if not Organization.objects.exists():
            self._step("Demo bank", lambda: call_command("demo"))

    def _step(self, name: str, work: Callable[[], object]) -> None:
        began = time.monotonic()
        work()
        self.stdout.write(f"{name} ready in {time.monotonic() - began:.1f} s")
