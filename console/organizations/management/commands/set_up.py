"""bin/manage set_up"""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.urls import reverse

from console.organizations.commands import OperatorCommand
from console.organizations.founding import LASTS, NotOpen, set_up_token

HOURS = int(LASTS.total_seconds() // 3600)
INVITES = f"Open this link to begin. It works once, for {HOURS} hours:"


def set_up_link() -> str:
    """The address at which the first person comes in, once. Raises NotOpen where an organization is there."""
    return settings.PUBLIC_URL + reverse("set_up", args=[set_up_token()])


class Command(OperatorCommand):
    help = (
        "Print the link by which the first person comes to a new installation: it works once, for a day, and only "
        "while there is no organization. Exit code 1 where there is one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print one JSON object.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            link = set_up_link()
        except NotOpen as refusal:
            raise CommandError(
                "There is an organization already. Its admins invite people on the Staff page; "
                "create_staff lets somebody in from here."
            ) from refusal
        words = f"{INVITES}\n{link}"
        self.stdout.write(json.dumps({"link": link, "hours": HOURS}) if options["json"] else words)
