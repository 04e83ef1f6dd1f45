"""Where a request comes from: never what the caller says of itself, whatever stands in X-Forwarded-For."""

from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from console.organizations.callers import address_of
from console.organizations.models import AuditEvent, Organization, Staff
from tests.conftest import signed_in
from tests.factories import SegmentFactory, a_key

FORGED = "6.6.6.6"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "", "10.0.0.1"),
        (0, FORGED, "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, f"{FORGED}, 203.0.113.7", "203.0.113.7"),
        (2, f"{FORGED},203.0.113.7 , 10.0.0.9", "203.0.113.7"),
        (2, FORGED, "10.0.0.1"),
        (1, "203.0.113.7:51000", "203.0.113.7"),
        (1, "[2001:db8::7]:51000", "2001:db8::7"),
        (1, "2001:db8::7", "2001:db8::7"),
        (1, "<script>", "10.0.0.1"),
        (1, f"{FORGED},", "10.0.0.1"),
    ],
)
def test_as_many_proxies_are_believed_as_there_are(
    proxies: int, forwarded: str, address: str, settings: Any
) -> None:
    settings.PROXY_COUNT = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert address_of(RequestFactory().get("/", headers=headers, REMOTE_ADDR="10.0.0.1")) == address


def test_a_socket_has_no_address() -> None:
    assert address_of(RequestFactory().get("/", REMOTE_ADDR="")) == ""


@pytest.mark.parametrize(("proxies", "address"), [(0, "10.0.0.1"), (1, "203.0.113.7")])
def test_pages_and_keys_tell_the_same(
    proxies: int, address: str, nordbank: Organization, alice: Staff, settings: Any
) -> None:
    settings.PROXY_COUNT = proxies
    came: dict[str, Any] = {
        "headers": {"X-Forwarded-For": f"{FORGED}, 203.0.113.7"},
        "REMOTE_ADDR": "10.0.0.1",
    }
    segment = SegmentFactory(organization=nordbank)
    signed_in(alice).post(nordbank.url("segments:segment_archive", segment.pk), **came)
    assert AuditEvent.objects.filter(whole_id=segment.pk).latest("id").address == address
    key, secret = a_key(nordbank)
    came["headers"] |= {"Authorization": f"Bearer {secret}"}
    Client().get("/api/v1/decisions", **came)
    key.refresh_from_db()
    assert key.last_used_from == address


@pytest.mark.parametrize(("proxies", "is_limited"), [(0, True), (1, False)])
def test_limits_count_by_it(proxies: int, is_limited: bool, db: None, settings: Any) -> None:
    """Behind a proxy that is counted another address has tries of its own; a made up one never has."""
    settings.PROXY_COUNT = proxies
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "2/m/ip"}
    typed = {"login": "nobody@mail.example", "password": "x"}
    for number in range(3):
        came = {"X-Forwarded-For": f"203.0.113.{number}"}
        answer = Client().post(reverse("account_login"), typed, headers=came)
    assert (answer.status_code == 429) is is_limited
