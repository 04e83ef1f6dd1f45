"""A send, asked for by one person and confirmed by another: what exactly, and how many messages it planned."""

from django.db import models
from django.db.models import Q

from communications.models.templates import TemplateVersion
from console.organizations.fields import uuid_key
from console.organizations.models import Approval, Organization, Staff
from segments.models import SegmentVersion


class Run(models.Model):
    """One send of a configuration to its segment: who confirmed it when, and how many messages it planned."""

    id = uuid_key()
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="communication_runs")
    configuration = models.ForeignKey("communications.Configuration", models.PROTECT, related_name="runs")
    version = models.ForeignKey("communications.ConfigurationVersion", models.PROTECT, related_name="runs")
    segment_version = models.ForeignKey(SegmentVersion, models.PROTECT, null=True, related_name="+")
    template_version = models.ForeignKey(TemplateVersion, models.PROTECT, null=True, related_name="+")
    approval = models.OneToOneField(
        Approval,
        models.PROTECT,
        null=True,
        related_name="communication_run",
        help_text="What exactly, and who asked.",
    )
    planned = models.PositiveIntegerField(default=0)
    confirmed_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    confirmed_at = models.DateTimeField()

    class Meta:
        ordering = ["-confirmed_at"]
        indexes = [models.Index(fields=["configuration", "-confirmed_at"], name="communication_run_by_time")]
        constraints = [models.CheckConstraint(condition=Q(approval__isnull=False), name="run_is_approved")]

    def __str__(self) -> str:
        return f"{self.configuration}, {self.confirmed_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return self.organization.url("communications:run_detail", self.pk)

    @property
    def occasion(self) -> str:
        """What a customer gets at most one message for."""
        return f"run:{self.pk}"
