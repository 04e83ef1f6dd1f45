"""What an operator must know stands where an operator looks."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPERATIONS = (ROOT / "docs/operations.md").read_text()


def variables(pattern: str, path: str) -> set[str]:
    return set(re.findall(pattern, (ROOT / path).read_text()))


def test_every_variable_that_the_settings_read_is_described() -> None:
    read = variables(r"env(?:\.\w+)?\(\s*\"([A-Z_]+)\"", "console/settings.py")
    described = set(re.findall(r"^\| `([A-Z_]+)` \|", OPERATIONS, re.MULTILINE))
    assert read, "the settings read no variable: has their way of reading changed?"
    assert described == read, "docs/operations.md, section Variables, and console/settings.py differ"


def test_composed_services_get_every_variable_that_has_no_safe_default() -> None:
    given = set(re.findall(r"^ {4}([A-Z_]+): ", (ROOT / "compose.yaml").read_text(), re.MULTILINE))
    assert {"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "ALLOWED_HOSTS", "PUBLIC_URL"} <= given


def test_locks_name_no_registry() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        assert "://" not in lock.read_text(), lock.name
