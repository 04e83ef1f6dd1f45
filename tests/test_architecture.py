"""The house stands as it is drawn: dependencies point down, in imports (import-linter) and in tables (here)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import get_resolver

from tests.pages import patterns

ROOT = Path(__file__).resolve().parent.parent
FLOORS = [
    "organizations",
    "customers",
    "ledgers",
    "portfolios",
    "balances",
    "billing",
    "imports",
    "segments",
    "communications",
    "alerts",
]
SOURCES = ["console", "segments", "communications", "alerts"]
MAX_FILE, MAX_FUNCTION, MAX_VIEW, MAX_TEMPLATE = 300, 40, 25, 120


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from (p for p in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in p.parts)


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_tables_refer_down_only() -> None:
    """String keys are invisible to a linter of imports, so the foreign keys themselves are asked."""
    upstairs = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in FLOORS
        for field in model._meta.get_fields()
        if field.many_to_one and field.concrete and field.related_model._meta.app_label in FLOORS
        if FLOORS.index(field.related_model._meta.app_label) > FLOORS.index(model._meta.app_label)
    ]
    assert upstairs == []


def test_every_row_belongs_to_an_organization() -> None:
    """By its own column, or through the row that it is a part of."""
    free = {"organizations.Organization", "organizations.User"}
    homeless = [
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label in FLOORS and model._meta.label not in free
        if not any(
            (field.many_to_one or field.one_to_one)
            and field.concrete
            and field.related_model._meta.app_label in FLOORS
            for field in model._meta.get_fields()
        )
    ]
    assert homeless == []


def test_views_start_from_the_organization() -> None:
    """No view, and no answer of our API, asks a model for all its rows: the caller's organization comes first."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources(*SOURCES)
        if path.name == "views.py" or path.stem.endswith("api") or path.parent.name in ("views", "api")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager")
    ]
    assert found == []


@pytest.mark.parametrize("name", ["utils", "helpers", "services", "managers", "signals"])
def test_no_drawer_for_odds_and_ends(name: str) -> None:
    assert [p for p in sources(*SOURCES) if p.stem == name or name in p.parts] == []


def test_files_and_functions_stay_readable() -> None:
    long = [
        f"{p.relative_to(ROOT)}" for p in sources(*SOURCES, "tests") if p.read_text().count("\n") > MAX_FILE
    ]
    long += [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in sources(*SOURCES)
        for node in functions(path)
        if length(node)
        > (MAX_VIEW if "view" in (path.stem.rstrip("s"), path.parent.name.rstrip("s")) else MAX_FUNCTION)
    ]
    long += [
        str(p.relative_to(ROOT))
        for p in (ROOT / "templates").rglob("*.html")
        if p.read_text().count("\n") > MAX_TEMPLATE
    ]
    assert long == []


def test_every_page_of_an_organization_names_the_permission_it_needs() -> None:
    bare = [
        path
        for path, pattern in patterns(get_resolver())
        if path.startswith("o/<slug:organization>/") and not hasattr(pattern.callback, "permission")
    ]
    assert bare == []


def test_decisions_are_numbered_one_by_one() -> None:
    """The number in a record's name and in its title; two that were written at once may not share one."""
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    titles = [int(record.read_text().split(".")[0].lstrip("# ")) for record in records]
    assert titles == [int(record.name[:4]) for record in records] == list(range(1, len(records) + 1))


def test_what_is_silenced_says_why() -> None:
    """A reason of three words at least behind each `type: ignore` and `noqa`, so that whoever meets it can judge."""
    silenced = re.compile(r"# (type: ignore|noqa)\b(?!.*(  #| -) \S+ \S+ \S+)")
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sources(*SOURCES, "tests")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if silenced.search(line)
    ]
    assert bare == []
