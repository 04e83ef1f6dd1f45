"""Nothing of the catalogue is forgotten by the random definitions that hold the compiler to a plain evaluation."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from segments.catalog import SCOPES
from tests.segments import definitions

SOURCE = ast.parse(Path(definitions.__file__).read_text())
ASSIGNED = {
    target.id: each.value
    for each in SOURCE.body
    if isinstance(each, ast.Assign)
    for target in each.targets
    if isinstance(target, ast.Name)
}
FUNCTIONS = {each.name: each for each in SOURCE.body if isinstance(each, ast.FunctionDef)}


def named(node: ast.AST) -> Iterator[str]:
    """The fields that a strategy's source asks for, not those of the rows that a block of it is about."""
    if isinstance(node, ast.Name):
        yield from ["all"] if node.id == "ALL" else named(ASSIGNED[node.id])
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        yield from (name for each in node.args if node.func.attr == "one_of" for name in named(each))
    elif isinstance(node, ast.Call) and node.func.id in FUNCTIONS:
        yield FUNCTIONS[node.func.id].args.defaults[0].value
    elif isinstance(node, ast.Call):
        yield node.args[0].value


@pytest.mark.parametrize("scope", SCOPES)
def test_every_field_is_drawn(scope: str) -> None:
    drawn = set(named(ASSIGNED[definitions.LEAVES[scope]]))
    missing = set(SCOPES[scope].fields) - drawn
    assert not missing, f"no rules of {definitions.LEAVES[scope]} in definitions.py ask for these"
