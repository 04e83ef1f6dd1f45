"""When an alert fires and when it ends: evaluation of the rules, set-based, over what accounts showed.

There is one way: what happened is noted as *figures* (a balance before and after, with its day), a statement for each
kind of rule picks those that concern it, and `walk.sql` judges them one after the other. Figures come from the queue of
movements that the posting of transactions writes (`drain.sql`), or from a look at all members when time or membership
may have changed something (`sweep.sql`). Everything of one batch commits together. Evaluating twice changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from alerts.models import Campaign, Trigger
from alerts.statements import run
from console.organizations.models import Organization

BATCH = 50_000
KINDS = (Trigger.Kind.LEDGER_BELOW,)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What an evaluation did: movements taken off the queue, campaigns whose members were looked at, alerts."""

    movements: int = 0
    campaigns: int = 0
    fired: int = 0
    cleared: int = 0
    voided: int = 0

    def __add__(self, other: "Evaluation") -> "Evaluation":
        return Evaluation(
            self.movements + other.movements,
            self.campaigns + other.campaigns,
            self.fired + other.fired,
            self.cleared + other.cleared,
            self.voided + other.voided,
        )


class Busy(Exception):
    """Another evaluation of this organization is under way; it, or the next tick, does the work."""


def evaluate(organization: Organization, *, at: datetime, batch: int = BATCH) -> Evaluation:
    """Judge everything that is due for the organization at the moment `at`. Raises Busy."""
    result = Evaluation()
    while True:
        part = _drain(organization, at, batch)
        result += part
        if part.movements < batch:
            return result + _sweep(organization, at)


def matching(campaign: Campaign, *, at: datetime) -> tuple[int, int]:
    """How many open accounts the campaign looks at, and how many of these are below its threshold on that local day."""
    trigger = campaign.trigger
    today = campaign.organization.local_date(at)
    rule = {"segment": campaign.segment_id, "threshold": trigger.threshold, "currency": trigger.currency}
    watched, below = run("matching", today=today, **rule)[0]
    return watched, below


@transaction.atomic
def _drain(organization: Organization, at: datetime, batch: int) -> Evaluation:
    values = _begin(organization, at)
    movements = run("drain", batch=batch, **values)[0][0]
    if not movements:
        return Evaluation()
    voided = run("void", **values)[0][0]
    fired, cleared = _judge(values)
    voided += run("void", **values)[0][0]  # what fired and was corrected in the same batch
    return Evaluation(movements=movements, fired=fired, cleared=cleared, voided=voided)


@transaction.atomic
def _sweep(organization: Organization, at: datetime) -> Evaluation:
    values = _begin(organization, at)
    run("wake", **values)
    due = run("due", **values)
    if not due:
        return Evaluation()
    campaigns = [pk for pk, _ in due]
    run("left", campaigns=campaigns, **values)
    run("sweep", campaigns=campaigns, **values)
    fired, cleared = _judge(values)
    for campaign, members_as_of in due:
        run("swept", campaign=campaign, members_as_of=members_as_of, **values)
    return Evaluation(campaigns=len(due), fired=fired, cleared=cleared)


def _begin(organization: Organization, at: datetime) -> dict[str, object]:
    """Take the organization's turn to evaluate (until commit), and an empty table of figures. Raises Busy."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtext('alerts'), hashtext(%s))", [str(organization.pk)]
        )
        if not cursor.fetchone()[0]:
            raise Busy(f"Alerts of {organization} are being evaluated already.")
    run("figures")
    return {"organization": organization.pk, "at": at, "today": organization.local_date(at)}


def _judge(values: dict[str, object]) -> tuple[int, int]:
    """Let every kind of rule pick its figures, then walk through all of them. Counts fired and cleared."""
    _analyze("alerts_figure")
    run("entries", **values)
    _analyze("alerts_entry")
    for kind in KINDS:
        run(kind, **values)
    _analyze("alerts_step")
    fired, cleared = run("walk", **values)[0]
    return fired, cleared


def _analyze(table: str) -> None:
    """Let the planner know how much was noted: ten or fifty thousand rows want different plans."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {table}")
