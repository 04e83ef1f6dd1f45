"""bin/manage count_segment: a file in, a count out, nothing written."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from console.organizations.models import Organization
from segments.models import Segment
from tests.factories import CustomerFactory

CZECHS = {
    "name": "Czechs",
    "population": "customers",
    "definition": {"combinator": "and", "rules": [{"field": "country", "operator": "=", "value": "CZ"}]},
}


def count(organization: Organization, folder: Path, text: str, capsys: Any) -> dict[str, Any]:
    file = folder / "definition.json"
    file.write_text(text)
    call_command("count_segment", str(file), organization=organization.slug)
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_members_are_counted_and_nothing_is_written(
    nordbank: Organization, tmp_path: Path, capsys: Any
) -> None:
    for country in ("CZ", "CZ", "DE"):
        CustomerFactory(organization=nordbank, country=country)
    CustomerFactory(country="CZ")
    assert count(nordbank, tmp_path, json.dumps(CZECHS), capsys)["count"] == 2
    assert not Segment.objects.exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"population": "cats"}, "write “customers” or “accounts”"),
        ({"sql": "1"}, "“sql” is not part of a segment's file"),
        ({"definition": {"combinator": "and", "rules": [{"field": "nope"}]}}, "/rules/0"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_the_place(
    nordbank: Organization, tmp_path: Path, capsys: Any, change: dict[str, Any], words: str
) -> None:
    with pytest.raises(CommandError, match=words):
        count(nordbank, tmp_path, json.dumps(CZECHS | change), capsys)


def test_an_organization_that_is_not_there_is_named(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no organization “nobank”"):
        call_command("count_segment", str(tmp_path / "x.json"), organization="nobank")
