"""What is sent to which segment through which channel, and who set it going."""

from datetime import datetime

from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower, Now

from communications.audience import recipients
from communications.models.endpoints import Endpoint
from communications.models.messages import Channel, Message
from communications.models.runs import Run
from communications.models.templates import Overtaken, Template
from communications.purposes import Purpose, Rules
from console.billing.models import Consent
from console.organizations import approving
from console.organizations.fields import uuid_key
from console.organizations.kinds import Impossible
from console.organizations.models import Approval, Organization, Staff
from segments.models import Segment


class Configuration(models.Model):
    """A communication: under one name, what its version in force says about segment, channel and words."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        ACTIVE = "active", "Active"
        PAUSED = "paused", "Paused"

    class Trigger(models.TextChoices):
        MANUAL = "manual", "When staff send it"

    id = uuid_key()
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="configurations")
    name = models.CharField(max_length=256)
    trigger = models.CharField(max_length=9, choices=Trigger, default=Trigger.MANUAL)
    state = models.CharField(max_length=6, choices=State, default=State.DRAFT, editable=False)
    version = models.ForeignKey(
        "ConfigurationVersion", models.PROTECT, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint("organization", Lower("name"), name="configuration_name_once"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "active", "paused"]), name="configuration_state_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return self.organization.url("communications:configuration_detail", self.pk)

    def in_force(self) -> "ConfigurationVersion":
        """What it says now. Raises Impossible while nobody has written anything."""
        if self.version is None:
            raise Impossible(f"“{self}” says nothing yet.")
        return self.version

    def save_version(
        self, version: "ConfigurationVersion", *, by: Staff | None, at: datetime, based_on: int = 0
    ) -> "ConfigurationVersion":
        """Write `version` (not yet saved) as the next one and put it in force.

        `based_on` is the number of the version that the person began with. Raises Overtaken when it is another by now.
        """
        with transaction.atomic():
            mine = Configuration.objects.select_for_update().get(pk=self.pk)
            number = mine.version.number if mine.version else 0
            if mine.version and number != based_on:
                raise Overtaken(mine.version)
            version.configuration, version.number = self, number + 1
            version.created_by, version.created_at = by, at
            version.save(force_insert=True)
            self.version = version
            self.save(update_fields=["version"])
            approving.void("send", self.pk, reason=f"It was changed: version {version.number}.", at=at)
        return version

    def turn(self, state: str, *, by: Staff, at: datetime) -> None:
        """Activate or pause; while paused, what is planned waits. Turning to the state it has changes nothing."""
        with transaction.atomic():
            if Configuration.objects.filter(pk=self.pk).exclude(state=state).update(state=state):
                self.transitions.create(state=state, by=by, at=at)
        self.state = state

    def send(self, approval: Approval, *, by: Staff, at: datetime) -> Run:
        """Write the messages of one send to the segment, and return the run; this row is locked by the caller."""
        version = self.in_force()
        template = version.template
        run = self.runs.create(
            organization=self.organization,
            version=version,
            segment_version=version.segment.version,
            template_version=template.version if template else None,
            approval=approval,
            confirmed_by=by,
            confirmed_at=at,
        )
        run.planned = Message.objects.plan(run, recipients(version))
        run.save(update_fields=["planned"])
        return run


class ConfigurationVersion(models.Model):
    """A communication as it was saved: never changed. A template and an endpoint go with their channel.

    `reached_by`: how the customer hears of it in the end; it says which consent counts.
    """

    configuration = models.ForeignKey(Configuration, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    segment = models.ForeignKey(Segment, models.PROTECT, related_name="communications")
    channel = models.CharField(max_length=7, choices=Channel, default=Channel.EMAIL)
    purpose = models.CharField(max_length=9, choices=Purpose)
    reached_by = models.CharField(max_length=5, choices=Consent.Channel, default=Consent.Channel.EMAIL)
    template = models.ForeignKey(
        Template, models.PROTECT, null=True, blank=True, related_name="communications"
    )
    sender_name = models.CharField(max_length=100, blank=True)
    sender_address = models.EmailField(blank=True)
    endpoint = models.ForeignKey(
        Endpoint, models.PROTECT, null=True, blank=True, related_name="communications"
    )
    created_by = models.ForeignKey(Staff, models.SET_NULL, null=True, editable=False, related_name="+")
    created_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["configuration", "number"], name="configuration_version_once"),
            models.CheckConstraint(
                condition=Q(channel="email", template__isnull=False, endpoint__isnull=True)
                & ~Q(sender_address="")
                | Q(channel="webhook", template__isnull=True, endpoint__isnull=False),
                name="configuration_fits_its_channel",
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=["marketing", "surveys", "billing", "service"]),
                name="configuration_purpose_known",
            ),
            models.CheckConstraint(
                condition=Q(reached_by="email")
                | Q(channel="webhook", reached_by__in=["sms", "phone", "post"]),
                name="configuration_reaches_by_its_channel",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.configuration}, version {self.number}"

    @property
    def rules(self) -> Rules:
        """What decides who of the segment is held back. An offer is marketing, whatever the segment says."""
        is_marketing = self.segment.is_marketing or self.purpose == Purpose.MARKETING
        return Rules(self.channel, self.purpose, self.reached_by, is_marketing)

    @property
    def sender(self) -> str:
        """Name and address as recipients see them."""
        return f"{self.sender_name} <{self.sender_address}>" if self.sender_name else self.sender_address


class Transition(models.Model):
    """A communication or an endpoint came into a state: when, by whom (nobody: by itself), and why."""

    configuration = models.ForeignKey(Configuration, models.CASCADE, null=True, related_name="transitions")
    endpoint = models.ForeignKey(Endpoint, models.CASCADE, null=True, related_name="transitions")
    state = models.CharField(max_length=10)
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(configuration__isnull=True, endpoint__isnull=False)
                | Q(configuration__isnull=False, endpoint__isnull=True),
                name="transition_of_one",
            )
        ]

    def __str__(self) -> str:
        return f"{self.state} at {self.at:%Y-%m-%d %H:%M}"
