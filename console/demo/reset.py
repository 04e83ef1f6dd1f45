"""Take the demo bank away: every row of that one organization, in all tables, and nothing of any other."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection, models, transaction

from console.organizations.models import AuditEvent, Organization, User

Conditions = dict[str, str]


def reset(organization: Organization) -> None:
    """Delete the organization with all that belongs to it, directly or through its rows, its files and sign-ins.

    What remains is the trail of it: nobody takes an event away.
    """
    users = list(organization.staff.values_list("user_id", flat=True))
    files = [run.file for run in organization.import_runs.all()]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(
            "SET LOCAL tranche.taking_away = 'on'"
        )  # what is never deleted goes with its organization
        for table, condition in reversed(list(_owned().items())):
            cursor.execute(f"DELETE FROM {table} WHERE {condition}", {"organization": organization.pk})
        User.objects.filter(pk__in=users, staff=None).delete()
    for file in files:
        file.delete(save=False)


def _owned() -> Conditions:
    """Each table with the condition by which its rows belong to the organization; those nearest to it first."""
    conditions = {Organization._meta.db_table: "id = %(organization)s"}
    waiting = [m for m in apps.get_models(include_auto_created=True) if m._meta.managed and not m._meta.proxy]
    waiting.remove(AuditEvent)
    while found := next(((m, c) for m in waiting if (c := _condition(m, conditions))), None):
        waiting.remove(found[0])
        conditions[found[0]._meta.db_table] = found[1]
    return conditions


def _condition(model: type[models.Model], conditions: Conditions) -> str:
    """How the model's rows are known as the organization's; "" when they are not, or not yet.

    By their own column, else by a parent that every row has, else by any of the parents that a row may have.
    """
    keys = [field for field in model._meta.local_fields if isinstance(field, models.ForeignKey)]
    for field in keys:
        if field.related_model is Organization:
            return f"{field.column} = %(organization)s"
    required = list(_by_parents([field for field in keys if not field.null], conditions))
    if required or any(not field.null for field in keys):
        return required[0] if required else ""
    return " OR ".join(_by_parents(keys, conditions))


def _by_parents(keys: list["models.ForeignKey[models.Model]"], conditions: Conditions) -> Iterator[str]:
    for field in keys:
        parent = field.related_model._meta
        if parent.db_table in conditions:
            theirs = f"SELECT {parent.pk.column} FROM {parent.db_table} WHERE {conditions[parent.db_table]}"
            yield f"{field.column} IN ({theirs})"
