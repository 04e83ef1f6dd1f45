"""What follows from a customer's date of birth, where the bank declared the attribute that holds it."""

from typing import Any

from django.db.models import F, IntegerField, Value

from console.customers.models import Attribute
from segments.catalog.field import Field, Row
from segments.expressions import Sql, json_text

KEY = "birth_date"
BIRTHDAY = "birthday_in"


def is_birth_date(attribute: Attribute) -> bool:
    """Whether the attribute is the one that holds dates of birth."""
    return attribute.key == KEY and attribute.type == "date" and attribute.entity == "customers"


def birthday(target: str) -> Field:
    """How many months it is to the month of the birthday: 0 in that month itself. `target` holds the attribute."""

    def read(row: Row) -> Any:
        born = json_text(F(row.prefix + target), (KEY,))
        months = "mod(split_part({0}, '-', 2)::int - {1} + 12, 12)"
        is_day = "{0} ~ '^[0-9][0-9][0-9][0-9]-(0[1-9]|1[0-2])-[0-9][0-9]$'"
        return Sql(
            f"(CASE WHEN {is_day} THEN {months} END)",
            born,
            Value(row.today.month, output_field=IntegerField()),
            output_field=IntegerField(),
        )

    return Field(
        BIRTHDAY,
        "Time to the birthday",
        "number",
        read,
        unit="months",
        help="Months to the month of the birthday: 0 is this month at the bank, 1 the next. By the date of birth.",
        is_personal=True,
        care="age",
        example="1",
    )
