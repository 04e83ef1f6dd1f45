"""From the builder's form to the draft. The form names every control by its place: q/rules/0/field, q/rules/0/value/1.

A control that a person changed may not fit its neighbours any more: another field brings its own tests, another test
its own number of values. Reading settles that, so that the answer shows controls that belong together.
"""

import re
from collections.abc import Mapping
from typing import Any

from segments.builder import values
from segments.builder.lexicon import Lexicon
from segments.builder.tree import Draft, new_group
from segments.builder.words import COUNTED, MODES
from segments.catalog import Field

PREFIX = "q"
MAX_STEPS = 40
SIDES = {"all": ("and", False), "any": ("or", False), "none": ("or", True), "notall": ("and", True)}
DEFAULT_TEST = {
    "number": ">=",
    "money": ">=",
    "date": ">=~",
    "datetime": ">=~",
    "list": "contains",
    "segment": "in",
}
UNKNOWN = Field("", "", "text")

Posted = dict[str, Any]


def read(data: Mapping[str, Any], lexicon: Lexicon) -> Draft:
    """The draft that a posted form stands for. Nothing typed is lost; what is not finished stays blank."""
    root = _group(_nested(data), lexicon.population, lexicon)
    return {"schema_version": 1, **root}


def _nested(data: Mapping[str, Any]) -> Posted:
    """{"rules": {"0": {"field": {"": "country"}}}} from flat names; a control's text stands under ""."""
    tree: Posted = {}
    for name in data:
        parts = name.split("/")
        if parts[0] == PREFIX and len(parts) <= MAX_STEPS and all(parts):
            node = tree
            for part in parts[1:]:
                node = node.setdefault(part, {})
            node[""] = data[name]
    return tree


def _text(posted: Posted, name: str) -> str:
    return str(posted.get(name, {}).get("", "")).strip()


def _in_order(posted: Posted) -> list[Posted]:
    """The numbered parts, by number."""
    return [posted[key] for key in sorted((key for key in posted if re.fullmatch(r"\d{1,6}", key)), key=int)]


def _group(posted: Posted, scope: str, lexicon: Lexicon) -> Draft:
    combinator, is_not = SIDES.get(_text(posted, "side"), SIDES["all"])
    rules = [_node(child, scope, lexicon) for child in _in_order(posted.get("rules", {}))]
    group = new_group(*rules, combinator=combinator)
    return {**group, "not": True} if is_not else group


def _node(posted: Posted, scope: str, lexicon: Lexicon) -> Draft:
    if "side" in posted:
        return _group(posted, scope, lexicon)
    return _block(posted, scope, lexicon) if "rows" in posted else _rule(posted, scope, lexicon)


def _rule(posted: Posted, scope: str, lexicon: Lexicon) -> Draft:
    key = _text(posted, "field")
    if key.endswith("."):
        key += _text(posted, "path")
    field = lexicon.find(scope, key) or UNKNOWN
    if field.type == "all":
        return {"field": key, "operator": "=", "value": True}
    if not key:
        return {"field": "", "operator": "", "value": ""}
    before = lexicon.find(scope, _text(posted, "was")) or UNKNOWN
    if key != _text(posted, "was") and not _alike(before, field):
        posted = {name: part for name, part in posted.items() if name not in {"test", "value", "currency"}}
    rule: Draft = {"field": key, **_tested(posted, field, scope, lexicon)}
    return _with_meta(rule, posted, field, lexicon)


def _alike(before: Field, after: Field) -> bool:
    """Whether tests and values of one field make sense for the other."""
    return before.type == after.type and before.choices == after.choices and before.type != "segment"


def _tested(posted: Posted, field: Field, scope: str, lexicon: Lexicon) -> Draft:
    """Operator and value."""
    test = _text(posted, "test") or DEFAULT_TEST.get(field.type, field.operators[0])
    operator = test.removesuffix("~")
    found = [_one(part, test, field, scope, lexicon) for part in _in_order(posted.get("value", {}))]
    if added := _text(posted.get("value", {}), "add"):
        found.append(values.typed(lexicon.chosen(scope, field, added), field.type))
    while len(found) < (2 if operator in values.PAIRED else 1) and operator not in values.LISTED:
        found.append(_blank(test, field))
    tested = {"operator": operator, "value": values.joined(operator, found)}
    return {"operator": operator} if operator in values.BARE else tested


def _blank(test: str, field: Field) -> Any:
    """The value of a control that has only just appeared."""
    if test.endswith("~"):
        return values.relative("", "day:startOfDay:ago")
    return True if field.type == "boolean" else ""


def _one(part: Posted, test: str, field: Field, scope: str, lexicon: Lexicon) -> Any:
    """One value, in the shape that the test asks for."""
    if "unit" in part:
        given = values.relative(_text(part, "amount"), _text(part, "unit"))
        return given if test.endswith("~") or not values.is_relative(given) else ""
    if test.endswith("~"):
        return _blank(test, field)
    text = str(part.get("", ""))
    return values.typed(lexicon.chosen(scope, field, text) if field.type == "segment" else text, field.type)


def _with_meta(node: Draft, posted: Posted, field: Field, lexicon: Lexicon) -> Draft:
    """A currency other than the organization's own, and the window of a windowed figure."""
    meta: Draft = {}
    if field.type == "money" and _text(posted, "currency") not in {"", lexicon.base_currency}:
        meta["currency"] = _text(posted, "currency")
    if field.is_windowed:
        meta[field.window] = values.typed(_text(posted, "days"), "number")
    return {**node, "meta": meta} if meta else node


def _block(posted: Posted, scope: str, lexicon: Lexicon) -> Draft:
    """Related rows: how many of them match, or a figure of them."""
    key = _text(posted, "rows")
    inner = lexicon.inner(scope, key)
    where = _group(posted.get("where", {}), inner, lexicon)
    figure = _text(posted, "figure") or "atLeast"
    if figure in MODES:
        match: Draft = {"mode": figure}
        if figure in COUNTED:
            match["threshold"] = values.typed(
                _text(posted, "threshold") if "threshold" in posted else "1", "number"
            )
        return {"field": key, "operator": "=", "match": match, "value": where}
    return _aggregate(posted, key, inner, where, lexicon)


def _aggregate(posted: Posted, key: str, inner: str, where: Draft, lexicon: Lexicon) -> Draft:
    function, _, of = _text(posted, "figure").partition(":")
    known = {field.key: field for field in lexicon.figures(inner)}
    field = known.get(of) or UNKNOWN if of else Field("", "", "number")
    if field.type != _text(posted, "was"):
        posted = {name: part for name, part in posted.items() if name not in {"test", "value"}}
    args = [{"kind": "field", "field": of}] if of else []
    node: Draft = {"field": key, **_tested(posted, field, inner, lexicon)}
    node = _with_meta({**node, "lhs": {"kind": "func", "fn": function, "args": args}}, posted, field, lexicon)
    return {**node, "meta": {**node.get("meta", {}), "where": where}} if where["rules"] else node
