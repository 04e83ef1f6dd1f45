"""What staff filter on of transactions, wherever they hang."""

from typing import Any

from django.db.models import F

from segments import expressions
from segments.catalog.field import ALL, Field, Row, column

DIRECTIONS = (("credit", "credit"), ("debit", "debit"))


def label(row: Row) -> Any:
    """What the bank's systems say a transaction is for: the label in its metadata, else its purpose."""
    return expressions.Sql(
        "COALESCE(NULLIF({}, ''), {})",
        expressions.json_text(F(f"{row.prefix}metadata"), ("label",)),
        F(f"{row.prefix}purpose"),
    )


TRANSACTION = [
    ALL,
    Field("direction", "Direction", "choice", column("direction"), choices=DIRECTIONS),
    Field(
        "amount", "Amount", "money", column("amount"), help="Never negative: the direction says which way."
    ),
    Field("currency", "Currency", "text", column("account__asset_code"), is_code=True, example="EUR"),
    Field("booked_on", "Booked on", "date", column("booked_on")),
    Field(
        "operation", "Operation", "text", column("operation_folded"), is_folded=True, example="card payment"
    ),
    Field("purpose", "Purpose", "text", column("purpose_folded"), is_folded=True, example="household"),
    Field(
        "label",
        "Label",
        "text",
        label,
        help="What it is for, such as salary: the label in its metadata, else its purpose.",
        example="salary",
    ),
    Field("counterparty", "Counterparty", "text", column("counterparty"), example="Stadtwerke"),
    Field("description", "Description", "text", column("description"), example="invoice"),
]
