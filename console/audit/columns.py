"""The columns of the audit trail, on the page and in its file."""

import json
from collections.abc import Sequence
from typing import Any

from console.audit.acts import Act
from console.audit.fields import Names
from console.audit.words import thing, title_of, what, who
from console.columns import Column
from console.organizations.models import AuditEvent, Staff

ORDERS = {"at": ("at", "id")}
TONES = {"created": "good", "changed": "info", "deleted": "bad"}


def act_columns(reader: Staff, names: Names) -> Sequence[Column]:
    """The columns of the list, a row an act; things are linked where the reader may go."""

    def link(event: AuditEvent) -> tuple[str, str]:
        return what(event, names), event.get_absolute_url()

    def of_lead(value: Any) -> Any:
        return lambda act: value(act.lead)

    def story(act: Act) -> Any:
        return (*link(act.lead), [link(other) for other in act.others])

    return [
        Column("at", "When", of_lead(lambda event: event.at), "moment", sort="at", is_fixed=True),
        Column("who", "Who", of_lead(who), is_fixed=True),
        Column("what", "What", story, "told", is_fixed=True),
        Column("thing", "Where", of_lead(lambda event: [thing(event, reader, names)]), "links"),
        Column("from", "From", of_lead(lambda event: event.address or None)),
        Column("kind", "Kind", of_lead(lambda event: title_of(event.model)), is_usual=False),
        Column("request", "Request", of_lead(lambda event: event.request or "–"), "code", is_usual=False),
        Column("number", "Number in the chain", of_lead(lambda event: event.seq), is_usual=False),
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
