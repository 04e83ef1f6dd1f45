"""Figures that are watched for every customer, and for whom each one holds now."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q

from console.balances.models.columns import money, total
from console.billing.models.columns import owner, whose
from console.organizations.fields import uuid_key
from console.organizations.models import Kept, Staff

EVERY = timedelta(minutes=15)
FARTHEST = 366  # days, today included
TESTS = {"lt": "is under", "lte": "is at most", "gt": "is over", "gte": "is at least"}


class MonitorQuerySet(models.QuerySet["Monitor"]):
    def due(self, *, at: datetime) -> "MonitorQuerySet":
        """Those never evaluated, or not for a while."""
        return self.filter(Q(evaluated_at=None) | Q(evaluated_at__lte=at - EVERY), deleted_at=None)


class Monitor(Kept):
    """A figure over each customer's balances, invoices or transactions, and the threshold it is compared with.

    Money is in `currency`; `days` is how far back transactions are looked at, today included. It is evaluated in the
    background every EVERY; `seconds` is how long that took, `fault` why it failed last. `asked` counts who wanted it
    evaluated now: an evaluation that began before the last of them does not answer them.
    """

    class Figure(models.TextChoices):
        BALANCE = "balance", "Total balance of own accounts"
        UNPAID = "unpaid", "Amount due of unpaid invoices"
        OVERDUE = "overdue", "Amount due of overdue invoices"
        DAYS_OVERDUE = "days_overdue", "Days that the oldest invoice is overdue"
        MONEY_IN = "money_in", "Credits of the last days"
        MONEY_OUT = "money_out", "Debits of the last days"
        TRANSACTIONS = "transactions", "Number of transactions of the last days"

    OF_MONEY = ("balance", "unpaid", "overdue", "money_in", "money_out")
    OF_DAYS = ("money_in", "money_out", "transactions")

    id = uuid_key()
    organization = owner("monitors")
    name = models.CharField(max_length=100)
    figure = models.CharField(max_length=12, choices=Figure)
    test = models.CharField(max_length=3, choices=list(TESTS.items()))
    threshold = money()
    currency = models.CharField(max_length=100, blank=True)
    days = models.PositiveSmallIntegerField(null=True, blank=True)
    created_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    evaluated_at = models.DateTimeField(null=True, editable=False)
    asked = models.PositiveBigIntegerField(default=0, db_default=0, editable=False)
    seconds = models.FloatField(null=True, editable=False)
    holding = models.PositiveBigIntegerField(null=True, editable=False)
    known = models.PositiveBigIntegerField(null=True, editable=False)
    fault = models.CharField(max_length=300, blank=True, default="", db_default="", editable=False)

    everything = models.Manager.from_queryset(MonitorQuerySet)()

    class Meta:
        ordering = ["name", "id"]
        default_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"], condition=Q(deleted_at__isnull=True), name="monitor_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    figure__in=[
                        "balance",
                        "unpaid",
                        "overdue",
                        "days_overdue",
                        "money_in",
                        "money_out",
                        "transactions",
                    ]
                )
                & Q(test__in=["lt", "lte", "gt", "gte"]),
                name="monitor_known",
            ),
            models.CheckConstraint(
                condition=Q(figure__in=["balance", "unpaid", "overdue", "money_in", "money_out"])
                & ~Q(currency="")
                | Q(figure__in=["days_overdue", "transactions"], currency=""),
                name="monitor_money_has_currency",
            ),
            models.CheckConstraint(
                condition=Q(figure__in=["money_in", "money_out", "transactions"], days__range=(1, FARTHEST))
                | Q(figure__in=["balance", "unpaid", "overdue", "days_overdue"], days__isnull=True),
                name="monitor_window",
            ),
        ]
        indexes = [
            models.Index(
                fields=["evaluated_at"], condition=Q(deleted_at__isnull=True), name="monitor_by_evaluation"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return self.organization.url("billing:monitor_detail", self.pk)

    def ask(self) -> None:
        """Have it evaluated at once, though it may just be."""
        Monitor.everything.filter(pk=self.pk).update(evaluated_at=None, asked=F("asked") + 1)
        self.refresh_from_db(fields=["evaluated_at", "asked"], from_queryset=Monitor.everything.all())

    @property
    def unit(self) -> str:
        """What its figure is counted in: a currency, days, or nothing where the figure's name says it."""
        return self.currency or ("days" if self.figure == self.Figure.DAYS_OVERDUE else "")

    @property
    def state(self) -> tuple[str, str]:
        """How its evaluation stands in a word, and the word's tone for components/badge.html."""
        if self.fault:
            return "Failed", "bad"
        return ("Evaluated", "good") if self.evaluated_at else ("Not evaluated yet", "draft")


class MonitorReading(models.Model):
    """A customer's figure as last evaluated, whether the monitor holds for it, and since when it does or does not.

    No row: the customer has no such figure, such as no account in the currency.
    """

    class State(models.TextChoices):
        HOLDS = "holds", "Holds"
        CLEAR = "does not hold", "Does not hold"

    organization = owner("monitor_readings")
    monitor = models.ForeignKey(Monitor, models.CASCADE, related_name="readings", db_index=False)
    customer = whose("monitor_readings")
    value = total()
    state = models.CharField(max_length=13, choices=State)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["monitor", "customer"], include=["state"], name="monitor_reading_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["holds", "does not hold"]), name="monitor_reading_known"
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "monitor"], name="monitor_reading_by_customer"),
            models.Index(fields=["monitor", "state", "customer"], name="monitor_reading_by_state"),
            models.Index(fields=["monitor", "value", "id"], name="monitor_reading_by_value"),
        ]

    def __str__(self) -> str:
        return self.get_state_display()
