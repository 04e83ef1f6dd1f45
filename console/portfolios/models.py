"""What customers hold: portfolios, accounts and who holds them in which role."""

from decimal import Decimal

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from console.customers.models import Customer
from console.ledgers.models import Ledger
from console.organizations.fields import Fold, metadata_index, sample_index, uuid_key
from console.organizations.models import Kept, Organization, Stated
from console.portfolios.querysets import AccountQuerySet, LiveAccounts

LIVE = Q(is_live=True)


class Portfolio(Stated):
    """Accounts of a ledger kept together for one purpose or holder."""

    id = uuid_key()
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="portfolios", db_index=False)
    ledger = models.ForeignKey(Ledger, models.PROTECT, related_name="portfolios")
    name = models.CharField(max_length=256)
    entity_id = models.CharField(max_length=256, blank=True)

    class Meta:
        ordering = ["name", "id"]
        indexes = [
            models.Index(fields=["organization", "name", "id"], name="portfolio_by_name"),
            metadata_index("portfolio_metadata"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return self.organization.url("portfolios:portfolio_detail", self.pk)


class AccountType(Kept):
    """A type that accounts of the ledger may say they are of, by its key."""

    id = uuid_key()
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="account_types", db_index=False
    )
    ledger = models.ForeignKey(Ledger, models.PROTECT, related_name="account_types")
    name = models.CharField(max_length=100)
    description = models.CharField(max_length=500, blank=True)
    key_value = models.CharField(
        max_length=50, validators=[RegexValidator(r"^[a-zA-Z0-9_-]+$", "Letters, digits, _ and - only.")]
    )

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["ledger", "key_value"], condition=Q(deleted_at__isnull=True), name="account_type_once"
            )
        ]
        indexes = [models.Index(fields=["organization", "name", "id"], name="account_type_by_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return self.organization.url("ledgers:type_detail", self.pk)


class Account(Stated):
    """An account in one asset of one ledger. Its balance is the sum of its transactions (console.balances).

    `organization.accounts` are those of the bank's customers. Beside them each asset has an external account, alias
    `@external/<code>`: the world outside, where money comes from and goes to; `everything` finds these and the deleted.
    """

    EXTERNAL = "external"

    class Status(models.TextChoices):
        ACTIVE = "ACTIVE", "Open"
        DORMANT = "DORMANT", "Dormant"
        CLOSED = "CLOSED", "Closed"

    id = uuid_key()
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="accounts", db_index=False)
    ledger = models.ForeignKey(Ledger, models.PROTECT, related_name="accounts")
    portfolio = models.ForeignKey(Portfolio, models.SET_NULL, null=True, blank=True, related_name="accounts")
    external_id = models.CharField(max_length=100, help_text="The id in the bank's core system.")
    name = models.CharField(max_length=256, blank=True)
    alias = models.CharField(
        max_length=100,
        blank=True,
        validators=[RegexValidator(r"^[a-zA-Z0-9@:_-]+$", "Letters, digits, @ : _ - only.")],
    )
    type = models.CharField(max_length=256, default="deposit", db_default="deposit")
    asset_code = models.CharField(max_length=100, help_text="An asset of the ledger: the account's currency.")
    status = models.CharField(max_length=100, choices=Status, default=Status.ACTIVE, db_default=Status.ACTIVE)
    entity_id = models.CharField(max_length=256, blank=True, default="", db_default="")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", db_index=False
    )
    is_blocked = models.BooleanField(default=False, db_default=False)
    has_overdraft_protection = models.BooleanField(default=False, db_default=False)
    opened_on = models.DateField(null=True, blank=True)
    is_live = models.GeneratedField(
        expression=Q(deleted_at__isnull=True) & ~Q(type=EXTERNAL),  # type: ignore[arg-type]  # a condition is an expression too
        output_field=models.BooleanField(),
        db_persist=True,
    )

    objects = LiveAccounts()  # type: ignore[misc]  # has more methods than the manager of Kept
    everything = models.Manager.from_queryset(AccountQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "external_id"], name="account_external_id_once"),
            models.UniqueConstraint(
                fields=["ledger", "alias"],
                condition=~Q(alias="") & Q(deleted_at__isnull=True),
                name="account_alias_once",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "external_id"], condition=LIVE, name="account_live"),
            models.Index(
                fields=["organization", "opened_on", "id"], condition=LIVE, name="account_by_opening"
            ),
            models.Index(fields=["organization", "type", "id"], condition=LIVE, name="account_by_type"),
            models.Index(fields=["organization", "alias"], condition=~Q(alias=""), name="account_by_alias"),
            models.Index(
                fields=["organization", "portfolio", "external_id"],
                condition=LIVE,
                name="account_by_portfolio",
            ),
            models.Index(
                fields=["organization", "asset_code", "external_id"],
                condition=LIVE,
                name="account_by_currency",
            ),
            models.Index(
                fields=["organization", "status", "external_id"],
                condition=LIVE & ~Q(status="ACTIVE"),
                name="account_not_open",
            ),
            models.Index(
                fields=["organization", "external_id"],
                condition=LIVE & Q(is_blocked=True),
                name="account_blocked",
            ),
            models.Index(
                fields=["organization", "created_at", "id"], condition=LIVE, name="account_by_creation"
            ),
            models.Index(
                fields=["ledger", "id"],
                include=["organization"],
                condition=Q(deleted_at__isnull=True),
                name="account_of_ledger",
            ),
            models.Index(fields=["parent"], condition=Q(parent__isnull=False), name="account_by_parent"),
            GinIndex(OpClass(Fold("name"), "gin_trgm_ops"), name="account_name_trigram"),
            metadata_index("account_metadata"),
            sample_index("account_sample", LIVE),
            models.Index(fields=["organization", "id"], condition=Q(is_live=False), name="account_not_live"),
        ]

    def __str__(self) -> str:
        """Never its name, which holds that of a person more often than not: see `console.customers.masking`."""
        return self.external_id

    def get_absolute_url(self) -> str:
        return self.organization.url("portfolios:account_detail", self.pk)

    @property
    def ledger_balance(self) -> Decimal:
        """The balance after the last movement, in the account's asset; 0 before the first. Free after with_balance."""
        if "held_ledger" in self.__dict__:
            return self.__dict__["held_ledger"] or Decimal(0)
        balance = getattr(self, "balance", None)
        return balance.ledger if balance else Decimal(0)

    @property
    def state(self) -> tuple[str, str]:
        """One word for how it stands, the gravest first, and the word's tone for components/badge.html."""
        if self.status == self.Status.CLOSED:
            return "Closed", "draft"
        if self.is_blocked:
            return "Debit blocked", "warn"
        if self.ledger_balance < 0:
            return "Overdrawn", "bad"
        return ("Dormant", "") if self.status == self.Status.DORMANT else ("Open", "good")


class AccountMilestone(models.Model):
    """How many accounts a ledger has on a stretch of the order of their ids, so that nobody counts them one by one.

    The stretches of a ledger follow each other without a gap from the lowest id on; beyond the last one accounts are
    not counted. Triggers keep `number` true in the transaction that changes it; `console.portfolios.marking` sets and
    counts, `console.portfolios.milestones` reads.
    """

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="account_milestones", db_index=False
    )
    ledger = models.ForeignKey(Ledger, models.CASCADE, related_name="account_milestones", db_index=False)
    low = models.UUIDField(help_text="Where the stretch begins.")
    high = models.UUIDField(help_text="Where the next one does.")
    number = models.PositiveIntegerField(
        null=True, help_text="Accounts that are not deleted; none before it was counted."
    )
    set_in = models.BigIntegerField(
        null=True, help_text="The transaction (xid8) since which all others keep the number."
    )

    class Meta:
        ordering = ["ledger", "low"]
        constraints = [
            models.UniqueConstraint(
                fields=["ledger", "low"], include=["high"], name="account_milestone_once"
            ),
            models.CheckConstraint(condition=Q(low__lt=F("high")), name="account_milestone_goes_up"),
        ]

    def __str__(self) -> str:
        return f"{self.low}: {'not counted' if self.number is None else self.number}"


class AccountHolder(models.Model):
    """A customer's hold on an account, in one role. An account may have several holders."""

    class Role(models.TextChoices):
        OWNER = "owner", "Owner"
        AUTHORISED_USER = "authorised user", "Authorised user"

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="account_holders")
    account = models.ForeignKey(Account, models.CASCADE, related_name="holders", db_index=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="holdings", db_index=False)
    role = models.CharField(max_length=20, choices=Role, default=Role.OWNER)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "customer"], include=["role", "organization"], name="account_holder_once"
            ),
            models.CheckConstraint(
                condition=Q(role__in=["owner", "authorised user"]), name="account_holder_role_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["customer", "account"],
                include=["role", "organization"],
                name="account_holder_by_customer",
            ),
            models.Index(
                fields=["organization", "customer"],
                condition=Q(role="authorised user"),
                name="account_holder_authorised",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer}, {self.get_role_display().lower()}"
