"""Count the members that a definition in the exchange format would have, without saving anything."""

import json
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from console.organizations.commands import OperatorCommand, organization_of
from segments import definition, exchange


class Command(OperatorCommand):
    help = (
        "Counts who meets a definition in the exchange format (name, population, definition)"
        ' and prints one line of JSON: {"count": 791, "seconds": 0.012}. Writes nothing.'
        " Exit code 1 when the file or the definition has a fault; the faults are printed with their places."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the JSON file, or - for standard input")
        parser.add_argument("--organization", required=True, metavar="SLUG")

    def handle(self, *args: Any, **options: Any) -> None:
        organization = organization_of(options["organization"])
        try:
            text = sys.stdin.read() if options["file"] == "-" else Path(options["file"]).read_text("utf-8")
            found = exchange.read(text)
            node = definition.parse(found.definition, found.population, organization)
        except (OSError, UnicodeDecodeError, exchange.Unreadable) as error:
            raise CommandError(str(error)) from error
        except definition.DefinitionFaults as error:
            raise CommandError("\n".join(str(fault) for fault in error.faults)) from error
        started = time.perf_counter()
        count = definition.ids(node, organization, timezone.now()).count()
        self.stdout.write(json.dumps({"count": count, "seconds": round(time.perf_counter() - started, 4)}))
