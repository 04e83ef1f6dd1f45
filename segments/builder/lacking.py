"""What a definition from another bank names that this one has not: each thing, where it stands, what can be done.

An attribute that nobody declared is no fault to the compiler, which reads it as text; of a definition that was made
where it is declared it is what is missing all the same.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from console.customers.models import Attribute
from segments.builder.lexicon import Lexicon
from segments.builder.rows import Row, lay_out
from segments.builder.tree import Draft, find
from segments.catalog import SCOPES, Field

CODES = ("currency", "asset_code")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
DROP = "or take the rule out"


@dataclass(frozen=True)
class Lack:
    """One thing: what it is, where the definition names it, in words, and what staff can do about it.

    `asks` is what the address of the form says in which an attribute that is missing is declared.
    """

    what: str
    where: str
    remedy: str
    asks: str = ""


def lacking(definition: Draft, lexicon: Lexicon) -> list[Lack]:
    """In the order of the page, each thing once for each rule that names it."""
    root = lay_out(definition, lexicon)
    return list(dict.fromkeys(_of(root, definition, lexicon, ())))


def _of(row: Row, definition: Draft, lexicon: Lexicon, above: tuple[str, ...]) -> Iterator[Lack]:
    node = find(definition, row.path)
    here = (*above, row.label) if row.number else above
    if row.kind != "group":
        where = ", in ".join(reversed(here))
        yield from _named(node, row.scope, where, lexicon)
    for child in row.children:
        yield from _of(child, definition, lexicon, _place(row, node, lexicon, here))


def _place(row: Row, node: Draft, lexicon: Lexicon, here: tuple[str, ...]) -> tuple[str, ...]:
    """Where what is inside stands: a block is named by the rows that it looks at."""
    field = lexicon.find(row.scope, str(node.get("field") or "")) if row.kind != "group" else None
    return (*here[:-1], f"{here[-1]} (“{field.label}”)") if field and here else here


def _named(node: Draft, scope: str, where: str, lexicon: Lexicon) -> Iterator[Lack]:
    key = str(node.get("field") or "")
    yield from _field(key, scope, where, lexicon, _type(_values(node)))
    inner = lexicon.inner(scope, key)
    for one in _figure(node):
        yield from _field(one, inner, where, lexicon, Attribute.Type.NUMBER)
    field = lexicon.find(scope, key)
    for value in _values(node):
        yield from _value(field, value, where, lexicon)
    code = (node.get("meta") or {}).get("currency")
    if isinstance(code, str) and code and code not in lexicon.currencies:
        yield _currency(code, where)


def _field(key: str, scope: str, where: str, lexicon: Lexicon, type: Attribute.Type) -> Iterator[Lack]:
    """The field itself, or the attribute that it is read from, which by what it is compared with is of the `type`."""
    if not key or key in lexicon.fields(scope):
        return
    name, _, path = key.partition(".")
    if (document := SCOPES[scope].documents.get(name)) and path:
        whose = Attribute.Entity(document[2])
        yield Lack(
            f"Attribute “{path}” of {whose.label.lower()}",
            where,
            f"Have it declared here with its type, choose another field, {DROP}. Until then it is read as text.",
            urlencode({"entity": whose.value, "key": path, "type": type.value}),
        )
    else:
        yield Lack(f"Field “{key}” of {SCOPES[scope].label.lower()}", where, f"Choose another field, {DROP}.")


def _value(field: Field | None, value: Any, where: str, lexicon: Lexicon) -> Iterator[Lack]:
    if field is None or not isinstance(value, str) or not value:
        return
    if field.type == "segment" and not lexicon.has_segment(value):
        yield Lack(f"Segment {value}", where, f"Import that segment first, choose another segment, {DROP}.")
    if field.key in CODES and field.is_code and value.upper() not in lexicon.currencies:
        yield _currency(value, where)


def _currency(code: str, where: str) -> Lack:
    return Lack(f"Currency {code}", where, f"Add the asset to a ledger, choose another currency, {DROP}.")


def _values(node: Draft) -> list[Any]:
    value = node.get("value")
    return value if isinstance(value, list) else [value]


def _type(values: list[Any]) -> Attribute.Type:
    """What an attribute holds that is compared with these; text, where they don't say."""
    said = [value for value in values if value not in (None, "")]
    if said and all(isinstance(value, bool) for value in said):
        return Attribute.Type.BOOLEAN
    if said and all(isinstance(value, int | float) and not isinstance(value, bool) for value in said):
        return Attribute.Type.NUMBER
    if said and all(isinstance(value, str) and DAY.fullmatch(value) for value in said):
        return Attribute.Type.DATE
    return Attribute.Type.TEXT


def _figure(node: Draft) -> Iterator[str]:
    """The fields that a figure of related rows is made of."""
    figure = node.get("lhs")
    arguments = figure.get("args") if isinstance(figure, dict) else None
    for each in arguments if isinstance(arguments, list) else []:
        if isinstance(each, dict) and isinstance(each.get("field"), str):
            yield each["field"]
