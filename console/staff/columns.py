"""The columns of the list of people, and what is known of each beside their row: when seen, with which factors."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest

from console.columns import Column
from console.organizations.factors import APP, CODES, PASSKEY
from console.organizations.models import Staff

BY_NAME = {"name": ("user__name", "id"), "role": ("role", "id")}
WORDS = {PASSKEY: "Passkey", APP: "App", CODES: "Codes"}


def with_presence(rows: "QuerySet[Staff]") -> "QuerySet[Staff]":
    """Each row with `seen_at`, by the latest session or sign-in anywhere, and `kinds` of factor."""
    sessions = UserSession.objects.filter(user=OuterRef("user")).order_by().values("user")
    kinds = Authenticator.objects.filter(user=OuterRef("user")).order_by().values_list("type", flat=True)
    return rows.select_related("user", "organization").annotate(
        seen_at=Greatest(
            F("user__last_login"), Subquery(sessions.annotate(at=Max("last_seen_at")).values("at"))
        ),
        kinds=ArraySubquery(kinds.distinct()),
    )


def state_of(row: Staff) -> tuple[str, str]:
    """Whether the person still works here, as a badge: a word and its tone."""
    return ("Access ended", "bad") if row.ended_at else ("Working", "good")


def factors(row: Any) -> list[tuple[str, str]]:
    """The kinds of factor as badges; none is worth a look."""
    return [(words, "") for kind, words in WORDS.items() if kind in row.kinds] or [("None yet", "warn")]


STAFF_COLUMNS = [
    Column("name", "Name", lambda row: str(row.user), "name", sort="name", is_fixed=True),
    Column("email", "Email address", lambda row: row.user.email),
    Column("role", "Role", lambda row: row.get_role_display(), sort="role", is_fixed=True),
    Column("access", "Access", state_of, "badge"),
    Column("seen", "Last seen", lambda row: row.seen_at, "moment"),
    Column("factors", "Proves with", factors, "badges"),
    Column("since", "Since", lambda row: row.created_at, "since", is_usual=False),
]
