"""Our Liquid: fields, conditions and a few filters. No loader, no loops, no ranges, no variables of one's own.

This module and child.py run in a process of their own; they import Liquid and nothing of Django.
"""

import difflib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from liquid import Environment, Mode
from liquid.ast import Node
from liquid.builtin.expressions.primitive import RangeLiteral
from liquid.context import RenderContext
from liquid.exceptions import LiquidError
from liquid.expression import Expression
from liquid.template import BoundTemplate
from liquid.undefined import StrictUndefined

TAGS = frozenset({"if", "unless", "case", "comment", "#", "content", "output", "illegal"})
FILTERS = frozenset(
    {
        *(
            "default",
            "date",
            "size",
            "upcase",
            "downcase",
            "capitalize",
            "strip",
            "squish",
            "truncate",
            "truncatewords",
        ),
        *(
            "append",
            "prepend",
            "remove",
            "replace",
            "replace_first",
            "split",
            "first",
            "last",
            "slice",
            "escape",
        ),
        *(
            "newline_to_br",
            "url_encode",
            "plus",
            "minus",
            "times",
            "divided_by",
            "modulo",
            "round",
            "ceil",
            "floor",
        ),
        *("abs", "at_least", "at_most"),
    }
)
LARGEST = 1_000_000


class OurEnvironment(Environment):
    """Liquid with what an email needs. What is not listed above does not exist."""

    output_stream_limit = LARGEST
    block_nesting_limit = 10

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        super().setup_tags_and_filters(extra=False)
        self.tags = {name: tag for name, tag in self.tags.items() if name in TAGS}
        self.filters = {name: function for name, function in self.filters.items() if name in FILTERS}


@dataclass(frozen=True)
class Fault:
    """What is wrong with one part of a template, and where: `line` counts from 1, 0 when it is about the whole part."""

    part: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.message}" if self.line else self.message


def environment(*, is_html: bool) -> Environment:
    """Values are escaped in HTML only. A field without a value is empty; an unknown one is an error."""
    return OurEnvironment(tolerance=Mode.STRICT, undefined=StrictUndefined, autoescape=is_html)


ENVIRONMENTS = {
    "subject": environment(is_html=False),
    "html": environment(is_html=True),
    "text": environment(is_html=False),
}


def compiled(part: str, source: str) -> BoundTemplate:
    """The template of one part, ready to render. Raises LiquidError."""
    return ENVIRONMENTS[part].from_string(source)


def faults(part: str, source: str, fields: Collection[str]) -> list[Fault]:
    """Everything that keeps `source` from being used with `fields` (dotted names)."""
    try:
        template = compiled(part, source)
    except LiquidError as error:
        return [fault_of(part, error)]
    found = [*_unknown(part, source, template, fields), *_ranges(part, source, template)]
    return sorted(set(found), key=lambda fault: (fault.line, fault.message))


def named(part: str, source: str) -> set[str]:
    """The dotted names of the fields that `source` writes; none of one that can't be read."""
    try:
        analysis = compiled(part, source).analyze(include_partials=False)
    except LiquidError:
        return set()
    return {".".join(map(str, one.segments)) for each in analysis.variables.values() for one in each}


def written(name: str) -> str:
    """The dotted name of a field as Liquid reads it: what is a word or a number of its own stands in brackets."""
    first, *others = name.split(".")
    return first + "".join(f".{one}" if _is_read(one) else f"['{one}']" for one in others)


@cache
def _is_read(word: str) -> bool:
    """Whether Liquid takes a word after a point for a name."""
    return named("text", f"{{{{ x.{word} }}}}") == {f"x.{word}"}


def fault_of(part: str, error: LiquidError) -> Fault:
    """A Liquid error in our words."""
    context = error.context()
    words = str(error.message or "This can't be read")
    if found := re.match(r"(?:unexpected|unknown) tag '?([\w#]+)'?", words):
        words = f"“{found[1]}” can't be used here. There are if, unless, case, comment and raw"
    elif found := re.match(r"expected tag (\w+), found", words, re.IGNORECASE):
        words = f"“{found[1]}” is missing"
    return Fault(part, context[0] if context else 0, f"{words[:1].upper()}{words[1:]}.")


def _unknown(part: str, source: str, template: BoundTemplate, fields: Collection[str]) -> Iterator[Fault]:
    """Fields and filters that do not exist, each with the nearest one that does."""
    analysis = template.analyze(include_partials=False)
    for name, spans in analysis.filters.items():
        if name not in FILTERS:
            for span in spans:
                yield Fault(
                    part, _line(source, span.index), f"There is no filter “{name}”.{_nearest(name, FILTERS)}"
                )
    for variables in analysis.variables.values():
        for variable in variables:
            name = ".".join(map(str, variable.segments))
            if name not in fields:
                where = _line(source, variable.span.index)
                yield Fault(part, where, f"There is no field “{variable}”.{_nearest(name, fields)}")


def _ranges(part: str, source: str, template: BoundTemplate) -> Iterator[Fault]:
    """Ranges such as (1..9): a short one can be asked to fill the memory."""
    for expression in _expressions(template.nodes, RenderContext(template)):
        if isinstance(expression, RangeLiteral):
            yield Fault(part, _line(source, expression.token.start_index), "Ranges can't be used here.")


def _expressions(nodes: list[Any], context: RenderContext) -> Iterator[Expression]:
    for node in nodes:
        if isinstance(node, Node):
            yield from _expressions(list(node.expressions()), context)
            yield from _expressions(list(node.children(context, include_partials=False)), context)
        else:
            yield node
            yield from _expressions(list(node.children()), context)


def _line(source: str, index: int) -> int:
    return source.count("\n", 0, max(index, 0)) + 1


def _nearest(name: str, known: Collection[str]) -> str:
    near = [one for one in known if one.endswith(f".{name}")] or difflib.get_close_matches(
        name, known, n=1, cutoff=0.5
    )
    return f" Did you mean {written(near[0])}?" if near else ""
