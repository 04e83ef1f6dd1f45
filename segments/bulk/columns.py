"""The columns and filters of the list of changes of many accounts."""

from django_filters import ChoiceFilter

from console.columns import Column, Figure
from console.filters import ListFilters
from segments.bulk.words import badge
from segments.models import BulkRun

ORDERS = {"created": ("created_at", "id")}


class BulkFilters(ListFilters):
    """What was done, and how it stands."""

    action = ChoiceFilter(choices=BulkRun.Action.choices, label="Change", empty_label="Any change")
    state = ChoiceFilter(choices=BulkRun.State.choices, label="State", empty_label="Any state")


COLUMNS = [
    Column("name", "Change", str, "name", is_fixed=True),
    Column("state", "State", badge, "badge"),
    Column("accounts", "Accounts", lambda run: Figure(run.total, "exact"), "figure"),
    Column("changed", "Changed", lambda run: Figure(run.changed), "figure"),
    Column("unchanged", "Unchanged", lambda run: Figure(run.unchanged), "figure", is_usual=False),
    Column("refused", "Refused", lambda run: Figure(run.refused, is_bad=run.refused > 0), "figure"),
    Column("by", "By", lambda run: run.requested_by),
    Column("created", "Asked for", lambda run: run.created_at, "moment", sort="created"),
    Column("finished", "Finished", lambda run: run.finished_at, "moment"),
]
