"""The cast: alice runs Nordbank, bob analyses there, olga mends imports, vera only looks; charlie works elsewhere."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from console.organizations import proof, scope
from console.organizations.factors import PASSKEY
from console.organizations.models import Organization, Role, Staff, User
from tests import given
from tests.factories import OrganizationFactory, StaffFactory


@pytest.fixture(autouse=True)
def every_variable_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """A template that asks for what nobody gave it fails the test."""
    given.refuse(monkeypatch)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Tests that commit empty all tables afterwards, the audit trail too, which nobody else may."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE organizations_auditevent DISABLE TRIGGER audit_stays")


@pytest.fixture(autouse=True)
def everywhere(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test itself sees every bank's rows; what it calls, pages and tasks, works inside the walls."""
    if "_django_db_helper" in request.fixturenames or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("_django_db_helper")  # it empties tables as their owner: after us
    with scope.across():
        yield


@pytest.fixture
def at_once(settings: Any) -> None:
    """Work for the queue is done at once, in its own scope as a worker does it."""
    settings.CELERY_TASK_ALWAYS_EAGER = True


@pytest.fixture
def nordbank(db: None) -> Organization:
    return OrganizationFactory(slug="nordbank", name="Nordbank a.s.")


@pytest.fixture
def alice(nordbank: Organization) -> Staff:
    """Admin of Nordbank."""
    return StaffFactory(organization=nordbank, user__name="Alice Admin", role=Role.ADMIN)


@pytest.fixture
def bob(nordbank: Organization) -> Staff:
    """Analyst at Nordbank."""
    return StaffFactory(organization=nordbank, user__name="Bob Analyst", role=Role.ANALYST)


@pytest.fixture
def olga(nordbank: Organization) -> Staff:
    """Operator at Nordbank: reads names and addresses as they are."""
    return StaffFactory(organization=nordbank, user__name="Olga Operator", role=Role.OPERATOR)


@pytest.fixture
def vera(nordbank: Organization) -> Staff:
    """Viewer at Nordbank: sees names and addresses masked."""
    return StaffFactory(organization=nordbank, user__name="Vera Viewer", role=Role.VIEWER)


@pytest.fixture
def charlie(db: None) -> Staff:
    """Admin of another bank: nothing of Nordbank may exist for him."""
    return StaffFactory(organization__slug="southbank", user__name="Charlie Outside", role=Role.ADMIN)


def signed_in(staff: Staff) -> Client:
    """A browser in which `staff` is signed in, and has just proved a passkey."""
    return proven(staff.user)


def stale(staff: Staff) -> Client:
    """A browser in which `staff` is signed in, but too long ago for what is sensitive."""
    return proven(staff.user, seconds_ago=settings.FRESH_SECONDS + 60)


def proven(user: User, *, kind: str = PASSKEY, seconds_ago: float = 0, **defaults: str) -> Client:
    """A browser in which the user proved a second factor of this kind, so many seconds ago."""
    client = Client(**defaults)
    client.force_login(user)
    session = client.session
    now = time.time()
    session[proof.RECORDS] = [{"method": "mfa", "type": kind, "at": now - seconds_ago}]
    session[proof.WHOSE] = str(user.pk)
    session[proof.SEEN] = int(now)
    session.save()
    return client
