"""What must be there before the first request: tables, static files and, where it is wanted, the demo bank."""

import io
import time
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command

from console.demo import bank
from console.management.commands import demo
from console.organizations import founding
from console.organizations.commands import OperatorCommand
from console.organizations.management.commands import set_up
from console.organizations.models import Organization


class Command(OperatorCommand):
    help = (
        "Makes or updates the tables, collects the static files and, where TRANCHE_DEMO is set and no organization "
        "exists yet, loads the demo bank. Safe to run again at every deployment."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="Never load the demo bank.")
        parser.add_argument(
            "--sign-ins",
            type=Path,
            help="Write there how one comes in: who can sign in to the demo bank, or the link of the set-up.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self._step("Tables", lambda: call_command("migrate", interactive=False, verbosity=0))
        self._step("Static files", lambda: call_command("collectstatic", interactive=False, verbosity=0))
        if settings.IS_DEMO and not options["no_demo"] and self._lacks_demo():
            self._step("Demo bank", lambda: call_command("demo", stdout=io.StringIO()))
        if options["sign_ins"]:
            self._tell_sign_ins(options["sign_ins"])

    def _lacks_demo(self) -> bool:
        """Whether nothing is here at all, or a first load was stopped before its customers were there."""
        if not Organization.objects.exists():
            return True
        return self._has_demo() and not Organization.objects.get(slug=bank.SLUG).customers.exists()

    def _has_demo(self) -> bool:
        return Organization.objects.filter(slug=bank.SLUG, staff__user__email=bank.PEOPLE[0].email).exists()

    def _tell_sign_ins(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        if self._has_demo() and bank.is_demonstration():
            said = io.StringIO()
            demo.Command(stdout=said).say_who()
            path.touch(mode=0o600)
            path.write_text(f"Sign in as (e-mail, password)\n{said.getvalue()}")
        elif founding.is_new():
            path.touch(mode=0o600)
            path.write_text(f"{set_up.INVITES}\n{set_up.set_up_link()}\n")

    def _step(self, name: str, work: Callable[[], object]) -> None:
        began = time.monotonic()
        work()
        self.stdout.write(f"{name} ready in {time.monotonic() - began:.1f} s")
