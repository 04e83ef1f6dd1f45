"""One change to many accounts: what was asked for, the accounts it was asked for, and how far it came."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import F, Q

from console.holding import NotPossible
from console.ledgers.models import Ledger
from console.organizations.fields import uuid_key
from console.organizations.models import Organization, Staff
from console.portfolios.models import Account, Portfolio
from segments.models.segments import Segment

SILENT_FOR = timedelta(seconds=30)
FORGOTTEN_AFTER = timedelta(days=7)
CAN = {
    "start": ("draft",),
    "cancel": ("draft", "queued", "running"),
    "resume": ("failed", "cancelled"),
}
TITLES = {
    "carry": "Assign {target} to {accounts}",
    "drop": "Take the segment off {accounts}",
    "move": "Move {accounts} to {target}",
    "take_out": "Take {accounts} out of their portfolio",
    "block": "Block {accounts}",
    "unblock": "Unblock {accounts}",
    "empty": "Take {accounts} out of {target} and delete it",
    "archive": "Take {target} off {accounts} and archive it",
    "delete": "Take {target} off {accounts} and delete it",
}
# Which of them are about a segment, which about a portfolio; the others need neither.
OF_SEGMENT, OF_PORTFOLIO = ("carry", "archive", "delete"), ("move", "empty")
# Asked for where the segment or portfolio goes by them, not in the list of accounts.
ENDING = ("empty", "archive", "delete")
UNAIMED = Q(state__in=["draft", "cancelled"])


class BulkRunQuerySet(models.QuerySet["BulkRun"]):
    """Many runs."""

    def silent(self, *, at: datetime) -> "BulkRunQuerySet":
        """Those that should move and have not for a while: their worker died, or the wake-up was lost."""
        return self.filter(state__in=("queued", "running"), heartbeat_at__lt=at - SILENT_FOR)

    def forget(self, *, at: datetime) -> int:
        """Give up what nobody started or went on with for a week: the list of accounts goes. How many."""
        old = self.filter(state__in=("draft", "failed", "cancelled"), heartbeat_at__lt=at - FORGOTTEN_AFTER)
        old = old.filter(is_forgotten=False)
        BulkItem.objects.filter(run__in=old.values("pk"), refusal="").delete()
        return old.update(is_forgotten=True, state=BulkRun.State.CANCELLED)


class BulkRun(models.Model):
    """Something to be done to many accounts. Each of them is counted once: changed, unchanged or refused.

    The accounts are BulkItems, chosen when it was asked for: what it does never changes whom it is done to.
    """

    class Action(models.TextChoices):
        CARRY = "carry", "Assign segment"
        DROP = "drop", "Take segment off"
        MOVE = "move", "Move to portfolio"
        TAKE_OUT = "take_out", "Take out of portfolio"
        BLOCK = "block", "Block"
        UNBLOCK = "unblock", "Unblock"
        EMPTY = "empty", "Delete portfolio"
        ARCHIVE = "archive", "Archive segment"
        DELETE = "delete", "Delete segment"

    class State(models.TextChoices):
        DRAFT = "draft", "Not started"
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    id = uuid_key()
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="bulk_runs", db_index=False)
    action = models.CharField(max_length=8, choices=Action)
    segment = models.ForeignKey(Segment, models.PROTECT, null=True, related_name="+", db_index=False)
    portfolio = models.ForeignKey(Portfolio, models.PROTECT, null=True, related_name="+", db_index=False)
    chosen = models.TextField(blank=True, help_text="How the accounts were chosen, in words.")
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    requested_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+", db_index=False)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField()
    place = models.UUIDField(null=True, help_text="The last account that is done with.")
    total = models.PositiveIntegerField()
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    outcome = models.TextField(blank=True, help_text="What came of it, for the audit trail.")
    error = models.TextField(blank=True)
    is_forgotten = models.BooleanField(default=False)

    objects = BulkRunQuerySet.as_manager()

    class Meta:
        verbose_name = "change of many accounts"
        indexes = [
            models.Index(fields=["organization", "created_at", "id"], name="bulk_run_by_time"),
            models.Index(
                fields=["heartbeat_at"], condition=Q(state__in=["queued", "running"]), name="bulk_run_live"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(total__gte=F("changed") + F("unchanged") + F("refused")), name="bulk_run_adds_up"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(total=F("changed") + F("unchanged") + F("refused")),
                name="bulk_run_done_with_all",
            ),
            models.CheckConstraint(
                condition=UNAIMED | ~Q(action__in=OF_SEGMENT) | Q(segment__isnull=False),
                name="bulk_run_has_segment",
            ),
            models.CheckConstraint(
                condition=UNAIMED | ~Q(action__in=OF_PORTFOLIO) | Q(portfolio__isnull=False),
                name="bulk_run_has_portfolio",
            ),
        ]

    def __str__(self) -> str:
        accounts = f"{self.total:,} account{'s' * (self.total != 1)}"
        what = "a segment" if self.action == self.Action.CARRY else "a portfolio"
        return TITLES[self.action].format(
            accounts=accounts, target=f"“{self.target}”" if self.target else what
        )

    def get_absolute_url(self) -> str:
        return self.organization.url("bulk:run_detail", self.pk)

    @property
    def target(self) -> Segment | Portfolio | None:
        """What the accounts shall carry or be in."""
        return self.segment or self.portfolio

    @property
    def ledger(self) -> Ledger | None:
        """The ledger whose accounts alone the target takes; None where it takes those of every ledger."""
        return self.target.ledger if self.target else None

    @property
    def needs(self) -> str:
        """What has to be chosen before it can start: "segment", "portfolio" or nothing."""
        return "segment" if self.action in OF_SEGMENT else "portfolio" if self.action in OF_PORTFOLIO else ""

    @property
    def done(self) -> int:
        return self.changed + self.unchanged + self.refused

    @property
    def is_live(self) -> bool:
        return self.state in ("queued", "running")

    def can(self, action: str) -> bool:
        """Whether start, cancel or resume is possible now."""
        is_aimless = action == "resume" and self.needs and self.target is None
        return self.state in CAN[action] and not self.is_forgotten and not is_aimless

    def start(self, target: Segment | Portfolio | None, *, by: Staff | None, at: datetime) -> None:
        """Put it into the queue. Raises NotPossible."""
        if self.needs and target is None:
            raise NotPossible(f"No {self.needs} was chosen. Choose one first.")
        given = {self.needs: target} if self.needs else {}
        self._move("queued", only=CAN["start"], requested_by=by, heartbeat_at=at, **given)

    def resume(self, *, at: datetime) -> None:
        """Take it up where the last batch ended. Raises NotPossible.

        One that was left before anybody said where accounts should go would take them out of where they are.
        """
        if self.needs and self.target is None:
            raise NotPossible(f"No {self.needs} was chosen. Choose the accounts again.")
        self._move("queued", only=CAN["resume"], error="", outcome="", finished_at=None, heartbeat_at=at)

    def cancel(self, *, at: datetime) -> None:
        """Stop after the batches that are in: they stay. Raises NotPossible."""
        self._move("cancelled", only=CAN["cancel"], finished_at=at, heartbeat_at=at)

    def begin(self, *, at: datetime) -> None:
        """A worker takes it. Raises NotPossible."""
        self._move("running", only=("queued", "running"), started_at=self.started_at or at, heartbeat_at=at)

    def advance(self, *, at: datetime, place: Any, changed: int, unchanged: int, refused: int) -> None:
        """Count a batch, in its own transaction. Raises NotPossible when it was cancelled meanwhile."""
        running = BulkRun.objects.filter(pk=self.pk, state="running")
        counts = {"changed": changed, "unchanged": unchanged, "refused": refused}
        grown = {name: F(name) + number for name, number in counts.items()}
        if not running.update(place=place, heartbeat_at=at, **grown):
            raise NotPossible(f"{self} was stopped.")
        self.place = place

    @transaction.atomic
    def finish(self, *, at: datetime) -> None:
        """Every account is done with. Raises NotPossible."""
        self._move("done", only=("running",), finished_at=at)
        self.items.filter(refusal="").delete()

    def fail(self, error: str, *, at: datetime) -> None:
        """It can't go on; `error` tells staff why. What is done stays."""
        self._move("failed", only=("queued", "running"), finished_at=at, heartbeat_at=at, error=error)

    @transaction.atomic
    def _move(self, to: str, *, only: tuple[str, ...], **fields: Any) -> None:
        """One transition, only from these states; the audit trail has it with what came of it so far."""
        self.refresh_from_db(from_queryset=BulkRun.objects.select_for_update())
        if self.state not in only or self.is_forgotten:
            raise NotPossible(f"It is {self.get_state_display().lower()} now.")
        self.state = to
        for name, value in fields.items():
            setattr(self, name, value)
        if to in ("done", "failed", "cancelled"):
            fields["outcome"] = self.outcome = (
                f"{self.changed:,} changed, {self.unchanged:,} unchanged, {self.refused:,} refused"
            )
        self.save(update_fields=["state", *fields])


class BulkItem(models.Model):
    """An account that was chosen. Those that were refused stay, with the reason; the others go when all are done."""

    class Refusal(models.TextChoices):
        DELETED = "deleted", "It was deleted meanwhile."
        LEDGER = "ledger", "It is in another ledger."

    pk = models.CompositePrimaryKey("run", "account")
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    run = models.ForeignKey(
        BulkRun, models.CASCADE, related_name="items", db_index=False, db_constraint=False
    )
    account = models.ForeignKey(
        Account, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    refusal = models.CharField(max_length=7, choices=Refusal, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["run", "account"], condition=~Q(refusal=""), name="bulk_item_refused")
        ]

    def __str__(self) -> str:
        return f"{self.account_id} of {self.run_id}"
