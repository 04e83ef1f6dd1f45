"""The columns of the campaigns list."""

from typing import Any

from alerts.words import CAMPAIGN_TONES
from console.columns import Column, Figure

ORDERS = {"name": ("name", "id"), "created": ("created_at", "id")}


def _segment(row: Any) -> list[tuple[str, str]]:
    return [(str(row.segment), row.organization.url("segments:segment_detail", row.segment_id))]


def _currency(row: Any) -> str:
    return str(row.trigger.currency)


def _open(row: Any) -> Figure:
    """Open alerts, with the inbox of them where there are any."""
    inbox = f"{row.organization.url('alerts:alert_list')}?state=open&campaign={row.pk}"
    return Figure(row.open_alerts, url=inbox if row.open_alerts else "")


COLUMNS = [
    Column("name", "Name", str, "name", sort="name", is_fixed=True),
    Column("state", "State", lambda row: (row.get_state_display(), CAMPAIGN_TONES[row.state]), "badge"),
    Column("segment", "Accounts of", _segment, "links"),
    Column("fires", "Fires when", lambda row: row.trigger.get_kind_display()),
    Column("threshold", "Below", lambda row: row.trigger.threshold, "money", currency=_currency),
    Column("clear_at", "Clears at", lambda row: row.trigger.clear_at, "money", currency=_currency),
    Column("currency", "Currency", _currency),
    Column("open", "Open alerts", _open, "figure"),
    Column("priority", "Priority", lambda row: row.priority, "number", is_usual=False),
    Column("created", "Drafted", lambda row: row.created_at, "moment", sort="created"),
]
