"""The machines that watch get their answer by address, whatever the database and the settings of a bank say."""

from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError, connection
from django.test import Client

from console.embedded.paths import CHECKOUT

MACHINES = ["/healthz", "/readyz", "/metrics", "/health", "/version"]


@pytest.fixture
def production(settings: Any) -> None:
    """As a bank runs it: one name, HTTPS only."""
    settings.ALLOWED_HOSTS = ["console.bank.example"]
    settings.SECURE_SSL_REDIRECT = True


@pytest.mark.parametrize("path", MACHINES)
def test_a_machine_that_comes_by_address_is_answered(db: None, production: None, path: str) -> None:
    assert Client().get(path, headers={"Host": "10.0.0.7:8000"}).status_code == 200


@pytest.mark.parametrize("path", MACHINES)
def test_machines_only_read(db: None, path: str) -> None:
    assert Client().post(path).status_code == 405


def test_a_page_still_asks_for_the_right_host(db: None, production: None) -> None:
    assert Client().get("/sign-in/", headers={"Host": "10.0.0.7:8000"}, secure=True).status_code == 400


def test_without_its_database_the_console_is_alive_and_not_ready(db: None) -> None:
    with mock.patch.object(connection, "cursor", side_effect=OperationalError("gone")):
        assert Client().get("/healthz").status_code == 200
        answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"database": "OperationalError"})


def test_health_says_which_of_database_and_broker_does_not_answer(db: None, settings: Any) -> None:
    answer = Client().get("/health")
    assert answer.json() == {"status": "available", "dependencies": {"database": "ok", "broker": "ok"}}
    with mock.patch.object(connection, "cursor", side_effect=OperationalError("secret words")):
        answer = Client().get("/health")
    assert (answer.status_code, answer.json()["dependencies"]) == (
        503,
        {"database": "OperationalError", "broker": "ok"},
    )
    settings.REDIS_URL = "redis://:secret@127.0.0.1:1/0"
    answer = Client().get("/health")
    assert (answer.status_code, answer.json()["status"]) == (503, "degraded")
    assert answer.json()["dependencies"] == {"database": "ok", "broker": "ConnectionError"}


def test_version_is_the_project_s(db: None) -> None:
    answer = Client().get("/version").json()
    assert f'version = "{answer["version"]}"' in (CHECKOUT / "pyproject.toml").read_text()
    assert answer["requestDate"].endswith("Z")
