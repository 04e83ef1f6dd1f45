"""What every answer carries, whatever the address, the method and the outcome."""

import runpy
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from console.organizations.models import Role, Staff
from tests.conftest import signed_in
from tests.pages import patterns
from tests.walls.bank import furnished
from tests.walls.walking import PAGES, address, places

EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
# Frames for what staff wrote: only our own pages may show them, and nothing in them runs.
FRAMES = {
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "no-referrer",
}
UNSAFE = ("'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:")


def faults(answer: Any) -> list[str]:
    """What an answer lacks."""
    policy = answer.headers.get("Content-Security-Policy", "")
    is_frame = policy.startswith("sandbox;")
    expected = EXPECTED | (FRAMES if is_frame else {})
    found = [
        f"{name}: {answer.headers.get(name)}"
        for name, value in expected.items()
        if value not in answer.headers.get(name, "")
    ]
    sources = {word for part in policy.split(";") for word in part.split()[1:]}
    may_frame = "frame-ancestors 'self'" if is_frame else "frame-ancestors 'none'"
    if "default-src 'none'" not in policy or may_frame not in policy:
        found.append(f"Content-Security-Policy: {policy}")
    if not is_frame and sources & set(UNSAFE):
        found.append(f"Content-Security-Policy allows {sources & set(UNSAFE)}")
    return found


@pytest.mark.django_db
def test_every_page_of_an_organization() -> None:
    bank = furnished("northbank", "Northern")
    client, known = signed_in(bank[0].staff.get(role=Role.ADMIN)), places(bank)
    urls = [address(path, bank[0].slug, *(bank[1][place] for place in known[path])) for path in PAGES]
    lacking = {url: found for url in urls if (found := faults(client.get(url)))}
    assert len(urls) > 60
    assert lacking == {}


@pytest.mark.django_db
def test_every_other_address_for_anybody(client: Client) -> None:
    others = [
        "/" + path.replace("<uuid:token>", "01a202b8-9a85-75ee-a179-806fdf6cdb69")
        for path, _ in patterns(get_resolver())
        if not path.startswith(("o/", "admin/")) and "(" not in path
    ]
    lacking = {url: found for url in [*others, "/nowhere/", "/admin/"] if (found := faults(client.get(url)))}
    assert lacking == {}


@pytest.mark.django_db
def test_over_https_cookies_and_transport_are_kept_safe(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 31536000
    assert client.get("/").status_code == 301
    assert "max-age=31536000" in client.get("/", secure=True).headers["Strict-Transport-Security"]


def test_over_https_no_other_host_can_give_us_a_cookie(
    alice: Staff, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS", "1")
    given = runpy.run_path("console/settings.py")
    for name in given:
        if "_COOKIE_" in name:
            setattr(settings, name, given[name])
    client = signed_in(alice)
    answers = [
        client.get(reverse("account_login"), secure=True),
        client.get(alice.organization.url("overview"), secure=True),
    ]
    cookies: dict[str, Any] = {name: one for each in answers for name, one in each.cookies.items()}
    assert set(cookies) == {"__Host-sessionid", "__Host-csrftoken"}
    for cookie in cookies.values():
        assert cookie["secure"]
        assert cookie["httponly"]
        assert (cookie["path"], cookie["domain"], cookie["samesite"]) == ("/", "", "Lax")
