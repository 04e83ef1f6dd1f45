"""The audit trail: what was changed, by whom, from where. Written by the database itself, never changed."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from console.organizations.fields import uuid_key
from console.organizations.models.keys import ApiKey
from console.organizations.models.organization import Organization
from console.organizations.models.people import Staff, User


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    """Many events."""

    def of_chain(self, organization: Any) -> "AuditEventQuerySet":
        """Those of one chain: an organization's by its id, the platform's own for None."""
        return self.filter(organization_id=organization)

    def history_of(self, row: models.Model) -> "AuditEventQuerySet":
        """What happened to a row and its parts, newest first."""
        mine = self.filter(whole=row._meta.label, whole_id=str(row.pk))
        return mine.select_related("staff__user", "user", "key").order_by("-id")

    def unlinked(self) -> "AuditEventQuerySet":
        """Those that no chain holds yet."""
        return self.filter(seq__isnull=True)


class AuditEvent(models.Model):
    """One change of one row. The trigger `audit` of a watched table writes it; console/organizations/watched.py says
    which are watched and what of them is hidden.

    Who: `user` (at an organization also `staff`), an API `key`, or a `task` by itself; none of them: somebody at the
    database, under the role `login`. `whole` and `whole_id` name the object on whose page it belongs: a campaign for
    its trigger. `changes` has [before, after] by column; {"hidden": true} stands for a value that is not written here.
    `seq`, `mac` and `mac_key` are its place in the chain of its organization (None: of the platform).
    """

    class Action(models.TextChoices):
        CREATED = "created", "Created"
        CHANGED = "changed", "Changed"
        DELETED = "deleted", "Deleted"

    id = uuid_key()
    # The trail outlives what it tells of: keys without constraints.
    outliving: dict[str, Any] = {"null": True, "db_constraint": False, "db_index": False, "related_name": "+"}
    organization = models.ForeignKey(
        Organization, models.DO_NOTHING, **outliving | {"related_name": "audit_events"}
    )
    at = models.DateTimeField()
    user = models.ForeignKey(User, models.DO_NOTHING, **outliving)
    staff = models.ForeignKey(Staff, models.DO_NOTHING, **outliving)
    key = models.ForeignKey(ApiKey, models.DO_NOTHING, **outliving)
    task = models.TextField()
    request = models.TextField()
    address = models.TextField()
    login = models.TextField()
    action = models.TextField(choices=Action)
    model = models.TextField()
    object_id = models.TextField()
    whole = models.TextField()
    whole_id = models.TextField()
    name = models.TextField(help_text="What the row was called then, where that says nothing of a customer.")
    changes: "models.JSONField[Any, Any]" = models.JSONField()
    seq = models.BigIntegerField(null=True)
    mac = models.BinaryField(null=True)
    mac_key = models.TextField(null=True)  # noqa: DJ001 - empty until it has its place, as the two beside it

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "seq"],
                condition=Q(seq__isnull=False),
                name="audit_place_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(seq__isnull=True, mac__isnull=True, mac_key__isnull=True)
                | Q(seq__isnull=False, mac__isnull=False, mac_key__isnull=False),
                name="audit_place_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "at", "id"], name="audit_by_time"),
            models.Index(fields=["organization", "model", "at", "id"], name="audit_by_model"),
            models.Index(fields=["organization", "action", "at", "id"], name="audit_by_action"),
            models.Index(fields=["whole_id", "id"], name="audit_by_whole"),
            models.Index(fields=["object_id"], name="audit_by_object"),
            models.Index(
                fields=["organization", "at", "id"], condition=Q(user__isnull=True), name="audit_by_no_person"
            ),
            GinIndex(OpClass(Upper("name"), "gin_trgm_ops"), name="audit_by_name"),
            models.Index(
                fields=["organization", "staff", "at", "id"],
                condition=Q(staff__isnull=False),
                name="audit_by_person",
            ),
            models.Index(fields=["request"], condition=~Q(request=""), name="audit_by_request"),
            models.Index(fields=["organization", "id"], condition=Q(seq__isnull=True), name="audit_unlinked"),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.model} {self.name or self.object_id}"

    def get_absolute_url(self) -> str:
        return self.organization.url("audit:event_detail", self.pk)
