"""Columns of text into PostgreSQL by COPY, the fastest door there is."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection
from psycopg.types.json import Jsonb

from console.imports.checking import CELL_LIMIT, Cells, Checked, Rejected, shown, visible
from console.imports.fields import Kind

ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
NULL = "\\N"


def stage(kind: Kind, checked: Checked) -> None:
    """Put the rows into the temporary table `import_staged`: line, every field of the kind, extra, resolved ids."""
    fields = ", ".join(f'"{field.key}" {field.type}' for field in kind.fields)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.import_staged")
        cursor.execute(
            f"CREATE TEMP TABLE import_staged (line bigint, {fields}, extra jsonb,"
            " account_id uuid, customer_id uuid, connector_id uuid) ON COMMIT DROP"
        )
        copy_columns("import_staged", {"line": [str(line) for line in checked.lines], **checked.columns})
        cursor.execute("ANALYZE import_staged")


def copy_columns(table: str, columns: dict[str, Cells]) -> None:
    """COPY columns of text, each value as PostgreSQL reads it; None is NULL."""
    names = ", ".join(f'"{name}"' for name in columns)
    rows = zip(*map(_escaped, columns.values()), strict=True)
    text = "\n".join(map("\t".join, rows))
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        copy.write(f"{text}\n" if text else "")


def _escaped(cells: Cells) -> Sequence[str]:
    joined = "".join(filter(None, cells))
    if any(sign in joined for sign in "\\\t\n\r"):
        return [NULL if cell is None else cell.translate(ESCAPES) for cell in cells]
    return [NULL if cell is None else cell for cell in cells]


KEEP = """
INSERT INTO imports_rejectedrow (run_id, line, "column", value, reason, cells)
SELECT %s, * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::jsonb[])
"""


def keep_rejected(run_id: UUID, rejected: Iterable[Rejected]) -> None:
    """Write rejected rows, their strange bytes escaped and long cells cut. COPY does not go through the walls."""
    rows = [
        (
            row.line,
            shown(row.column, 256),
            visible(row.value),
            row.reason,
            Jsonb([shown(cell, CELL_LIMIT) for cell in row.cells[:200]]),
        )
        for row in rejected
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(KEEP, [run_id, *map(list, zip(*rows, strict=True))])
