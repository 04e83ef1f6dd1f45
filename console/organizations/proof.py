"""What a session has proved of the person in it, how, and when last. Written at sign-in, read at every page.

allauth keeps a record of each proof in the session: the password, then a second factor, then each proof again.
"""

import time
from datetime import datetime
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY as RECORDS
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from console.organizations.factors import PASSKEY
from console.organizations.models import PASSKEY_ROLES, Staff, User

SEEN, WHOSE = "seen at", "account_authentication_methods_user"
# How often, in seconds, it is written down that somebody is there.
NOTED_EVERY = 60


def records(session: SessionBase) -> list[dict[str, Any]]:
    """The proofs given in this session, the first one at sign-in."""
    return session.get(RECORDS) or []


def factors(session: SessionBase) -> set[str]:
    """The kinds of second factor that were proved: webauthn, totp, recovery_codes."""
    return {record.get("type", "") for record in records(session) if record["method"] == "mfa"}


def needs_passkey(user: User, staff: Staff | None = None) -> bool:
    """The rule: platform admins, and who approves or administers at an organization, prove a passkey."""
    return user.is_staff or (staff is not None and staff.role in PASSKEY_ROLES)


def has_passkey(session: SessionBase) -> bool:
    """Whether a passkey was proved in this session."""
    return PASSKEY in factors(session)


def is_fresh(session: SessionBase, *, at: datetime, by_passkey: bool = False) -> bool:
    """Whether the last proof, or the last one by a passkey, is recent enough for what is sensitive:
    settings.FRESH_SECONDS.
    """
    given = [one["at"] for one in records(session) if not by_passkey or one.get("type") == PASSKEY]
    return bool(given) and at.timestamp() - given[-1] <= settings.FRESH_SECONDS


def is_over(session: SessionBase, *, at: datetime) -> bool:
    """Whether the session ended: nobody did anything for a quarter of an hour, or it began half a day ago."""
    now, given = at.timestamp(), records(session)
    seen = session.get(SEEN, now)
    began = given[0]["at"] if given else seen
    return now - seen > settings.SESSION_IDLE_SECONDS or now - began > settings.SESSION_COOKIE_AGE


def note(session: SessionBase, *, at: datetime) -> bool:
    """Write down that a person did something; at most once a minute, and say whether it was now."""
    is_due = at.timestamp() - session.get(SEEN, 0) >= NOTED_EVERY
    if is_due:
        session[SEEN] = int(at.timestamp())
    return is_due


def record(session: SessionBase, kind: str) -> None:
    """Keep that a second factor of this kind was just proved by other means than allauth's forms."""
    session[RECORDS] = [*records(session), {"method": "mfa", "type": kind, "at": time.time()}]
