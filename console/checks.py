"""What must not be so in service: `manage.py check --deploy` says it."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError, connection

from console.organizations import scope

# Who owns a table, or may become who does, is not bound by grants; BYPASSRLS and superusers by no wall at all.
POWERS = """
SELECT session_user, role.rolsuper, role.rolbypassrls, EXISTS (
    SELECT FROM pg_class JOIN pg_namespace space ON space.oid = relnamespace
    WHERE relkind IN ('r', 'p') AND nspname = current_schema() AND pg_has_role(session_user, relowner, 'MEMBER'))
FROM pg_roles role WHERE rolname = session_user
"""


@register(Tags.security, deploy=True)
def walls_bind_who_signs_in(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """The console signs in to its database as a role that the walls between organizations bind."""
    try:
        with scope.nobody(), connection.cursor() as cursor:
            cursor.execute(POWERS)
            role, *powers = cursor.fetchone()
    except DatabaseError as error:
        return [Warning(f"The database can’t be asked who signs in to it: {error}", id="console.W002")]
    words = ("is a superuser", "has BYPASSRLS", "owns tables")
    can = " and ".join(word for word, has in zip(words, powers, strict=True) if has)
    if not can:
        return []
    hint = "DATABASE_URL is for tranche_app, DATABASE_OWNER_URL for the owner: docs/operations.md, Variables."
    return [
        Error(f"The console signs in to its database as “{role}”, which {can}.", hint=hint, id="console.E001")
    ]


@register(Tags.security, deploy=True)
def proxies_are_counted(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Over HTTPS there is a proxy in front; uncounted, everybody has its address and shares its limits."""
    if settings.PROXY_COUNT or not settings.IS_HTTPS:
        return []
    hint = "PROXY_COUNT says how many proxies of yours stand between a caller and the console."
    return [
        Warning("HTTPS is on and PROXY_COUNT is 0: all callers look like one.", hint=hint, id="console.W003")
    ]
