"""A key is exchanged for a token that opens the same for an hour, and not longer than the key lives."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from console.organizations.models import KeyScope, Organization, Staff
from tests.factories import a_key
from tests.midaz.conftest import Caller

pytestmark = pytest.mark.django_db
ADDRESS = "/v1/login/oauth/access_token"


def exchange(secret: str, **said: str) -> Any:
    client, rest = secret.split(".")
    body = {"grantType": "client_credentials", "clientId": client, "clientSecret": rest} | said
    return Client().post(ADDRESS, json.dumps(body), content_type="application/json")


@pytest.fixture
def secret(nordbank: Organization) -> str:
    return a_key(nordbank, scopes=[KeyScope.RECORD_READ])[1]


def asks(nordbank: Organization, token: str) -> int:
    return Caller(token, f"/v1/organizations/{nordbank.pk}")("GET", "/ledgers").status_code


def test_the_token_opens_what_the_key_opens(nordbank: Organization, secret: str) -> None:
    answer = exchange(secret)
    assert answer.status_code == 200, answer.content
    assert answer.json()["tokenType"] == "Bearer"
    assert answer.json()["expiresAt"].endswith("Z")
    token = answer.json()["accessToken"]
    assert asks(nordbank, token) == 200
    assert (
        Caller(token, f"/v1/organizations/{nordbank.pk}")("POST", "/ledgers", {"name": "x"}).status_code
        == 403
    )
    assert asks(nordbank, token[:-1] + ("a" if token[-1] != "a" else "b")) == 401
    with time_machine.travel(timezone.now() + timedelta(seconds=3601)):
        assert asks(nordbank, token) == 401


def test_a_form_does_as_well(secret: str) -> None:
    client = secret.split(".")[0]
    body = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret}
    assert Client().post(ADDRESS, body).status_code == 200


def test_a_key_that_ends_takes_its_tokens_along(nordbank: Organization, alice: Staff, secret: str) -> None:
    token = exchange(secret).json()["accessToken"]
    nordbank.api_keys.get().revoke(by=alice, at=timezone.now())
    assert asks(nordbank, token) == 401


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ({"clientSecret": "wrong"}, 401, "0042"),
        ({"clientId": "tr_none"}, 401, "0042"),
        ({"clientId": ""}, 401, "0042"),
        ({"grantType": "password"}, 400, "0047"),
        ({"clientSecret": 7}, 400, "0094"),
    ],
)
def test_nobody_else_gets_one(secret: str, said: Any, status: int, code: str) -> None:
    answer = exchange(secret, **said)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert ("WWW-Authenticate" in answer) == (status == 401)


@pytest.mark.parametrize("body", ["{", "[]", "7"])
def test_an_unreadable_body_is_told(body: str) -> None:
    answer = Client().post(ADDRESS, body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "0094")
