"""The controls of a rule, a function for each part. `name`: the beginning of their names; `of`: what they belong to."""

from typing import Any

from segments.builder import values as shapes
from segments.builder import words
from segments.builder.controls import Control, grouped, select
from segments.builder.lexicon import PATH_HELP, Lexicon
from segments.builder.tree import Draft
from segments.catalog import Field

COUNT = Field("count", "Number", "number", unit="rows")
DAY_UNITS = ("day", "week", "month", "year")
UNIT_WORDS = {
    "minute": "minutes",
    "hour": "hours",
    "day": "days",
    "week": "weeks",
    "month": "months",
    "year": "years",
}
ANCHORS = {
    "startOfDay": "",
    "now": " from this moment",
    "startOfMonth": " from this month’s start",
    "startOfYear": " from this year’s start",
}


def side(name: str, of: str, value: str) -> Control:
    options = [(key, label) for key, (label, _) in words.SIDES.items()]
    return select(name, of, value, options, css="word", refreshes=True)


def field(name: str, of: str, key: str, scope: str, lexicon: Lexicon) -> dict[str, Control]:
    """Which field, and where it is a path that nobody declared, the path."""
    plain = [f for f in lexicon.fields(scope).values() if f.type != "related"]
    groups = [
        ("", [("", "Choose a field…")] if not key else []),
        ("Facts", [(f.key, f.label) for f in plain if not f.path]),
    ]
    chosen, found = key, {}
    for document, label in lexicon.documents(scope):
        groups.append(
            (label, [(f.key, f.label) for f in plain if f.path and f.key.startswith(f"{document}.")])
        )
        groups.append(("", [(f"{document}.", f"{label} by path…")]))
        if key.startswith(f"{document}.") and key not in lexicon.fields(scope):
            chosen = f"{document}."
            path = key.removeprefix(chosen)
            found["path"] = Control("text", f"{name}/path", f"{of}: path", path, "path", hint=PATH_HELP)
    return {
        "field": grouped(f"{name}/field", f"{of}: field", chosen, groups, css="which", refreshes=True),
        **found,
    }


def test(name: str, of: str, node: Draft, found: Field | None) -> dict[str, Control]:
    """Which test: an operator, for dates also counted from today."""
    type, operators = (found.type, found.operators) if found else ("text", ())
    value = node.get("value")
    ends = value if isinstance(value, list) else [value]
    relatives: list[Draft] = [end for end in ends if isinstance(end, dict) and shapes.is_relative(end)]
    is_shifted = any(end.get("anchor") in {"startOfMonth", "startOfYear"} for end in relatives)
    operator = str(node.get("operator") or "")
    chosen = operator + "~" if relatives else operator
    tests = words.offered(type, operators)
    if chosen not in tests:
        tests = [chosen, *tests]
    options = [(each, words.said(type, each, is_shifted=is_shifted)) for each in tests]
    return {"test": select(f"{name}/test", f"{of}: test", chosen, options, css="test", refreshes=True)}


def values(
    name: str, of: str, node: Draft, found: Field | None, scope: str, lexicon: Lexicon
) -> list[Control]:
    """As many value controls as the test asks for, of the kind that the field's type asks for."""
    operator = str(node.get("operator") or "")
    field = found or Field("", "value", "text")
    several = shapes.values_of(operator, node.get("value"))
    about = f"{of}: {field.label.lower()}"
    if operator in shapes.LISTED:
        return [tokens(f"{name}/value", about, several, field, scope, lexicon)]
    ends = [f"{about}, from", f"{about}, to"] if operator in shapes.PAIRED else [about]
    is_relative = any(shapes.is_relative(each) for each in several)
    return [
        relative(f"{name}/value/{i}", label, each, field, is_pair=len(ends) > 1)
        if is_relative
        else single(f"{name}/value/{i}", label, each, field, scope, lexicon)
        for i, (label, each) in enumerate(zip(ends, several, strict=False))
    ]


def single(name: str, label: str, value: Any, field: Field, scope: str, lexicon: Lexicon) -> Control:
    shown = shapes.shown(value, field.type)
    if field.type in {"choice", "boolean", "segment"}:
        options = [("", "Choose…"), *lexicon.choices(scope, field)]
        return select(name, label, shown, options, css="value")
    if field.type in {"date", "datetime"}:
        return Control("date", name, label, shown, "value", hint="YYYY-MM-DD")
    is_number = field.type in {"number", "money"}
    hint = field.example if is_number or not field.example else f"such as {field.example}"
    return Control("text", name, label, shown, "value num" if is_number else "value", hint=hint)


def tokens(name: str, label: str, several: list[Any], field: Field, scope: str, lexicon: Lexicon) -> Control:
    """Several values in one box: each with its own remove button, and a box to add the next one."""
    choices = lexicon.choices(scope, field)
    names = dict(choices)
    held = [
        (str(value), names.get(str(value)) or lexicon.called(field, shapes.shown(value, field.type)))
        for value in several
    ]
    rest = [(value, text) for value, text in choices if value not in dict(held)]
    control = Control("tokens", name, label, "", "value", tokens=held)
    control.options = [("", rest)] if rest else []
    return control


def relative(name: str, label: str, value: Any, field: Field, *, is_pair: bool) -> Control:
    """A number and what it counts: days back, or from this month's start; in a pair also a plain date."""
    amount, unit = shapes.relative_parts(value)
    units = [*(("minute", "hour") if field.type == "datetime" else ()), *DAY_UNITS]
    options = [
        (way, [(f"{each}:{anchor}:{key}", _unit_words(each, anchor, key, is_pair=is_pair)) for each in units])
        for key, way in ((shapes.BACK, "Back"), (shapes.AHEAD, "Ahead"))
        for anchor in ANCHORS
    ]
    if is_pair:
        options.append(("", [("date", "on the date")]))
    control = Control("relative", f"{name}/amount", label, amount, "value num", hint="how many?")
    control.unit = grouped(f"{name}/unit", f"{label}, unit", unit, _together(options), css="unit-of")
    return control


def _together(options: list[tuple[str, list[tuple[str, str]]]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Groups of the same label as one."""
    whole: dict[str, list[tuple[str, str]]] = {}
    for label, group in options:
        whole.setdefault(label, []).extend(group)
    return list(whole.items())


def _unit_words(unit: str, anchor: str, way: str, *, is_pair: bool) -> str:
    ahead = " ahead" if way == shapes.AHEAD else " ago" if is_pair and anchor == "startOfDay" else ""
    back = " back" if way == shapes.BACK and anchor != "startOfDay" else ""
    return f"{UNIT_WORDS[unit]}{ahead}{back}{ANCHORS[anchor]}"


def window(name: str, of: str, node: Draft, found: Field | None) -> dict[str, Control]:
    """The days or complete months that a windowed figure looks back over."""
    if not found or not found.is_windowed:
        return {}
    days = shapes.shown((node.get("meta") or {}).get(found.window), "number")
    about, hint = f"{of}: {found.window} to look back", "3" if found.window == "months" else "30"
    return {"window": Control("text", f"{name}/days", about, days, "num days", hint=hint, after=found.window)}


def currency(name: str, of: str, node: Draft, found: Field | None, lexicon: Lexicon) -> dict[str, Control]:
    if not found or found.type != "money":
        return {}
    chosen = str((node.get("meta") or {}).get("currency") or lexicon.base_currency)
    codes = [(code, code) for code in lexicon.currencies]
    return {"currency": select(f"{name}/currency", f"{of}: currency", chosen, codes)}


def block(name: str, of: str, node: Draft, scope: str, lexicon: Lexicon) -> dict[str, Control]:
    """How many rows or which figure, the number, and which rows."""
    key = str(node.get("field") or "")
    match = node.get("match") or {}
    inner = lexicon.inner(scope, key)
    mode = str(match.get("mode") or "some")
    figure = _figure_key(node) if "lhs" in node else mode
    figures = (
        [f"{fn}:{f.key}" for f in lexicon.figures(inner) for fn in _functions(f)] if inner != scope else []
    )
    labels = {f"{fn}:{f.key}": _figure_words(fn, f) for f in lexicon.figures(inner) for fn in words.FIGURES}
    options = [
        ("How many rows", list(words.MODES.items())),
        ("A figure of them", [("count", "Number"), *((each, labels[each]) for each in figures)]),
    ]
    found = {
        "figure": grouped(
            f"{name}/figure", f"{of}: how many, or which figure", figure, options, css="word", refreshes=True
        )
    }
    if "lhs" not in node and mode in words.COUNTED:
        threshold = shapes.shown(match.get("threshold"), "number")
        found["threshold"] = Control(
            "text", f"{name}/threshold", f"{of}: number of rows", threshold, "num few"
        )
    related = [("", "Choose rows…")] * (not key) + [(f.key, f.label) for f in lexicon.related(scope)]
    found["rows"] = select(f"{name}/rows", f"{of}: related rows", key, related, refreshes=True)
    return found


def _functions(field: Field) -> list[str]:
    return ["min", "max"] if field.type == "date" else list(words.FIGURES)


def _figure_words(function: str, field: Field) -> str:
    spoken = words.DATE_FIGURES if field.type == "date" else words.FIGURES
    return f"{spoken.get(function, function)} {field.label.lower()}"


def _figure_key(node: Draft) -> str:
    """sum:amount of an aggregate, or count."""
    lhs: Draft = node.get("lhs") or {}
    args = lhs.get("args") or []
    of = args[0].get("field", "") if isinstance(args, list) and args and isinstance(args[0], dict) else ""
    return f"{lhs.get('fn', '')}:{of}" if of else str(lhs.get("fn", ""))


def compared(node: Draft, inner: str, lexicon: Lexicon) -> Field | None:
    """The field that an aggregate's value is compared with; a count is a number of rows."""
    _, _, of = _figure_key(node).partition(":")
    return lexicon.find(inner, of) if of else COUNT
