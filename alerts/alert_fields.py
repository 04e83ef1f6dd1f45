"""What staff filter on of alerts: those of an account, and so of whoever holds it."""

from alerts.models import Alert
from segments.catalog.field import ALL, Field, Scope, by_key, column, in_small

FIELDS = [
    ALL,
    Field(
        "campaign",
        "Campaign",
        "text",
        column("campaign__name"),
        help="Its name, such as Low balance.",
        example="Low balance",
    ),
    Field(
        "state",
        "State",
        "choice",
        column("state"),
        choices=in_small(Alert.State),
        help="Open ones are firing, recovering or snoozed.",
    ),
    Field("fired_at", "Fired", "datetime", column("fired_at"), help="When the crossing became known."),
]
ALERTS = Scope(
    "alerts",
    "Alerts",
    by_key(FIELDS),
    "",
    {},
    lambda organization: organization.alerts.all(),
    "account_id",
)
LEADING = Field("alerts", "Alerts", "related", scope="alerts", help="Of accounts held in any role.")
