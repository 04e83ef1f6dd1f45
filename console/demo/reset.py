"""Take the demo bank away: every row of that one organization, in all tables, and nothing of any other."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection, models, transaction

from console.organizations.models import Organization, User


def reset(organization: Organization) -> None:
    """Delete the organization with all that belongs to it, directly or through its rows, and its staff's sign-ins."""
    users = list(organization.staff.values_list("user_id", flat=True))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for table, condition in _owned():
            cursor.execute(f"DELETE FROM {table} WHERE {condition}", {"organization": organization.pk})
        cursor.execute("DELETE FROM organizations_organization WHERE id = %s", [organization.pk])
    User.objects.filter(pk__in=users, staff=None).delete()


def _owned() -> Iterator[tuple[str, str]]:
    """Each table with the condition by which its rows belong to the organization; those furthest from it first."""
    conditions = {Organization._meta.db_table: "id = %(organization)s"}
    waiting = [m for m in apps.get_models(include_auto_created=True) if m._meta.managed and not m._meta.proxy]
    found = True
    while found:
        found = False
        for model in list(waiting):
            if condition := _condition(model, conditions):
                conditions[model._meta.db_table] = condition
                waiting.remove(model)
                found = True
    return reversed([item for item in conditions.items() if item[0] != Organization._meta.db_table])


def _condition(model: type[models.Model], conditions: dict[str, str]) -> str | None:
    """How the model's rows are known as the organization's: by its own column, else by a required parent's."""
    keys = [
        field for field in model._meta.local_fields if isinstance(field, models.ForeignKey) and not field.null
    ]
    for field in sorted(keys, key=lambda key: key.related_model is not Organization):
        parent = field.related_model._meta
        if field.related_model is Organization:
            return f"{field.column} = %(organization)s"
        if parent.db_table in conditions:
            theirs = f"SELECT {parent.pk.column} FROM {parent.db_table} WHERE {conditions[parent.db_table]}"
            return f"{field.column} IN ({theirs})"
    return None
