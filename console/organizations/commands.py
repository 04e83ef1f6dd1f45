"""What commands for one organization begin with."""

from django.core.management.base import CommandError

from console.organizations.models import Organization


def organization_of(slug: str) -> Organization:
    """The organization that `--organization` names. Raises CommandError."""
    organization = Organization.objects.filter(slug=slug).first()
    if organization is None:
        raise CommandError(f"There is no organization “{slug}”.")
    return organization


def organizations_of(slug: str | None) -> list[Organization]:
    """The one that `--organization` names, or all where it is left out. Raises CommandError."""
    return [organization_of(slug)] if slug else list(Organization.objects.order_by("slug"))
