"""An explanation as plain text, for a letter or a ticket: a line for each clause, indented as the tree is."""

from collections.abc import Iterator

from segments.explaining.clauses import Clause
from segments.explaining.explanation import Explanation
from segments.explaining.words import Standing, moment

STEP = "  "


def as_text(one: Explanation, says: Standing) -> str:
    """Whom and what it is about, the answer, when the values were read, and the tree; "" where there is none.

    ✓ marks what holds, ✗ what does not. Who reads names masked copies them masked.
    """
    if one.root is None or one.segment.version is None:
        return ""
    about = f"{says.title}: {one.segment}, version {one.segment.version.number} ({one.member.external_id})"
    read = f"Values as of {moment(one, one.at)}."
    return "\n".join([about, *filter(None, [says.notice]), says.text, read, "", *_lines(one.root, "")])


def _lines(clause: Clause, indent: str) -> Iterator[str]:
    value = f": {clause.value}" if clause.value else ""
    note = f" ({clause.note})" if clause.note else ""
    yield f"{indent}{_mark(clause.is_met)} {clause.words}{value}{note}"
    for each in clause.clauses:
        yield from _lines(each, indent + STEP)
    examples = clause.examples
    for row in examples.rows:
        cells = [f"{head} {cell}" for head, cell in zip(examples.heads, row.cells, strict=True)]
        yield f"{indent}{STEP}{_mark(row.is_met)} {', '.join(filter(None, [row.name, *cells]))}"
    if examples.more:
        yield f"{indent}{STEP}and {examples.more} more"


def _mark(is_met: bool) -> str:
    return "✓" if is_met else "✗"
