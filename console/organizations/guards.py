"""The functions of our triggers look at our own tables, and nobody else puts them on a table.

Whoever may make a temporary table could call it `organizations_approval`, write into it what was never approved, and
have a trigger believe it: PostgreSQL looks there first. And who makes a table may put any trigger function that they
may execute on it: `audit()`, which writes the trail as its owner, would write down whatever they say.
"""

from django.db.backends.base.base import BaseDatabaseWrapper


def build(connection: BaseDatabaseWrapper) -> list[str]:
    """Have every trigger function guarded: those that were not. Called as their owner, after each `migrate`."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT format('%I.%I()', n.nspname, p.proname)
            FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname = current_schema() AND p.prorettype = 'trigger'::regtype
                AND p.proowner = current_user::regrole
                AND (NOT coalesce(array_to_string(p.proconfig, ' '), '') LIKE '%search_path=%'
                    OR has_function_privilege('public', p.oid, 'execute'))
            ORDER BY 1
            """
        )
        lacking = [name for (name,) in cursor.fetchall()]
        for name in lacking:
            cursor.execute(f"ALTER FUNCTION {name} SET search_path = pg_catalog, public, pg_temp")
            cursor.execute(f"REVOKE EXECUTE ON FUNCTION {name} FROM PUBLIC")
    return lacking
