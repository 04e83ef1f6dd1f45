"""What an operator must know stands where an operator looks."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OPERATIONS = (ROOT / "docs/operations.md").read_text()


def variables(pattern: str, path: str) -> set[str]:
    return set(re.findall(pattern, (ROOT / path).read_text()))


def test_every_variable_that_the_settings_read_is_described() -> None:
    read = variables(r"env(?:\.\w+)?\(\s*\"([A-Z_]+)\"", "console/settings.py")
    described = set(re.findall(r"^\| `([A-Z_]+)` \|", OPERATIONS, re.MULTILINE))
    assert read, "the settings read no variable: has their way of reading changed?"
    assert described == read, "docs/operations.md, section Variables, and console/settings.py differ"


def test_composed_services_get_every_variable_but_those_of_development() -> None:
    console, services = (ROOT / "compose.yaml").read_text().split("services:")
    prepare, web = services.split("\n  prepare:")[1].split("\n  web:")
    assert "DATABASE_OWNER_URL" in prepare
    assert "DATABASE_OWNER_URL" not in console + web
    given = {"DATABASE_OWNER_URL"} | set(re.findall(r"^ {4}([A-Z_]+):", console, re.MULTILINE))
    described = set(re.findall(r"^\| `([A-Z_]+)` \|", OPERATIONS, re.MULTILINE))
    assert described - given == {"CELERY_EAGER", "DEBUG", "TRANCHE_DEMO", "WEBHOOK_ALLOW_LOOPBACK"}


def test_composed_services_keep_what_is_uploaded_out_of_memory() -> None:
    console = (ROOT / "compose.yaml").read_text().split("services:")[0]
    data = re.findall(r"^  volumes: \[files:(.+)\]", console, re.MULTILINE)
    assert re.findall(r"FILE_UPLOAD_TEMP_DIR: (\S+)", console) == data


def test_locks_name_no_registry() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        assert "://" not in lock.read_text(), lock.name


@pytest.mark.parametrize("path", ["README.md", "docs/adding.md", "docs/security.md", "docs/operations.md"])
def test_files_that_are_named_are_there(path: str) -> None:
    """Where a file moved, whoever comes new is led to it all the same."""
    named = variables(
        r"\b((?:console|segments|communications|alerts|tests|templates|docs)/[\w/-]+\.\w+)", path
    )
    linked = {f"{Path(path).parent}/{link}" for link in variables(r"\]\(([\w./-]+)\)", path)}
    assert named | linked
    assert [each for each in sorted(named | linked) if not (ROOT / each).exists()] == []
