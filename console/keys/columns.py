"""The columns of the list of keys, and the state of a key in a word."""

from collections.abc import Sequence
from datetime import datetime

from console.columns import Column
from console.organizations.models import ApiKey

BY_NAME = {"name": ("name", "id"), "created": ("id",)}


def state_of(key: ApiKey, *, at: datetime) -> tuple[str, str]:
    """The state of a key at the moment `at` as a badge: a word and its tone."""
    if key.revoked_at:
        return "Revoked", "bad"
    if key.expires_at <= at:
        return "Expired", ""
    return ("Being replaced", "warn") if hasattr(key, "replaced_by") else ("Live", "good")


def key_columns(at: datetime) -> Sequence[Column]:
    """The columns, with states as they are at the moment `at`."""
    return [
        Column("name", "Name", lambda row: row.name, "name", sort="name", is_fixed=True),
        Column("state", "State", lambda row: state_of(row, at=at), "badge", is_fixed=True),
        Column("prefix", "Begins with", lambda row: row.prefix, "code"),
        Column("scopes", "Opens", lambda row: [(scope, "") for scope in row.scopes], "badges"),
        Column("used", "Last used", lambda row: row.last_used_at, "moment"),
        Column("expires", "Expires", lambda row: row.expires_at, "moment"),
        Column("by", "Made by", lambda row: str(row.created_by or "–")),
        Column("created", "Made", lambda row: row.created_at, "moment", sort="created", is_usual=False),
    ]
