"""Take the demo bank away: every row of that one organization, in all tables, and nothing of any other."""

from typing import Any

from django.db import connection, models, transaction

from console.organizations.models import AuditEvent, Organization, User
from console.organizations.walls import Key, belonging


def reset(organization: Organization) -> None:
    """Delete the organization with all that belongs to it, directly or through its rows, its files and sign-ins.

    What remains is the trail of it: nobody takes an event away.
    """
    users = list(organization.staff.values_list("user_id", flat=True))
    files = [run.file for run in organization.import_runs.all()]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        # What is never deleted goes with its organization.
        cursor.execute("SET LOCAL tranche.taking_away = 'on'")
        for model in reversed([each for each in belonging() if each is not AuditEvent]):
            table = model._meta.db_table
            cursor.execute(f"DELETE FROM {table} WHERE {_whose(model)}", {"organization": organization.pk})
        User.objects.filter(pk__in=users, staff=None).delete()
    for file in files:
        file.delete(save=False)


def _whose(model: type[models.Model]) -> str:
    """How the model's rows are known as the organization's."""
    return " OR ".join(map(_leads_to_it, belonging()[model])) or "id = %(organization)s"


def _leads_to_it(key: Key) -> str:
    parent: Any = key.related_model
    if parent is Organization:
        return f"{key.column} = %(organization)s"
    return f"{key.column} IN (SELECT {parent._meta.pk.column} FROM {parent._meta.db_table} WHERE {_whose(parent)})"
