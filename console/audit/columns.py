"""The columns of the audit trail, on the page and in its file."""

import json
from collections.abc import Sequence

from console.audit.words import kind_of, thing, what, who
from console.columns import Column
from console.organizations.models import Staff

ORDERS = {"at": ("at", "id")}
TONES = {"created": "good", "changed": "info", "deleted": "bad"}


def event_columns(reader: Staff) -> Sequence[Column]:
    """The columns of the list; things are linked where the reader may go."""
    return [
        Column("at", "When", lambda row: row.at, "moment", sort="at", is_fixed=True),
        Column("who", "Who", who, is_fixed=True),
        Column("what", "What", what, "name", is_fixed=True),
        Column("thing", "Where", lambda row: [thing(row, reader)], "links"),
        Column("from", "From", lambda row: row.address or None),
        Column("kind", "Kind", lambda row: kind_of(row.model).capitalize(), is_usual=False),
        Column("request", "Request", lambda row: row.request or "–", "code", is_usual=False),
        Column("number", "Number in the chain", lambda row: row.seq, is_usual=False),
    ]


FILE = [
    Column("number", "number", lambda row: row.seq),
    Column("id", "id", lambda row: row.pk),
    Column("at", "at", lambda row: row.at),
    Column("who", "who", who),
    Column("user", "user", lambda row: row.user_id),
    Column("key", "key", lambda row: row.key_id),
    Column("task", "task", lambda row: row.task),
    Column("address", "address", lambda row: row.address),
    Column("request", "request", lambda row: row.request),
    Column("action", "action", lambda row: row.action),
    Column("model", "model", lambda row: row.model),
    Column("object", "object", lambda row: row.object_id),
    Column("name", "name", lambda row: row.name),
    Column("changes", "changes", lambda row: json.dumps(row.changes, ensure_ascii=False, sort_keys=True)),
    Column("link", "link", lambda row: bytes(row.mac).hex() if row.mac else None),
]
