"""Values as people type them and as the JSON keeps them. What can't be read stays as typed, for its fault to show."""

import re
from decimal import Decimal
from typing import Any

AMOUNT = re.compile(r"[-−+]?(\d{1,3}(,\d{3})+(\.\d*)?|\d+(\.\d*)?|\.\d+)", re.ASCII)
MONEY = re.compile(r"(-?)(\d+)(\.\d+)?", re.ASCII)
LONGEST = 100  # what has more characters is no number that anybody compares with, and stays as typed
LISTED = ("in", "notIn")
PAIRED = ("between", "notBetween")
BARE = ("null", "notNull")
BACK = "ago"
AHEAD = "ahead"


def typed(text: str, type: str) -> Any:
    """The JSON of what was typed into a field of `type`: a number, an amount as text, a boolean, else the text."""
    text = text.strip()
    if type == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if type in {"number", "money"} and len(text) <= LONGEST and AMOUNT.fullmatch(text):
        plain = text.replace(",", "").replace("−", "-").removeprefix("+").removesuffix(".")
        return plain if type == "money" else number(plain)
    return text


def number(plain: str) -> Any:
    """30, or 2.5; as text where a float would change the digits."""
    if "." not in plain:
        return int(plain)
    return float(plain) if Decimal(repr(float(plain))) == Decimal(plain) else plain


def shown(value: Any, type: str) -> str:
    """What a control shows for a JSON value: 1,000.00 for "1000.00", true for True."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = "" if value is None else str(value)
    money = MONEY.fullmatch(text) if type == "money" and len(text) <= LONGEST else None
    return f"{money[1]}{int(money[2]):,}{money[3] or ''}" if money and not money[2].startswith("00") else text


def is_relative(value: Any) -> bool:
    return isinstance(value, dict) and value.get("mode") == "relative"


def relative(amount: str, unit: str) -> dict[str, Any] | str:
    """A relative date from "90" and "day:startOfDay:ago"; unit "date" means that the text is a date itself."""
    if unit == "date":
        return amount.strip()
    name, _, rest = unit.partition(":")
    anchor, _, way = rest.partition(":")
    offset: int | str = amount.strip().replace(",", "")
    if isinstance(offset, str) and re.fullmatch(r"-?\d{1,9}", offset):
        offset = int(offset) * (1 if way == AHEAD else -1)
    return {"mode": "relative", "anchor": anchor or "startOfDay", "offset": offset, "unit": name or "day"}


def relative_parts(value: Any) -> tuple[str, str]:
    """("90", "day:startOfDay:ago") of a relative date; anything else is a date of its own."""
    if not is_relative(value):
        return (str(value) if isinstance(value, str | int) else ""), "date"
    offset = value.get("offset")
    is_whole = isinstance(offset, int) and not isinstance(offset, bool)
    way = AHEAD if is_whole and offset > 0 else BACK
    amount = str(abs(offset)) if is_whole else str(offset or "")
    return amount, f"{value.get('unit', 'day')}:{value.get('anchor', 'startOfDay')}:{way}"


def values_of(operator: str, value: Any) -> list[Any]:
    """A rule's values one by one, as many as its operator asks for at least."""
    if operator in BARE:
        return []
    several = value if isinstance(value, list) else [value] if value not in ("", None) else []
    if operator in LISTED:
        return several
    return [*several, "", ""][: 2 if operator in PAIRED else 1]


def joined(operator: str, values: list[Any]) -> Any:
    """The JSON value of a rule out of its values one by one: a list, a pair, one, or none."""
    if operator in BARE:
        return None
    if operator in LISTED:
        return list(dict.fromkeys(each for each in values if each != ""))
    whole = [*values, "", ""]
    return whole[:2] if operator in PAIRED else whole[0]
