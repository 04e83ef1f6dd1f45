"""What an email says: a template and its versions, of which none ever changes."""

from datetime import datetime

from django.db import models, transaction
from django.db.models import F
from django.db.models.functions import Lower, Now

from communications.rendering.content import Content
from console.organizations import approving
from console.organizations.fields import uuid_key
from console.organizations.models import Organization, Staff


class Overtaken(Exception):
    """Someone saved another version in the meantime; `version` is theirs."""

    def __init__(self, version: models.Model) -> None:
        super().__init__(str(version))
        self.version = version


class Template(models.Model):
    """Words with places for a customer's data, under one name. `version` is the one that goes out."""

    id = uuid_key()
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="templates")
    name = models.CharField(max_length=256)
    version = models.ForeignKey(
        "TemplateVersion", models.PROTECT, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint("organization", Lower("name"), name="template_name_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return self.organization.url("communications:template_detail", self.pk)

    def save_version(
        self, content: Content, *, by: Staff | None, at: datetime, based_on: int = 0
    ) -> "TemplateVersion":
        """Write `content` as the next version and put it in force; the same content again writes nothing.

        `based_on` is the number of the version that the person began with. Raises Overtaken when it is another by now.
        """
        with transaction.atomic():
            mine = Template.objects.select_for_update().get(pk=self.pk)
            number = mine.version.number if mine.version else 0
            if mine.version and number != based_on:
                raise Overtaken(mine.version)
            if mine.version and mine.version.content == content:
                return mine.version
            self.version = self.versions.create(
                number=number + 1,
                subject=content.subject,
                html=content.html,
                text=content.text,
                created_by=by,
                created_at=at,
            )
            self.save(update_fields=["version"])
            sends = self.communications.filter(configuration__version=F("pk")).values_list(
                "configuration", flat=True
            )
            approving.void("send", *sends, reason=f"“{self}” was changed: version {number + 1}.", at=at)
        return self.version


class TemplateVersion(models.Model):
    """A template as it was saved, in Liquid. An empty text part is written from the HTML whenever it is rendered."""

    template = models.ForeignKey(Template, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=500)
    html = models.TextField()
    text = models.TextField(blank=True)
    created_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["template", "number"], name="template_version_once")]

    def __str__(self) -> str:
        return f"{self.template}, version {self.number}"

    @property
    def content(self) -> Content:
        """What it says, apart from who saved it when."""
        return Content(subject=self.subject, html=self.html, text=self.text)
