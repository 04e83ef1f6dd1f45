"""A person's sessions, in all organizations: where they are signed in, when they were seen, and ending them."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet


def sessions_of(user: UUID) -> QuerySet[UserSession]:
    """The person's sessions that are not over, the latest seen first."""
    alive = Session.objects.values("session_key")
    return UserSession.objects.filter(user_id=user, session_key__in=alive).order_by("-last_seen_at", "-pk")


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


def forget_expired(*, at: datetime) -> int:
    """Delete the rows of sessions that nobody can come back to, with what is kept beside them. Returns how many."""
    expired, _ = Session.objects.filter(expire_date__lte=at).delete()
    alive = Session.objects.filter(session_key=OuterRef("session_key"))
    UserSession.objects.exclude(Exists(alive)).delete()
    return expired
