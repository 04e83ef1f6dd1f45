"""Second factors and sessions of a person: the few look-ups that come before an organization is known."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from console.organizations.models import User

PASSKEY, APP, CODES = Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES


def factors_of(user: User) -> QuerySet[Authenticator]:
    """The person's factors, passkeys by age."""
    return Authenticator.objects.filter(user=user).order_by("created_at", "pk")


def kinds_of(user: User) -> set[str]:
    """Which kinds of factor the person has."""
    return set(factors_of(user).values_list("type", flat=True))


def is_spare(factor: Authenticator) -> bool:
    """Whether its owner has another passkey or app."""
    return factors_of(factor.user).exclude(pk=factor.pk).exclude(type=CODES).exists()


def sessions_of(user: User) -> QuerySet[UserSession]:
    """The person's sessions that are not over, the latest seen first."""
    alive = Session.objects.values("session_key")
    return UserSession.objects.filter(user=user, session_key__in=alive).order_by("-last_seen_at", "-pk")


def note_seen(session_key: str | None, *, at: datetime) -> None:
    """Keep when somebody was last seen in a session."""
    UserSession.objects.filter(session_key=session_key).update(last_seen_at=at)


def end_sessions(users: Iterable[UUID], *, but: str | None = None) -> int:
    """End all sessions of these people at once, `but` the one with this key. Returns how many."""
    theirs = UserSession.objects.filter(user_id__in=list(users)).exclude(session_key=but or "")
    keys = list(theirs.values_list("session_key", flat=True))
    ended, _ = Session.objects.filter(session_key__in=keys).delete()
    theirs.delete()
    return ended
