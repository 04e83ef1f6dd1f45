"""Runs of imports: which file, how its columns are read, how far it came, what became of its rows."""

from datetime import datetime, timedelta
from typing import Any, BinaryIO, ClassVar
from uuid import uuid4

from django.core.files import File
from django.db import models, transaction
from django.db.models import F, Q

from console.customers.masking import looks_personal
from console.customers.models import Attribute
from console.holding import NotPossible
from console.imports.kinds import KINDS
from console.imports.mapping import guess
from console.imports.models.seen import SeenKey
from console.imports.sniffing import DELIMITERS, ENCODINGS, Found, look
from console.ledgers.models import Ledger
from console.organizations.fields import uuid_key
from console.organizations.models import Organization, Staff

SILENT_FOR = timedelta(seconds=30)
CAN = {
    "start": ("draft",),
    "resume": ("failed", "cancelled"),
    "cancel": ("draft", "queued", "running"),
    "repeat": ("done",),
}


class Stopped(Exception):
    """The run was cancelled while a batch was under way; the batch is undone."""


def stored_name(run: "ImportRun", name: str) -> str:
    """Where the file is kept: under a name of our own, never the sender's."""
    return f"imports/{run.organization_id}/{uuid4().hex}.csv"


class ImportRuns(models.Manager["ImportRun"]):
    """Reached as `organization.import_runs`."""

    def receive(
        self,
        file: BinaryIO,
        name: str,
        found: Found,
        *,
        kind: str,
        by: Staff | None,
        at: datetime,
        ledger_name: str = "",
    ) -> "ImportRun":
        """Keep a copy of `file` as a draft, with what was `found` in it and a guess for each column."""
        file.seek(0)
        run = self.create(
            kind=kind,
            ledger_name=ledger_name,
            name=name[:255],
            file=File(file, name=name),
            requested_by=by,
            created_at=at,
            **_kept(found, kind),
        )
        run.note("draft", by=by, at=at)
        return run

    def unfinished(self, found: Found, **same: Any) -> "ImportRun | None":
        """The latest run of the same file, read in the same way, that did not come to its end."""
        live = self.filter(
            state__in=("queued", "running", "failed", "cancelled"), digest=found.digest, **same
        )
        return live.filter(encoding=found.encoding, delimiter=found.delimiter).order_by("-created_at").first()

    def silent(self, *, at: datetime) -> "models.QuerySet[ImportRun]":
        """Runs that should move and have not for a while: their worker died, or the wake-up was lost."""
        return self.filter(state__in=("queued", "running"), heartbeat_at__lt=at - SILENT_FOR)


def _kept(found: Found, kind: str) -> dict[str, Any]:
    return {
        "encoding": found.encoding,
        "delimiter": found.delimiter,
        "header": found.header,
        "size": found.size,
        "line_count": found.lines,
        "digest": found.digest,
        "mapping": guess(KINDS[kind], found.header),
    }


class ImportRun(models.Model):
    """One file on its way in. Every row of it is counted once: new, updated, unchanged or rejected."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    id = uuid_key()
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="import_runs")
    kind = models.CharField(max_length=16, choices=[(kind.key, kind.label) for kind in KINDS.values()])
    ledger_name = models.CharField(max_length=256, blank=True)
    ledger = models.ForeignKey(Ledger, models.PROTECT, null=True, related_name="import_runs")
    file = models.FileField(upload_to=stored_name, max_length=200)
    name = models.CharField(max_length=255, help_text="What the sender called the file.")
    size = models.PositiveBigIntegerField()
    line_count = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file.")
    encoding = models.CharField(max_length=20, choices=list(ENCODINGS.items()))
    delimiter = models.CharField(max_length=1, choices=list(DELIMITERS.items()))
    header = models.JSONField(default=list)
    mapping = models.JSONField(default=dict, help_text="Column to field; an empty field skips the column.")
    is_dry_run = models.BooleanField(default=False, help_text="Everything is checked, nothing is written.")
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    requested_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    byte = models.PositiveBigIntegerField(default=0, help_text="Where reading goes on.")
    line = models.PositiveBigIntegerField(default=1)
    rows = models.PositiveBigIntegerField(default=0)
    new = models.PositiveBigIntegerField(default=0)
    updated = models.PositiveBigIntegerField(default=0)
    unchanged = models.PositiveBigIntegerField(default=0)
    rejected = models.PositiveBigIntegerField(default=0)
    error = models.TextField(blank=True)

    objects: ClassVar[ImportRuns] = ImportRuns()

    class Meta:
        indexes = [
            models.Index(fields=["organization", "created_at", "id"], name="import_run_by_time"),
            models.Index(
                fields=["heartbeat_at"], condition=Q(state__in=["queued", "running"]), name="import_run_live"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(rows=F("new") + F("updated") + F("unchanged") + F("rejected")),
                name="import_rows_add_up",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "queued", "running", "done", "failed", "cancelled"]),
                name="import_state_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return self.organization.url("imports:run_detail", self.pk)

    @property
    def accepted(self) -> int:
        """Rows that stand in the books now: new, updated and unchanged."""
        return self.new + self.updated + self.unchanged

    @property
    def is_live(self) -> bool:
        return self.state in ("queued", "running")

    def can(self, action: str) -> bool:
        """Whether start, resume, cancel or repeat is possible now."""
        return self.state in CAN[action] and not (action == "repeat" and not self.is_dry_run)

    @transaction.atomic
    def look_again(self, *, encoding: str, delimiter: str) -> None:
        """Read the header anew by another encoding or delimiter, and guess again. Raises NotCsv, NotPossible."""
        self._demand("start")
        with self.file.open("rb") as file:
            found = look(file.file, encoding, delimiter)
        kept = _kept(found, self.kind)
        for name, value in kept.items():
            setattr(self, name, value)
        self.save(update_fields=kept)

    @transaction.atomic
    def start(self, *, by: Staff | None, at: datetime, is_dry_run: bool = False) -> None:
        """Put a draft into the queue. Raises NotPossible."""
        self._demand("start")
        self._move("queued", by=by, at=at, is_dry_run=is_dry_run, heartbeat_at=at)

    @transaction.atomic
    def resume(self, *, by: Staff | None, at: datetime) -> None:
        """Take up a failed or cancelled run where its last batch ended. Raises NotPossible."""
        self._demand("resume")
        self._move("queued", by=by, at=at, error="", finished_at=None, heartbeat_at=at)

    @transaction.atomic
    def cancel(self, *, by: Staff | None, at: datetime) -> None:
        """Stop after the batches that are in: they stay. Raises NotPossible."""
        self._demand("cancel")
        self._move("cancelled", by=by, at=at, finished_at=at)

    @transaction.atomic
    def repeat(self, *, by: Staff | None, at: datetime) -> "ImportRun":
        """Import for real what a dry run checked: a new run of the same file. Raises NotPossible."""
        self._demand("repeat")
        same = ("organization", "kind", "ledger_name", "name", "size", "line_count", "digest")
        read = ("encoding", "delimiter", "header", "mapping")
        values = {name: getattr(self, name) for name in same + read}
        run = ImportRun.objects.create(requested_by=by, created_at=at, file=self.file.name, **values)
        run.start(by=by, at=at)
        return run

    @transaction.atomic
    def begin(self, *, at: datetime) -> None:
        """A worker takes the run. Raises Stopped when it is not queued or running any more."""
        moved = type(self).objects.filter(pk=self.pk, state__in=("queued", "running"))
        if not moved.update(heartbeat_at=at, started_at=self.started_at or at):
            raise Stopped
        self.refresh_from_db()
        if self.state == "queued":
            self._move("running", by=None, at=at)

    def advance(self, counts: dict[str, int], *, byte: int, line: int, at: datetime) -> None:
        """Count a batch, in its own transaction. Raises Stopped when the run was cancelled meanwhile."""
        grown: dict[str, Any] = {name: F(name) + number for name, number in counts.items()}
        place = {"byte": byte, "line": line, "heartbeat_at": at}
        if not type(self).objects.filter(pk=self.pk, state="running").update(**grown, **place):
            raise Stopped

    @transaction.atomic
    def finish(self, *, at: datetime) -> None:
        """The file is read to its end. Raises Stopped when the run was cancelled."""
        if self.rejected_rows.count() != type(self).objects.values_list("rejected", flat=True).get(
            pk=self.pk
        ):
            raise AssertionError("The rejected rows kept are not as many as the rejected rows counted.")
        self._move("done", by=None, at=at, finished_at=at)
        SeenKey.objects.filter(run_id=self.pk).delete()
        if not self.is_dry_run:
            self._declare_keys()

    @transaction.atomic
    def fail(self, error: str, *, at: datetime) -> None:
        """Something beyond the rows went wrong; `error` tells staff what. What is in stays."""
        self._move("failed", by=None, at=at, finished_at=at, error=error)

    def _declare_keys(self) -> None:
        """What the file brought as custom data or metadata and nobody declared is text: staff find it as a field."""
        if self.kind not in Attribute.Entity.values:
            return
        start = f"{KINDS[self.kind].extra}."
        keys = [target.removeprefix(start) for target in self.mapping.values() if target.startswith(start)]
        declared = (
            Attribute(
                organization=self.organization,
                entity=self.kind,
                key=key,
                type="text",
                is_personal=looks_personal(key),
            )
            for key in keys
        )
        Attribute.objects.bulk_create(declared, ignore_conflicts=True)

    def note(self, state: str, *, by: Staff | None, at: datetime) -> None:
        """Write down a transition: who (None: the machine) and when."""
        self.events.create(state=state, by=by, at=at)

    def _demand(self, action: str) -> None:
        """Lock the run and raise NotPossible unless its state allows the action."""
        self.refresh_from_db(fields=["state"], from_queryset=type(self).objects.select_for_update())
        if not self.can(action):
            raise NotPossible(f"This import is {self.get_state_display().lower()} now.")

    def _move(self, state: str, *, by: Staff | None, at: datetime, **fields: Any) -> None:
        """One transition, only from the state that was read. Raises Stopped when somebody was faster."""
        was, self.state = self.state, state
        for name, value in fields.items():
            setattr(self, name, value)
        if not type(self).objects.filter(pk=self.pk, state=was).update(state=state, **fields):
            raise Stopped
        self.note(state, by=by, at=at)
