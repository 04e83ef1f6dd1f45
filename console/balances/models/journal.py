"""The journal: entries that move money between accounts of a ledger, and their lines."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from console.balances.models.columns import money, total
from console.balances.models.pockets import DEFAULT
from console.ledgers.models import Ledger
from console.organizations.fields import metadata_index, uuid_key
from console.organizations.models import Organization
from console.portfolios.models import Account

DEBITS = ("DEBIT", "ON_HOLD", "RELEASE")


class JournalEntry(models.Model):
    """Money that moves between accounts of one ledger in one asset: what leaves some is what others get.

    A pending one holds the money at its sources until somebody commits or cancels it. A noted one moves nothing. Its
    money never changes; a mistake is reverted by an entry the other way round.
    """

    class Status(models.TextChoices):
        PENDING = "PENDING", "Pending"
        APPROVED = "APPROVED", "Posted"
        CANCELED = "CANCELED", "Cancelled"
        NOTED = "NOTED", "Noted"

    id = uuid_key()
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="journal_entries", db_index=False
    )
    ledger = models.ForeignKey(Ledger, models.PROTECT, related_name="journal_entries", db_index=False)
    status = models.CharField(max_length=10, choices=Status)
    asset_code = models.CharField(max_length=100)
    amount = money(help_text="What leaves all sources together, and all destinations get.")
    description = models.CharField(max_length=256, blank=True)
    code = models.CharField(max_length=100, blank=True)
    chart_of_accounts = models.CharField(max_length=256, blank=True)
    route = models.CharField(max_length=250, blank=True)
    metadata = models.JSONField(default=dict, blank=True)
    recipients = models.JSONField(
        default=list, blank=True, help_text="Who gets what when a pending one is committed."
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="reverts", db_index=False
    )
    created_at = models.DateTimeField(help_text="When it happened, which may be before it was told.")
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = "journal entry"
        verbose_name_plural = "journal entries"
        constraints = [
            models.UniqueConstraint(
                fields=["parent"], condition=Q(parent__isnull=False), name="entry_reverted_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="entry_moves_something"),
            models.CheckConstraint(
                condition=Q(status__in=["PENDING", "APPROVED", "CANCELED", "NOTED"]),
                name="entry_status_known",
            ),
        ]
        indexes = [
            models.Index(fields=["ledger", "id"], name="entry_of_ledger"),
            metadata_index("entry_metadata"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.asset_code}, {self.get_status_display().lower()}"


class JournalLine(models.Model):
    """One account's side of an entry: a debit, a credit, or money held and released.

    Debits and credits of customers' accounts in a posted entry have an item each, which is what balances follow from.
    Those of an asset's external account have none: what is there is what all customers' accounts have, with the other
    sign. `before` and `after` say how the balance stood when the line was written, null for external accounts.
    """

    class Kind(models.TextChoices):
        DEBIT = "DEBIT", "Debit"
        CREDIT = "CREDIT", "Credit"
        ON_HOLD = "ON_HOLD", "Hold"
        RELEASE = "RELEASE", "Release"

    id = uuid_key()
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="journal_lines", db_index=False
    )
    entry = models.ForeignKey(JournalEntry, models.PROTECT, related_name="lines", db_index=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="journal_lines", db_index=False)
    key = models.CharField(max_length=100, default=DEFAULT, help_text="Which balance of the account.")
    kind = models.CharField(max_length=7, choices=Kind)
    amount = money(help_text="Never negative; the kind says which way. In the entry's asset.")
    available_before = total(null=True)
    on_hold_before = total(null=True)
    available_after = total(null=True)
    on_hold_after = total(null=True)
    version_before = models.BigIntegerField(null=True)
    description = models.CharField(max_length=256, blank=True)
    chart_of_accounts = models.CharField(max_length=256, blank=True)
    route = models.CharField(max_length=250, blank=True)
    metadata = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = "line of the journal"
        verbose_name_plural = "lines of the journal"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="line_amount_not_negative"),
            models.CheckConstraint(
                condition=Q(kind__in=["DEBIT", "CREDIT", "ON_HOLD", "RELEASE"]), name="line_kind_known"
            ),
        ]
        indexes = [
            models.Index(F("entry"), F("id"), name="line_of_entry"),
            models.Index(F("account"), F("id"), name="line_of_account"),
            metadata_index("line_metadata"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"

    @property
    def is_source(self) -> bool:
        """Whether the money is the account's own, not what it gets."""
        return self.kind in DEBITS
