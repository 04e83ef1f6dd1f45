"""The overview as its admin reads it at noon."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from console.organizations.models import Organization, Staff
from tests.conftest import signed_in
from tests.factories import NOW, CustomerFactory
from tests.pages import words

PAGE = "/o/nordbank/"


@pytest.fixture
def client(alice: Staff) -> Iterator[Client]:
    with time_machine.travel(NOW, tick=False):
        yield signed_in(alice)


@pytest.fixture
def customer(nordbank: Organization) -> Any:
    return CustomerFactory(organization=nordbank)


def read(client: Client, query: str = "") -> str:
    """What the page says."""
    response = client.get(PAGE + query)
    assert response.status_code == 200
    return words(response.content.decode().split("<main", 1)[1])
