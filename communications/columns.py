"""The columns of the lists of messages, communications, templates and endpoints."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from communications.models import Message
from console.columns import Column
from console.customers.masking import Sight

TONES = {
    "queued": "info",
    "sending": "info",
    "sent": "good",
    "failed": "bad",
    "uncertain": "warn",
    "dead": "bad",
    "draft": "draft",
    "active": "good",
    "paused": "warn",
}
NEWEST = {"created": ("id",)}
BY_NAME = {"name": ("name", "id"), "created": ("id",)}


def what_happened(message: Message, sight: Sight) -> str:
    """Why it stands where it stands, in words; an answer may quote the address."""
    if message.state == Message.State.SUPPRESSED:
        return message.get_held_back_display()
    return sight.text(message.note) or ("waits for its turn" if message.state == Message.State.QUEUED else "")


def state_badge(row: Any) -> tuple[str, str]:
    """The state of a message or a communication as a badge."""
    return row.get_state_display(), TONES.get(row.state, "")


def message_columns(zone: ZoneInfo, sight: Sight) -> Sequence[Column]:
    """The columns of the message log; times in `zone`, customers as `sight` shows them."""

    def at(row: Message) -> str:
        return f"{row.created_at.astimezone(zone):%-d %b %Y, %H:%M:%S}"

    return [
        Column("at", "Planned", at, "name", sort="created", is_fixed=True),
        Column("customer", "Customer", lambda row: _customer(row, sight), "links"),
        Column("configuration", "Communication", _configuration, "links"),
        Column("channel", "Channel", lambda row: row.get_channel_display(), is_usual=False),
        Column("state", "State", state_badge, "badge", is_fixed=True),
        Column("what", "What happened", lambda row: what_happened(row, sight)),
        Column("tries", "Tries", lambda row: row.tries, "number"),
        Column("sent", "Sent", lambda row: row.sent_at, "moment", is_usual=False),
    ]


def _customer(row: Message, sight: Sight) -> list[tuple[str, str]]:
    if row.customer is None:
        return [("" if row.event else "Erased", "")]
    return [(sight.name(row.customer), row.organization.url("customers:customer_detail", row.customer_id))]


def _configuration(row: Message) -> list[tuple[str, str]]:
    if row.configuration is None:
        return [(row.event, "")]
    return [(row.configuration.name, row.configuration.get_absolute_url())]


def _version(row: Any) -> str:
    return f"version {row.version.number}" if row.version else "–"


CONFIGURATION_COLUMNS = [
    Column("name", "Name", str, "name", sort="name", is_fixed=True),
    Column("state", "State", state_badge, "badge"),
    Column("channel", "Channel", lambda row: row.version.get_channel_display() if row.version else ""),
    Column("purpose", "What for", lambda row: row.version.get_purpose_display() if row.version else ""),
    Column("segment", "Segment", lambda row: _link(row.version.segment) if row.version else [], "links"),
    Column(
        "says",
        "Says",
        lambda row: _link(row.version.template or row.version.endpoint) if row.version else [],
        "links",
    ),
    Column("last", "Last sent", lambda row: row.last_sent_at, "moment"),
    Column("created", "Made", lambda row: row.created_at, "moment", sort="created", is_usual=False),
]
TEMPLATE_COLUMNS = [
    Column("name", "Name", str, "name", sort="name", is_fixed=True),
    Column("subject", "Subject", lambda row: row.version.subject if row.version else ""),
    Column("version", "Version", _version),
    Column("saved", "Saved", lambda row: row.version.created_at if row.version else None, "moment"),
    Column("by", "By", lambda row: str(row.version.created_by or "–") if row.version else "–"),
    Column("uses", "Used by", lambda row: row.uses, "number"),
]
ENDPOINT_COLUMNS = [
    Column("name", "Name", str, "name", sort="name", is_fixed=True),
    Column(
        "state", "State", lambda row: ("Enabled", "good") if row.is_enabled else ("Disabled", "bad"), "badge"
    ),
    Column("url", "Address", lambda row: row.url, "code"),
    Column("failing", "Failing since", lambda row: row.failing_since, "moment"),
    Column("why", "Why disabled", lambda row: row.disabled_reason),
]


def _link(row: Any) -> list[tuple[str, str]]:
    return [(str(row), row.get_absolute_url())]
