"""The outbox: runs, messages, and what became of each. A message once written is sent, or says why it was not."""

from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models import Q, Value
from django.db.models.functions import Lower

from communications.audience import HeldBack, Recipients
from communications.models.events import DomainEvent
from communications.models.runs import Run
from communications.models.suppressions import Suppression, address_hash
from communications.models.templates import TemplateVersion
from communications.purposes import BY_CONSENT
from console.billing.keeping import Overtaken, keep_consent
from console.billing.models import Consent
from console.customers.models import Customer, RandomUuid
from console.organizations.fields import uuid_key
from console.organizations.models import Organization, Staff


class Channel(models.TextChoices):
    EMAIL = "email", "Email"
    WEBHOOK = "webhook", "Webhook"


class MessageQuerySet(models.QuerySet["Message"]):
    def plan(self, run: Run, recipients: Recipients) -> int:
        """Write a message for each of `recipients` (with `held_back`) in one statement; how many were written.

        Who is held back gets a message too, suppressed from the start: the books count everyone who was meant.
        """
        version = run.version
        statement, parameters = recipients.order_by().values_list("pk", "held_back").query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                INSERT INTO communications_message (organization_id, configuration_id, version_id, run_id,
                    template_version_id, endpoint_id, channel, occasion, customer_id, state, held_back,
                    created_at, changed_at, next_attempt_at)
                SELECT %s, %s, %s, %s, %s, %s, %s, %s, audience.id,
                    CASE WHEN audience.held_back = '' THEN 'queued' ELSE 'suppressed' END, audience.held_back,
                    clock_timestamp(), clock_timestamp(), clock_timestamp()
                FROM ({statement}) AS audience (id, held_back)
                ON CONFLICT (configuration_id, version_id, customer_id, occasion) DO NOTHING
                """,
                [
                    *(
                        run.organization_id,
                        run.configuration_id,
                        run.version_id,
                        run.pk,
                        run.template_version_id,
                    ),
                    *(version.endpoint_id, version.channel, run.occasion, *parameters),
                ],
            )
            return cursor.rowcount

    def decide(self, choice: str, *, by: Staff, at: datetime) -> int:
        """What a person decides about messages: uncertain ones were sent, or these go again. How many it was.

        Only messages that wait for a decision (uncertain) or have ended badly (failed, dead) can be sent again.
        """
        again = choice == Decision.Choice.SEND_AGAIN
        note = f"{'sent again' if again else 'counted as sent'}, decided by {by}"[:300]
        statement, parameters = self.order_by().values("pk").query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                WITH decided AS (
                    UPDATE communications_message SET state = %s, note = %s, changed_at = %s, next_attempt_at = %s,
                        sent_at = CASE WHEN %s THEN sent_at ELSE changed_at END
                    WHERE id IN ({statement}) AND state = ANY(%s) RETURNING id)
                INSERT INTO communications_decision (message_id, choice, by_id, at) SELECT id, %s, %s, %s FROM decided
                """,
                [
                    *("queued" if again else "sent", note, at, at, again, *parameters),
                    *(["uncertain", "failed", "dead"] if again else ["uncertain"], choice, by.pk, at),
                ],
            )
            return cursor.rowcount


class Message(models.Model):
    """A promise to one customer on one occasion, or to an endpoint to tell it of an event.

    A dispatcher holds it by `lease` till the database's clock ends it. What tells of an event belongs to no
    communication; `details` are what it says (communications/telling.py).
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        SENDING = "sending", "Sending"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        SUPPRESSED = "suppressed", "Suppressed"
        UNCERTAIN = "uncertain", "Uncertain"
        DEAD = "dead", "Dead"

    id = uuid_key()
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="messages", db_index=False)
    configuration = models.ForeignKey(
        "communications.Configuration", models.PROTECT, null=True, related_name="messages", db_index=False
    )
    version = models.ForeignKey(
        "communications.ConfigurationVersion",
        models.PROTECT,
        null=True,
        related_name="messages",
        db_index=False,
    )
    run = models.ForeignKey(Run, models.PROTECT, null=True, related_name="messages", db_index=False)
    template_version = models.ForeignKey(
        TemplateVersion, models.PROTECT, null=True, related_name="+", db_index=False
    )
    endpoint = models.ForeignKey(
        "communications.Endpoint", models.PROTECT, null=True, related_name="messages", db_index=False
    )
    customer = models.ForeignKey(
        Customer, models.SET_NULL, null=True, related_name="messages", db_index=False
    )
    channel = models.CharField(max_length=7, choices=Channel)
    occasion = models.CharField(max_length=100)
    event = models.CharField(max_length=40, choices=DomainEvent, blank=True, default="", db_default="")
    details: "models.JSONField[Any, Any]" = models.JSONField(default=dict, blank=True, db_default={})
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    held_back = models.CharField(max_length=12, choices=HeldBack, blank=True, db_default="")
    note = models.CharField(
        max_length=300, blank=True, db_default="", help_text="What happened last, in words."
    )
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    next_attempt_at = models.DateTimeField()
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    unsubscribe_token = models.UUIDField(db_default=RandomUuid(), unique=True, editable=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField(help_text="When it came into its present state.")
    sent_at = models.DateTimeField(null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["configuration", "version", "customer", "occasion"], name="message_once_an_occasion"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["queued", "sending", "sent", "failed", "suppressed", "uncertain", "dead"],
                ),
                name="message_state_known",
            ),
            models.CheckConstraint(
                condition=Q(event="", configuration__isnull=False, version__isnull=False)
                | Q(~Q(event=""), configuration__isnull=True, version__isnull=True, endpoint__isnull=False),
                name="message_of_communication_or_event",
            ),
            models.UniqueConstraint(
                fields=["endpoint", "occasion"],
                condition=Q(configuration__isnull=True),
                name="message_once_an_event",
            ),
            models.CheckConstraint(
                condition=~Q(state="suppressed") | ~Q(held_back=""), name="message_suppressed_for_a_reason"
            ),
        ]
        indexes = [
            models.Index(
                fields=["configuration", "next_attempt_at", "id"],
                condition=Q(state="queued"),
                name="message_due",
            ),
            models.Index(
                fields=["endpoint", "next_attempt_at", "id"],
                condition=Q(state="queued", configuration__isnull=True),
                name="message_event_due",
            ),
            models.Index(fields=["lease_until"], condition=Q(state="sending"), name="message_under_way"),
            models.Index(fields=["run", "state"], name="message_by_run"),
            models.Index(fields=["organization", "-id"], name="message_by_creation"),
            models.Index(fields=["configuration", "-id"], name="message_by_configuration"),
            models.Index(fields=["customer", "-id"], name="message_by_customer"),
            models.Index(
                fields=["organization", "state", "-id"],
                condition=Q(state__in=["failed", "uncertain", "dead"]),
                name="message_in_trouble",
            ),
        ]

    def __str__(self) -> str:
        if self.event:
            return f"{self.event} to {self.endpoint}"
        return f"{self.configuration} to {self.customer or 'an erased customer'}"

    def get_absolute_url(self) -> str:
        return self.organization.url("communications:message_detail", self.pk)

    @property
    def is_without_consent(self) -> bool:
        """Whether it was held back since its customer has not agreed to it."""
        return self.held_back in (HeldBack.NO_CONSENT, HeldBack.DECLINED)

    @property
    def sender(self) -> str:
        """From whom it comes, as recipients see it."""
        return self.version.sender if self.version else ""

    @staticmethod
    def opened_by(token: UUID) -> "Message | None":
        """The email whose unsubscribe address holds `token`."""
        emails = Message.objects.select_related("organization", "customer", "copy").filter(
            channel=Channel.EMAIL
        )
        return emails.filter(unsubscribe_token=token).first()

    def addresses(self) -> set[str]:
        """Where it went, and where its customer is reached now."""
        copy = getattr(self, "copy", None)
        found = {copy.address if copy else "", self.customer.email if self.customer else ""}
        return found - {""}

    def unsubscribe(self, *, at: datetime) -> None:
        """Its recipient wants no more email from this organization, but for what needs no consent."""
        with transaction.atomic():
            self._hold_recipients()
            self._withdraw(at=at)
            for address in self.addresses():
                reason = Suppression.Reason.UNSUBSCRIBED
                Suppression.add(self.organization_id, address, reason=reason, at=at, message=self.pk)

    def _hold_recipients(self) -> None:
        """Whoever is about to send to this customer, or to another of the same address, waits for us or has begun."""
        there = [Lower(Value(address)) for address in self.addresses()]
        same = Customer.objects.alias(address=Lower("email")).filter(
            organization=self.organization_id, address__in=there
        )
        whom = {
            self.customer_id,
            *same.values_list("pk", flat=True),
        }  # those of one address: one, or a household
        list(Customer.objects.filter(pk__in=whom - {None}).order_by("pk").select_for_update(no_key=True))

    def _withdraw(self, *, at: datetime) -> None:
        """Note that the customer agrees to nothing more by email that needs their consent."""
        if self.customer is None or self.customer.erased_at:
            return
        email, source = Consent.Channel.EMAIL, Consent.Source.LETTER
        for purpose in BY_CONSENT:
            with suppress(Overtaken):
                keep_consent(self.customer, email, purpose, is_given=False, by=None, at=at, source=source)

    def is_unsubscribed(self) -> bool:
        """Whether its addresses get nothing more, for whatever reason."""
        hashes = {address_hash(self.organization_id, address) for address in self.addresses()}
        return Suppression.objects.filter(organization=self.organization_id, address_hash__in=hashes).exists()


class Decision(models.Model):
    """What a person decided about an uncertain message."""

    class Choice(models.TextChoices):
        SEND_AGAIN = "send_again", "Send again"
        SENT = "sent", "It was sent"

    message = models.ForeignKey(Message, models.CASCADE, related_name="decisions")
    choice = models.CharField(max_length=10, choices=Choice)
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.get_choice_display()
