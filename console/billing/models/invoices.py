"""What customers are billed."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Count, F, Min, Q, QuerySet, Sum

from console.balances.models.columns import money
from console.billing import life
from console.billing.models.columns import external_id, owner, whose
from console.currencies import why_too_exact
from console.organizations.fields import uuid_key
from console.organizations.models import Kept, Staff
from console.templatetags.console import money as said

NOTHING = Decimal(0)


class NotPossible(Exception):
    """The invoice's status does not allow it, or the amount is none that can be paid. The text says why."""


class NoAmount(NotPossible):
    """What is written is no amount of the invoice's currency."""


class InvoiceQuerySet(models.QuerySet[Any]):
    """Invoices of one organization, reached as `organization.invoices`."""

    def overdue(self, on: date) -> "InvoiceQuerySet":
        """Those that are owed and were due before the local date `on`."""
        return self.filter(status__in=life.OWED, due_on__lt=on, amount_due__gt=0)

    def by_currency(self) -> "QuerySet[Any, dict[str, Any]]":
        """What is left to pay of them, per `currency`: `number`, `due` in it, and the first day that one was due on."""
        rows = (
            self.order_by()
            .values("currency")
            .annotate(number=Count("pk"), due=Sum("amount_due"), oldest=Min("due_on"))
        )
        return rows.order_by("currency")


class Invoice(Kept):
    """A bill to a customer. `amount_due` is what is left to pay of `total`, both in `currency` (ISO 4217).

    Days are the organization's local dates. Nothing is due of an invoice that is paid, void or discarded.
    """

    class Status(models.TextChoices):
        UPCOMING = life.UPCOMING, "Upcoming"
        DRAFT = life.DRAFT, "Draft"
        APPROVED = life.APPROVED, "Approved"
        EDITED = life.EDITED, "Edited"
        PARTIALLY_PAID = life.PARTIALLY_PAID, "Partially paid"
        PAID = life.PAID, "Paid"
        VOID = life.VOID, "Void"
        DISCARDED = life.DISCARDED, "Discarded"

    id = uuid_key()
    organization = owner("invoices")
    customer = whose("invoices")
    external_id = external_id()
    number = models.CharField(max_length=100, blank=True, help_text="The number on the paper.")
    status = models.CharField(max_length=14, choices=Status, default=Status.DRAFT, db_default=Status.DRAFT)
    currency = models.CharField(
        max_length=3, validators=[RegexValidator(r"^[A-Z]{3}\Z", "Write three capital letters, such as EUR.")]
    )
    total = money()
    amount_due = money()
    period_start = models.DateField(null=True, blank=True)
    period_end = models.DateField(null=True, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    promise_due_on = models.DateField(
        null=True, blank=True, help_text="The day by which the customer promised to pay."
    )
    payment_link = models.URLField(max_length=500, blank=True)

    objects = models.Manager.from_queryset(InvoiceQuerySet)()  # type: ignore[assignment,misc]  # instead of the base's

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "external_id"], name="invoice_once"),
            models.CheckConstraint(condition=Q(status__in=life.STATUSES), name="invoice_status_known"),
            models.CheckConstraint(
                condition=Q(amount_due__gte=0) & Q(amount_due__lte=F("total")),
                name="invoice_due_within_total",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=life.SETTLED) | Q(amount_due=0), name="invoice_settled_owes_nothing"
            ),
            models.CheckConstraint(
                condition=~Q(status=life.PARTIALLY_PAID) | Q(amount_due__gt=0) & Q(amount_due__lt=F("total")),
                name="invoice_partly_paid_owes_part",
            ),
            models.CheckConstraint(
                condition=Q(period_start__isnull=True)
                | Q(period_end__isnull=True)
                | Q(period_start__lte=F("period_end")),
                name="invoice_period_forward",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "issued_on", "id"], name="invoice_by_customer"),
            models.Index(fields=["organization", "number", "id"], name="invoice_by_number"),
            models.Index(fields=["organization", "issued_on", "id"], name="invoice_by_issue"),
            models.Index(fields=["organization", "due_on", "id"], name="invoice_by_due"),
            models.Index(fields=["organization", "status", "due_on", "id"], name="invoice_by_status"),
            models.Index(
                fields=["organization", "due_on", "customer"],
                include=["status", "currency", "amount_due"],
                condition=Q(status__in=life.UNPAID),
                name="invoice_unpaid",
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.external_id

    def get_absolute_url(self) -> str:
        return self.organization.url("billing:invoice_detail", self.pk)

    def days_overdue(self, on: date) -> int | None:
        """Calendar days from the day it is due to the local date `on`, below 0 before it; None when nothing is owed."""
        if self.status not in life.UNPAID or self.due_on is None or not self.amount_due:
            return None
        return (on - self.due_on).days

    def state(self, on: date) -> tuple[str, str]:
        """How it stands on the local date `on` in a few words, and their tone for components/badge.html."""
        days = self.days_overdue(on)
        if days is not None and days > 0 and self.status in life.OWED:
            return f"{days:,} day{'' if days == 1 else 's'} overdue", "bad"
        return self.get_status_display(), life.TONES[self.status]

    @property
    def may_return(self) -> bool:
        """Whether something is paid of it that can come back."""
        is_open = self.status in (life.PARTIALLY_PAID, life.PAID, life.EDITED)
        return is_open and self.amount_due < self.total

    def become(self, status: str, *, by: Staff | None, at: datetime, seen: str = "") -> None:
        """Let it go on to `status`, if that can follow the one it has. Raises NotPossible.

        `seen` is the `updated_at` that was shown to who says so, in ISO 8601: nobody approves what they did not see.
        """
        with transaction.atomic():
            self._hold()
            if seen and seen != self.updated_at.isoformat():
                raise NotPossible("The invoice was changed since you opened it. Look at it as it is now.")
            if status not in life.NEXT[self.status] or status in (
                life.PARTIALLY_PAID,
                life.PAID,
                life.EDITED,
            ):
                raise NotPossible(
                    f"The invoice is {self.get_status_display().lower()} by now and can’t become "
                    f"{self.Status(status).label.lower()}."
                )
            is_part_paid = status == life.APPROVED and self.amount_due < self.total
            if self.status != life.EDITED and is_part_paid:
                raise NotPossible("Something is paid of this invoice: say which payment came back.")
            due = NOTHING if status in life.SETTLED else self.amount_due
            self._go(life.PARTIALLY_PAID if is_part_paid else status, due, by=by, at=at)

    def pay(self, amount: Decimal, *, by: Staff | None, at: datetime) -> None:
        """Note that `amount`, in the invoice's currency, was paid of what is due. Raises NotPossible."""
        with transaction.atomic():
            self._hold()
            if self.status not in life.PAYABLE:
                raise NotPossible(self._why_not_paid())
            if amount != self.amount_due:
                self._check(amount)
            if not 0 < amount <= self.amount_due:
                raise NotPossible(
                    f"Write an amount above 0, and no more than is due: {said(self.amount_due, self.currency)}."
                )
            left = self.amount_due - amount
            self._go(life.PARTIALLY_PAID if left else life.PAID, left, by=by, at=at, amount=amount)

    def take_back(self, amount: Decimal, *, by: Staff | None, at: datetime) -> None:
        """Note that `amount` of what was paid came back, such as a returned direct debit. Raises NotPossible."""
        with transaction.atomic():
            self._hold()
            if not self.may_return:
                raise NotPossible("Nothing is paid of this invoice, so nothing can come back.")
            if amount != self.total - self.amount_due:
                self._check(amount)
            if not 0 < amount <= self.total - self.amount_due:
                paid = said(self.total - self.amount_due, self.currency)
                raise NotPossible(f"Write an amount above 0, and no more than was paid: {paid}.")
            due = self.amount_due + amount
            then = life.APPROVED if due == self.total else life.PARTIALLY_PAID
            self._go(life.EDITED if self.status == life.EDITED else then, due, by=by, at=at, amount=-amount)

    def _hold(self) -> None:
        """Nobody else changes it until the transaction ends; what stands here is what is stored."""
        held = Invoice.objects.select_for_update(no_key=True).get(pk=self.pk)
        for name in ("status", "currency", "total", "amount_due", "updated_at"):
            setattr(self, name, getattr(held, name))

    def _why_not_paid(self) -> str:
        status = self.get_status_display().lower()
        if self.status == life.EDITED:
            return "The invoice was changed after it was approved. Approve it again, then note the payment."
        if self.status in (life.UPCOMING, life.DRAFT):
            return (
                f"The invoice is {status}: nothing can be paid of it before it is approved. Approve it first."
            )
        return f"The invoice is {status}: nothing can be paid of it."

    def _check(self, amount: Decimal) -> None:
        """Raises NoAmount. All that is left can always be paid, and all that was paid come back."""
        if fault := why_too_exact(amount, self.currency):
            raise NoAmount(fault)

    def _go(
        self, status: str, due: Decimal, *, by: Staff | None, at: datetime, amount: Decimal = NOTHING
    ) -> None:
        before, self.status, self.amount_due = self.status, status, due
        self.save(update_fields=["status", "amount_due"])
        self.events.create(before=before, after=status, amount=amount, staff=by, at=at)


class InvoiceEvent(models.Model):
    """One step in an invoice's life: from which status to which, what was paid with it (less than 0: came back)."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="events", db_index=False)
    before = models.CharField(max_length=14, choices=Invoice.Status, blank=True)
    after = models.CharField(max_length=14, choices=Invoice.Status)
    amount = money(default=0, db_default=0)
    staff = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["invoice", "-at"], name="invoice_event_by_invoice")]

    def __str__(self) -> str:
        return self.get_after_display()
