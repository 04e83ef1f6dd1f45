"""Which values a column holds, for the choices of a filter: found by jumping through an index, not by reading rows."""

from typing import Any

from django.db import connection
from django.db.models import QuerySet


def values_in_use(queryset: QuerySet[Any], column: str, limit: int = 200) -> list[str]:
    """Up to `limit` values of `column` in their order, blanks left out; as many index look-ups as values.

    `queryset` may filter by what an index has before the column, such as the organization: (organization, country, …).
    """
    model = queryset.model
    name = connection.ops.quote_name(model._meta.get_field(column).column)
    first, parameters = queryset.order_by().values(column).query.sql_with_params()
    lowest = f"SELECT min({name}) FROM ({first}) rows_of_it WHERE {name} > "
    statement = f"""
        WITH RECURSIVE one_by_one(value) AS (
            ({lowest} '')
            UNION ALL
            SELECT ({lowest} one_by_one.value) FROM one_by_one WHERE one_by_one.value IS NOT NULL
        )
        SELECT value FROM one_by_one WHERE value IS NOT NULL LIMIT %s
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, [*parameters, *parameters, limit])
        return [value for (value,) in cursor.fetchall()]
