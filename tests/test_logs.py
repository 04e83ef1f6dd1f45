"""What is logged of a request joins it to what it caused, and tells nobody a secret or whom staff looked for."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from console.organizations.models import Invitation, Organization, Role, Staff
from tests.conftest import signed_in
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the console's own handler writes, as settings.LOGGING has it."""
    formatter = dict(settings.LOGGING["formatters"]["json"])
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(formatter.pop("()")(**formatter))
    logging.getLogger().addHandler(handler)
    yield handler.stream
    logging.getLogger().removeHandler(handler)


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_request_is_logged_without_what_was_searched_for(
    nordbank: Organization, olga: Staff, written: io.StringIO
) -> None:
    signed_in(olga).get(
        nordbank.url("customers:customer_list"), {"q": "Nováková"}, HTTP_X_FORWARDED_FOR="10.9.9.9"
    )
    told = [line for line in lines(written) if line["event"].startswith("request_")]
    assert {line["request"] for line in told} == {f"GET {nordbank.url('customers:customer_list')}"}
    assert len({line["request_id"] for line in told}) == 1
    assert {line["ip"] for line in told} == {"127.0.0.1"}, "not what the caller says of themselves"
    assert "Nov" not in written.getvalue()


def test_no_link_of_a_letter_is_in_the_log(
    nordbank: Organization, alice: Staff, client: Client, written: io.StringIO
) -> None:
    _, token = Invitation.objects.invite(
        nordbank, email="new@bank.example", role=Role.VIEWER, by=alice, at=NOW
    )
    key, leaving = "d5a-7c1e9fd0a1b2c3", uuid4()
    client.get(reverse("invitation", args=[token]))
    client.post(reverse("invitation", args=[token]), {"name": ""})  # refused: Django itself logs the path
    client.get(reverse("account_reset_password_from_key", args=["1a", key]))
    client.get(reverse("unsubscribe", args=[leaving]))
    logging.getLogger("anybody").warning("came by https://bank.example%s", f"/invitation/{token}/")
    assert "/invitation/•••/" in written.getvalue()
    assert "/sign-in/password/1a-•••/" in written.getvalue()
    assert not [secret for secret in (token, key, str(leaving)) if secret in written.getvalue()]


def test_a_fault_is_told_with_its_trace_and_still_without_the_link(written: io.StringIO) -> None:
    try:
        raise ValueError("no such page: /invitation/abcdefgh/")
    except ValueError:
        logging.getLogger("anybody").exception("failed")
    (line,) = lines(written)
    assert line["level"] == "error"
    assert "test_logs.py" in line["exception"]
    assert "abcdefgh" not in line["exception"]
