"""A send, confirmed by a person: what exactly, by whom, and how many messages it planned."""

from django.db import models

from communications.models.templates import TemplateVersion
from console.organizations.fields import uuid_key
from console.organizations.models import Organization, Staff
from segments.models import SegmentVersion


class Run(models.Model):
    """One send of a configuration to its segment: who confirmed it, what exactly, and how many messages it planned."""

    id = uuid_key()
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="communication_runs")
    configuration = models.ForeignKey("communications.Configuration", models.PROTECT, related_name="runs")
    version = models.ForeignKey("communications.ConfigurationVersion", models.PROTECT, related_name="runs")
    segment_version = models.ForeignKey(SegmentVersion, models.PROTECT, null=True, related_name="+")
    template_version = models.ForeignKey(TemplateVersion, models.PROTECT, null=True, related_name="+")
    confirmation = models.UUIDField(
        help_text="Made with the page that asks; the same page sent twice is one run."
    )
    fingerprint = models.CharField(
        max_length=64, help_text="What was confirmed: versions and audience, as one hash."
    )
    planned = models.PositiveIntegerField(default=0)
    confirmed_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    confirmed_at = models.DateTimeField()

    class Meta:
        ordering = ["-confirmed_at"]
        indexes = [models.Index(fields=["configuration", "-confirmed_at"], name="communication_run_by_time")]
        constraints = [
            models.UniqueConstraint(fields=["configuration", "confirmation"], name="one_run_a_confirmation")
        ]

    def __str__(self) -> str:
        return f"{self.configuration}, {self.confirmed_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return self.organization.url("communications:run_detail", self.pk)

    @property
    def occasion(self) -> str:
        """What a customer gets at most one message for."""
        return f"run:{self.pk}"
