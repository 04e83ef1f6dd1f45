"""manage.py dispatch: a dispatcher in the foreground. Any number may run at once, on any number of machines."""

import signal
from typing import Any

from django.core.management.base import CommandParser

from communications.dispatcher import dispatch
from console.organizations.commands import OperatorCommand


class Command(OperatorCommand):
    help = "Send what is due until stopped (Ctrl-C or SIGTERM ends it after the tries under way)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--until-empty", action="store_true", help="End when nothing is due any more.")

    def handle(self, *args: Any, **options: Any) -> None:
        asked: list[int] = []
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda number, _: asked.append(number))
        dispatch(until_empty=options["until_empty"], should_stop=lambda: bool(asked))
