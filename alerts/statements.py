"""The SQL of alerts, one file a statement under alerts/sql/, each with words on what it does and why it is right."""

from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection

FOLDER = Path(__file__).parent / "sql"


@cache
def text_of(name: str) -> str:
    return (FOLDER / f"{name}.sql").read_text()


def run(name: str, **values: Any) -> list[tuple[Any, ...]]:
    """Run the statement `name` with its values; the rows it answers, if any."""
    with connection.cursor() as cursor:
        cursor.execute(text_of(name), values or None)
        return list(cursor.fetchall()) if cursor.description else []
