"""bin/manage forget_factors EMAIL"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db import transaction

from console.organizations.commands import OperatorCommand
from console.organizations.factors import factors_of
from console.organizations.models import User
from console.organizations.sessions import end_sessions


class Command(OperatorCommand):
    help = (
        "Forget the passkeys, app and recovery codes of a person who lost them all and end their sessions. At the next "
        "sign-in they enrol anew. Make sure who asks. Exit code 1 when nobody has the address."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="EMAIL")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.with_email(options["email"])
        if user is None:
            raise CommandError(f"Nobody has the address {options['email']}.")
        forgotten, _ = factors_of(user).delete()
        end_sessions([user.pk])
        self.stdout.write(f"{forgotten} factors of {user.email} are forgotten. The password stays.")
