"""Work of the console itself, of no app."""

from contextlib import suppress
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from console.demo.filling import NotEmpty, fill
from console.organizations.models import Organization


@shared_task
def load_invented(organization: str) -> None:
    """Fill an empty organization with invented customers; pressed twice, or no longer empty, it does nothing."""
    with suppress(NotEmpty):
        fill(Organization.objects.get(pk=UUID(organization)), at=timezone.now())
