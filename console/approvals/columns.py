"""The columns of the list of approvals."""

from console.columns import Column
from console.organizations.kinds import KINDS

ORDERS = {"asked": ("requested_at", "id")}
TONES = {"waiting": "warn", "approved": "good", "rejected": "bad", "void": "", "expired": ""}

COLUMNS = [
    Column("title", "Asked for", lambda row: row.title, "name", is_fixed=True),
    Column("kind", "Kind", lambda row: KINDS[row.kind].label),
    Column("maker", "By", lambda row: row.maker),
    Column("asked", "Asked", lambda row: row.requested_at, "moment", sort="asked"),
    Column("audience", "Reaches", lambda row: row.audience, "number"),
    Column("state", "State", lambda row: (row.get_state_display(), TONES[row.state]), "badge"),
    Column("needed", "Approvers needed", lambda row: row.needed, "number", is_usual=False),
    Column("expires", "Expires", lambda row: row.expires_at if row.state == "waiting" else None, "moment"),
]
