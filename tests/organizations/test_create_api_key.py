"""bin/manage create_api_key: a secret that opens the API, printed once."""

import json
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from console.organizations.models import ApiKey, Organization


def test_prints_the_secret_alone_on_standard_output(nordbank: Organization) -> None:
    out, err = StringIO(), StringIO()
    call_command("create_api_key", organization="nordbank", name="mobile app", stdout=out, stderr=err)
    secret = out.getvalue().strip()
    key = ApiKey.verify(secret, at=datetime.now(UTC))
    assert key is not None
    assert (key.organization, key.name) == (nordbank, "mobile app")
    assert secret not in err.getvalue()
    assert secret not in str(ApiKey.objects.values())


def test_json_for_scripts(nordbank: Organization) -> None:
    out = StringIO()
    call_command("create_api_key", organization="nordbank", name="crm", days=30, json=True, stdout=out)
    told = json.loads(out.getvalue())
    assert (told["organization"], told["name"]) == ("nordbank", "crm")
    assert told["secret"].startswith(told["prefix"])
    assert told["expires_at"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"organization": "nobank", "name": "x"}, "There is no organization “nobank”."),
        ({"organization": "nordbank", "name": " "}, "Give the key a name"),
        ({"organization": "nordbank", "name": "x", "days": 0}, "--days"),
    ],
)
def test_says_what_is_wrong(nordbank: Organization, options: dict[str, object], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("create_api_key", **options)
