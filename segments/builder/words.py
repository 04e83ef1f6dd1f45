"""How the builder says tests, figures and groups. A *test* is an operator, with "~" after it for a relative date."""

ORDER = {
    "=": "is",
    "!=": "is not",
    ">": "more than",
    ">=": "at least",
    "<": "less than",
    "<=": "at most",
    "between": "between",
    "notBetween": "not between",
    "in": "is one of",
    "notIn": "is none of",
    "null": "is not recorded",
    "notNull": "is recorded",
}
TEXT = ORDER | {
    "contains": "contains",
    "doesNotContain": "does not contain",
    "beginsWith": "begins with",
    "doesNotBeginWith": "does not begin with",
    "endsWith": "ends with",
    "doesNotEndWith": "does not end with",
}
LIST = {
    "contains": "includes",
    "doesNotContain": "does not include",
    "in": "includes any of",
    "notIn": "includes none of",
    "null": "is empty",
    "notNull": "is not empty",
}
DATE = ORDER | {
    "=": "is on",
    "!=": "is not on",
    "<": "before",
    "<=": "up to",
    ">": "after",
    ">=": "from",
    ">=~": "in the last",
    "<~": "more than … ago",
    "<=~": "at least … ago",
    ">~": "less than … ago",
    "=~": "exactly … ago",
    "!=~": "not exactly … ago",
    "between~": "between … ago",
    "notBetween~": "not between … ago",
}
SHIFTED = DATE | {
    ">=~": "since",
    "<~": "before",
    "<=~": "no later than",
    ">~": "later than",
    "=~": "is on",
    "!=~": "is not on",
    "between~": "between",
    "notBetween~": "not between",
}
WORDS = {"list": LIST, "date": DATE, "datetime": DATE, "number": ORDER, "money": ORDER}
RELATIVE = ("=", "!=", "<", "<=", ">", ">=", "between", "notBetween")

SIDES = {
    "all": ("All of", "these must hold"),
    "any": ("Any of", "one is enough"),
    "none": ("None of", "these may hold"),
    "notall": ("Not all of", "at least one must fail"),
}
MODES = {
    "atLeast": "At least",
    "atMost": "At most",
    "exactly": "Exactly",
    "some": "Any",
    "none": "No",
    "all": "All",
}
COUNTED = ("atLeast", "atMost", "exactly")
FIGURES = {"sum": "Sum of", "avg": "Average", "min": "Lowest", "max": "Highest"}
DATE_FIGURES = {"min": "First", "max": "Last"}


def said(type: str, test: str, *, is_shifted: bool = False) -> str:
    """What a test is called for a field of `type`. `is_shifted`: counted from another moment than today or now."""
    if is_shifted and type in {"date", "datetime"}:
        return SHIFTED.get(test, test)
    return WORDS.get(type, TEXT).get(test, test)


def offered(type: str, operators: tuple[str, ...]) -> list[str]:
    """The tests that a field of `type` offers, in the order of its select."""
    if type not in {"date", "datetime"}:
        return list(operators)
    relative = [">=", "<", *(op for op in RELATIVE if op not in {">=", "<"})]
    return [*(f"{op}~" for op in relative if op in operators), *operators]
