"""The columns of the list of people, and what is known of each beside their row: when seen, with which factors."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, Max, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Greatest

from console.columns import Column
from console.organizations.factors import APP, CODES, PASSKEY
from console.organizations.models import Approval, Invitation, Role, Staff

BY_NAME = {"name": ("user__name", "id"), "role": ("role", "id")}
WORDS = {PASSKEY: "Passkey", APP: "App", CODES: "Codes"}


def with_presence(rows: "QuerySet[Staff]") -> "QuerySet[Staff]":
    """Each row with `seen_at`, by the latest session or sign-in anywhere, `kinds` of factor, and `asked_role`."""
    sessions = UserSession.objects.filter(user=OuterRef("user")).order_by().values("user")
    kinds = Authenticator.objects.filter(user=OuterRef("user")).order_by().values_list("type", flat=True)
    waiting = Approval.objects.filter(
        organization=OuterRef("organization"), kind="role", subject=OuterRef("user"), state="waiting"
    )
    return rows.select_related("user", "organization").annotate(
        seen_at=Greatest(
            F("user__last_login"), Subquery(sessions.annotate(at=Max("last_seen_at")).values("at"))
        ),
        kinds=ArraySubquery(kinds.distinct()),
        asked_role=Subquery(
            waiting.annotate(role=KT("given__role")).values("role"), output_field=CharField()
        ),
    )


def with_request(rows: "QuerySet[Invitation]") -> "QuerySet[Invitation]":
    """Each row with the `request_id` and `request_state` of its last request for approval, if it has any."""
    asked = Approval.objects.filter(
        organization=OuterRef("organization"), kind="invitation", subject=OuterRef("pk")
    )
    last = asked.order_by("-requested_at")
    return rows.annotate(
        request_id=Subquery(last.values("pk")[:1]), request_state=Subquery(last.values("state")[:1])
    )


def asked_words(row: Any) -> str:
    """The role that was asked for and waits, beside the one that is; "" when none is."""
    if not row.asked_role:
        return ""
    asked = Role(row.asked_role).label
    return f"Let in again as {asked.lower()}" if row.ended_at else f"{row.get_role_display()} → {asked}"


def waits(row: Any) -> list[tuple[str, str]]:
    """The same as badges."""
    words = asked_words(row)
    return [(words, "warn")] if words else []


def state_of(row: Staff) -> tuple[str, str]:
    """Whether the person still works here, as a badge: a word and its tone."""
    return ("Access ended", "bad") if row.ended_at else ("Working", "good")


def factors(row: Any) -> list[tuple[str, str]]:
    """The kinds of factor as badges; who has none is asked for one at the next sign-in."""
    return [(words, "") for kind, words in WORDS.items() if kind in row.kinds] or [("None yet", "draft")]


STAFF_COLUMNS = [
    Column("name", "Name", lambda row: str(row.user), "name", sort="name", is_fixed=True),
    Column("email", "Email address", lambda row: row.user.email),
    Column("role", "Role", lambda row: row.get_role_display(), sort="role", is_fixed=True),
    Column("access", "Access", state_of, "badge"),
    Column("asked", "Waits for approval", waits, "badges"),
    Column("seen", "Last seen", lambda row: row.seen_at, "moment"),
    Column("factors", "Proves with", factors, "badges"),
    Column("since", "Since", lambda row: row.created_at, "since", is_usual=False),
]
