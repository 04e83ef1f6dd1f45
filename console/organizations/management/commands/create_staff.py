"""bin/manage create_staff EMAIL --organization SLUG --role ROLE"""

import json
import secrets
import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import transaction

from console.organizations import proof, scope
from console.organizations.commands import OperatorCommand, organization_of
from console.organizations.models import Organization, Role, Staff, User


class Command(OperatorCommand):
    help = (
        "Let a person work for an organization, or change their role there. A person who is new gets a password: made "
        "here and printed once, or read from standard input. Exit code 1 when a value is wrong."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--organization", metavar="SLUG", required=True)
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--name", default="", help="How the person is called.")
        parser.add_argument(
            "--password-stdin", action="store_true", help="Read the password from standard input."
        )
        parser.add_argument("--json", action="store_true", help="Print one JSON object.")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        organization = organization_of(options["organization"])
        user = User.objects.with_email(options["email"])
        password = ""
        if user is None or options["password_stdin"]:
            user, password = self.with_password(user, options)
        with scope.across():  # a page could not: the first admin has nobody who would approve it
            staff, is_new = Staff.objects.update_or_create(
                organization=organization,
                user=user,
                defaults={"role": options["role"], "ended_at": None, "approval": None},
            )
        told = {"email": user.email, "organization": organization.slug, "role": staff.role, "is_new": is_new}
        if password and not options["password_stdin"]:
            told["password"] = password
        self.stdout.write(json.dumps(told) if options["json"] else self.words(staff, organization, told))

    def with_password(self, user: User | None, options: dict[str, Any]) -> tuple[User, str]:
        """The person, made if need be, with the password set. Raises CommandError."""
        given = sys.stdin.readline().rstrip("\r\n") if options["password_stdin"] else ""
        password = given or secrets.token_urlsafe(18)
        user = user or User(email=User.objects.normalize_email(options["email"]), name=options["name"])
        try:
            user.clean_fields(exclude=["password"])
            if options["password_stdin"]:
                validate_password(given, user)
        except ValidationError as fault:
            raise CommandError(" ".join(fault.messages)) from fault
        user.set_password(password)
        user.save()
        return user, password

    def words(self, staff: Staff, organization: Organization, told: dict[str, Any]) -> str:
        line = f"{told['email']} works for {organization.name} as {staff.get_role_display().lower()}."
        needs = "a passkey" if proof.needs_passkey(staff.user, staff) else "a passkey or an app"
        enrol = f"At the first sign-in {needs} is added. Others are invited on the Staff page."
        password = f"Password, shown only now: {told['password']}\n" if "password" in told else ""
        return f"{line}\n{password}{enrol}"
