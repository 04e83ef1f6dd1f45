"""What every command begins with, and those for one organization."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from console.organizations import scope
from console.organizations.models import Organization


class OperatorCommand(BaseCommand):
    """A command of the console: for every organization, until `organization_of` says for which."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run it under its name, as the actor of whatever it changes."""
        with scope.across(task=type(self).__module__.rpartition(".")[2]):
            return super().execute(*args, **options)


def organization_of(slug: str) -> Organization:
    """The organization that `--organization` names; from here on the command works inside it. Raises CommandError."""
    organization = Organization.objects.filter(slug=slug).first()
    if organization is None:
        raise CommandError(f"There is no organization “{slug}”.")
    scope.enter(organization)
    return organization


def organizations_of(slug: str | None) -> Iterator[Organization]:
    """The one that `--organization` names, else all in turn: the command works inside each. Raises CommandError."""
    if slug:
        yield organization_of(slug)
        return
    for organization in list(Organization.objects.order_by("slug")):
        scope.enter(organization)
        yield organization
