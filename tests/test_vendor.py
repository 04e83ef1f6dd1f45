"""What others made and we keep: exactly the files of the manifest, unchanged, each with its licence."""

import base64
import hashlib
import json
from pathlib import Path

import pytest
from django.conf import settings

MANIFEST = settings.BASE_DIR / "static/vendor/manifest.json"
ENTRIES = json.loads(MANIFEST.read_text())


def sha512(file: Path) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(file.read_bytes()).digest()).decode()


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["name"])
def test_files_are_those_that_were_taken(entry: dict[str, dict[str, str]]) -> None:
    folder = settings.BASE_DIR / str(entry["folder"])
    assert {file.name: sha512(file) for file in folder.iterdir()} == entry["files"]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["name"])
def test_each_has_a_version_and_its_licence(entry: dict[str, dict[str, str]]) -> None:
    assert entry["version"]
    assert entry["licence"]
    assert "LICENSE" in entry["files"]


def test_nothing_is_kept_that_the_manifest_does_not_name() -> None:
    named = {settings.BASE_DIR / entry["folder"] for entry in ENTRIES}
    kept = {
        path for root in ("static/vendor", "tests/vendor") for path in (settings.BASE_DIR / root).iterdir()
    }
    assert kept - {MANIFEST} == named


@pytest.mark.parametrize(
    "script", sorted((settings.BASE_DIR / "static").rglob("*.js")), ids=lambda path: path.name
)
def test_no_script_points_at_a_source_map(script: Path) -> None:
    assert "sourceMappingURL" not in script.read_text()
