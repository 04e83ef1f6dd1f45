"""bin/manage index_attributes"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from console.organizations import scope
from segments import indexing


class Command(BaseCommand):
    help = (
        "Make the indexes of the attributes that are marked as filtered often, and drop those of attributes that no "
        "longer are. Nobody waits for it. Runs as the owner of the tables; again, it goes on where it was stopped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print one JSON object.")

    def handle(self, *args: Any, **options: Any) -> None:
        with scope.nobody():
            made, dropped = indexing.build()
        words = f"{len(made)} made, {len(dropped)} dropped."
        self.stdout.write(json.dumps({"made": made, "dropped": dropped}) if options["json"] else words)
