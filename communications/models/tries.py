"""What became of a message: each try to send it, and the copy that left."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Now

if TYPE_CHECKING:
    from communications.models.messages import Message


class RenderedCopy(models.Model):
    """What left, or would have: exactly, and where to. A later try sends the same copy again."""

    message = models.OneToOneField(
        "communications.Message", models.CASCADE, primary_key=True, related_name="copy"
    )
    address = models.CharField(max_length=2000)
    subject = models.TextField(blank=True)
    html = models.TextField(blank=True)
    text = models.TextField(help_text="The text part of an email, the body of a webhook.")
    rendered_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.subject or self.address

    @staticmethod
    def of(message: "Message") -> "RenderedCopy | None":
        """The copy of a message, None before its first try."""
        return getattr(message, "copy", None)


class Attempt(models.Model):
    """One try to send a message. While `outcome` is empty it is under way."""

    class Outcome(models.TextChoices):
        SENT = "sent", "Accepted"
        DEFERRED = "deferred", "Try again later"
        FAILED = "failed", "Refused"
        UNCERTAIN = "uncertain", "Stopped between send and record"
        UNRENDERED = "unrendered", "Could not be written"

    message = models.ForeignKey(
        "communications.Message", models.CASCADE, related_name="attempts", db_index=False
    )
    number = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    code = models.PositiveSmallIntegerField(null=True, help_text="The SMTP or HTTP status.")
    answer = models.TextField(blank=True, help_text="What the other side said, up to 1,000 characters.")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["message", "number"], name="attempt_once")]

    def __str__(self) -> str:
        return f"try {self.number}: {self.said}"

    @property
    def said(self) -> str:
        """The outcome in words."""
        return self.get_outcome_display() or "Under way"

    @property
    def took(self) -> str:
        """How long it lasted."""
        return f"{(self.finished_at - self.started_at).total_seconds():.1f} s" if self.finished_at else "–"

    @property
    def tone(self) -> str:
        """For components/badge.html."""
        return {
            "sent": "good",
            "deferred": "info",
            "failed": "bad",
            "unrendered": "bad",
            "uncertain": "warn",
        }.get(self.outcome, "")
