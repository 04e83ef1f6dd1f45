"""How the first person and the first organization come to an installation, and further organizations after them.

Whoever runs the installation prints a link (`manage.py set_up`). It is signed, lasts a day, and opens only while there
is no organization and nobody came since it was printed: who uses it, uses it up. No page makes a person without it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.core import signing
from django.db import connection, transaction

from console.organizations import scope
from console.organizations.keeping import slug_for
from console.organizations.models import Organization, Role, Staff, User

SALT = "tranche set-up link"
LASTS = timedelta(days=1)
LOCK = 0x7E75E7  # a number of our own for pg_advisory_xact_lock


class NotOpen(Exception):
    """The link was used, is too old, or an organization is there already."""


class NotYours(Exception):
    """An organization is there already, and the person is no platform admin."""


def is_new() -> bool:
    """Whether this installation has no organization, and never had one."""
    with scope.across():
        return not Organization._base_manager.exists()


def set_up_token() -> str:
    """What opens the set-up page, once, until LASTS from now. Raises NotOpen where an organization is there."""
    if not is_new():
        raise NotOpen
    return signing.dumps(_latest(), salt=SALT)


def check(token: str) -> None:
    """Raises NotOpen where the token opens nothing, or not any more."""
    try:
        latest = signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.BadSignature as fault:
        raise NotOpen from fault
    if latest != _latest() or not is_new():
        raise NotOpen


@transaction.atomic
def come_first(token: str, make: Callable[[], User]) -> User:
    """The person whom `make` makes: of several who come at once by one link only the first. Raises NotOpen."""
    _one_at_a_time()
    check(token)
    return make()


def may_found(user: User) -> bool:
    """Whether the person may make an organization by themselves: a platform admin, or anybody in a new installation."""
    return user.is_staff or is_new()


@transaction.atomic
def found(
    organization: Organization, *, by: User, at: datetime, founder: Organization | None = None
) -> Staff:
    """Store the organization, whose admin `by` is from now on; the slug follows from the name.

    Staff of `founder` make it there: keys of that organization open it too, as if one of them had made it. Without a
    founder it must be theirs to make: raises NotYours.
    """
    with scope.across():  # nobody works there yet who could approve the first admin
        _one_at_a_time()
        if founder is None and not may_found(by):
            raise NotYours
        organization.founded_by, organization.slug = founder, slug_for(organization.name)
        organization.save()
        return organization.staff.create(user=by, role=Role.ADMIN, role_since=at)


def _latest() -> str:
    """Who came last, as text; "" while nobody did."""
    latest = User.objects.order_by("-created_at", "-pk").values_list("pk", flat=True).first()
    return str(latest or "")


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
