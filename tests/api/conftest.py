"""Calls of our own API with a key that opens everything."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from console.organizations.models import Organization
from tests.factories import a_key

Call = Callable[..., Any]


@pytest.fixture
def call(nordbank: Organization) -> Call:
    """Calls `method` at a path below /api/v1 and gives the status and the body."""
    client = Client(headers={"Authorization": f"Bearer {a_key(nordbank)[1]}"})

    def inner(method: str, path: str, body: Any = None, **query: Any) -> tuple[int, Any]:
        sent = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
        answer = client.generic(method, f"/api/v1{path}", query_params=query, **sent)
        return answer.status_code, answer.json() if answer.content else None

    return inner
