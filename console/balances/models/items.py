"""What happened on accounts: items, and the balances that follow from them."""

from django.db import models
from django.db.models import Case, Exists, F, Func, OuterRef, Q, When
from django.db.models.functions import Now

from console.balances.models.columns import money, total
from console.balances.models.journal import JournalLine
from console.customers.models import Customer
from console.organizations.fields import Fold, metadata_index, uuid_key
from console.organizations.models import Organization
from console.portfolios.models import Account


class IncomeKind(Func):
    """The kind of income that metadata and a folded purpose say, by the database's own function; none where none."""

    function = "income_kind"
    arity = 2
    output_field = models.TextField()


class TransactionQuerySet(models.QuerySet["Transaction"]):
    """Many transactions."""

    def with_parties(self) -> "TransactionQuerySet":
        """Each with who it was with: `is_with_customer` says whether the counterparty is called as a customer is.

        The accounts on the other side of those that the journal posted are at hand too.
        """
        name = Fold(OuterRef("counterparty"))
        called = Customer.objects.filter(organization=OuterRef("organization"), name_folded=name)
        found = self.annotate(is_with_customer=Exists(called.exclude(name="")))
        return found.prefetch_related("line__entry__lines__account")


class Transaction(models.Model):
    """An item posted to an account. Never edited or deleted: a mistake is corrected by a reversal."""

    class Direction(models.TextChoices):
        CREDIT = "credit", "Credit"
        DEBIT = "debit", "Debit"

    id = uuid_key()
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="transactions", db_index=False
    )
    account = models.ForeignKey(Account, models.PROTECT, related_name="transactions", db_index=False)
    source = models.CharField(max_length=40, default="import", db_default="import")
    external_id = models.CharField(max_length=100)
    booked_on = models.DateField(help_text="The ledger date: from this day on it counts in the balance.")
    direction = models.CharField(max_length=6, choices=Direction)
    amount = money(help_text="Never negative; the direction says which way. In the account's asset.")
    operation = models.CharField(max_length=100, blank=True, db_default="")
    purpose = models.CharField(max_length=100, blank=True, db_default="")
    operation_folded = models.GeneratedField(
        expression=Fold("operation"), output_field=models.TextField(), db_persist=True
    )
    purpose_folded = models.GeneratedField(
        expression=Fold("purpose"), output_field=models.TextField(), db_persist=True
    )
    income_kind = models.GeneratedField(
        expression=Case(When(direction="credit", then=IncomeKind("metadata", Fold("purpose")))),
        output_field=models.TextField(null=True),
        db_persist=True,
        help_text="What kind of income it is, by its label; none for what is no income. See Income.",
    )
    counterparty = models.CharField(max_length=256, blank=True, db_default="")
    description = models.CharField(max_length=500, blank=True, db_default="")
    metadata = models.JSONField(default=dict, blank=True, db_default={})
    reverses = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="reversals", db_index=False
    )
    line = models.ForeignKey(
        JournalLine,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="items",
        db_index=False,
        help_text="Which line of the journal posted it; none where a file brought it.",
    )
    recorded_at = models.DateTimeField(
        db_default=Now(), editable=False, help_text="When it became known here."
    )

    objects = TransactionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "source", "external_id"], name="transaction_once"
            ),
            models.UniqueConstraint(
                fields=["reverses"], condition=Q(reverses__isnull=False), name="reversed_once"
            ),
            models.UniqueConstraint(
                fields=["line"], condition=Q(line__isnull=False), name="line_posted_once"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="transaction_amount_not_negative"),
            models.CheckConstraint(
                condition=Q(direction__in=["credit", "debit"]), name="transaction_direction_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["account", "booked_on"],
                include=["amount", "direction", "organization"],
                name="transaction_by_day",
            ),
            models.Index(
                fields=["organization", "id"], condition=Q(line__isnull=True), name="transaction_from_file"
            ),
            models.Index(
                fields=["organization", "account"],
                include=["income_kind", "booked_on", "amount"],
                condition=Q(income_kind__isnull=False),
                name="transaction_income",
            ),
            metadata_index("transaction_metadata"),
        ]

    def __str__(self) -> str:
        return f"{self.get_direction_display()} {self.amount} on {self.booked_on}"

    def other_side(self) -> list[Account]:
        """The accounts that its money came from or went to, by the journal; none where a file brought it."""
        if self.line is None:
            return []
        kind = JournalLine.Kind.CREDIT if self.direction == self.Direction.DEBIT else JournalLine.Kind.DEBIT
        return list(
            {one.account_id: one.account for one in self.line.entry.lines.all() if one.kind == kind}.values()
        )


class DailyBalance(models.Model):
    """A day on which an account moved: its balance at the end of that day, and the running sum of daily balances.

    `cum` is the sum of the end-of-day balances of every calendar day from the account's first movement to `day`, so
    that the average over any window is two look-ups: (cum(b) - cum(a - 1)) / days, the last balance carried forward.
    """

    pk = models.CompositePrimaryKey("account_id", "day")
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="daily_balances", db_index=False
    )
    account = models.ForeignKey(Account, models.CASCADE, related_name="daily_balances", db_index=False)
    day = models.DateField()
    ledger = total()
    cum = models.DecimalField(max_digits=46, decimal_places=8)

    def __str__(self) -> str:
        return f"{self.ledger} on {self.day}"


class Balance(models.Model):
    """What an account holds after its last movement: kept beside the account so that lists sort and alerts compare."""

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, related_name="balance")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="balances", db_index=False)
    asset_code = models.CharField(
        max_length=100, help_text="The account's: balances compare within one currency only."
    )
    ledger = total(default=0, db_default=0)
    last_on = models.DateField(help_text="The ledger date of the last movement.")
    items = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        indexes = [
            models.Index(
                *(F("organization"), F("asset_code"), F("ledger"), F("account")),
                include=["last_on"],
                name="balance_by_currency",
            )
        ]

    def __str__(self) -> str:
        return str(self.ledger)


class Movement(models.Model):
    """What one batch did to a balance: a queue that alerts drain. Written together with the transactions."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="movements", db_index=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="movements", db_index=False)
    previous = total(help_text="The ledger balance before the batch.")
    ledger = total(help_text="The ledger balance after it.")
    moved_on = models.DateField(help_text="The earliest ledger date that the batch touched.")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organization", "id"], name="movement_by_order")]

    def __str__(self) -> str:
        return f"{self.previous} to {self.ledger}"
