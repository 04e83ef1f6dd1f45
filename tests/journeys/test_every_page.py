"""No page is left out: each is opened in the browser, with something on it and in an empty bank, and asked by axe."""

from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from playwright.sync_api import Page

from console.organizations.models import Organization, Role
from tests.conftest import signed_in
from tests.factories import StaffFactory
from tests.journeys.walk import Walk
from tests.pages import patterns
from tests.walls.bank import furnished
from tests.walls.walking import PAGES, address, places

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
NARROW = 390
# Of a person, not of an organization.
OWN = [
    "/" + path
    for path, _ in patterns(get_resolver())
    if not path.startswith(("o/", "admin/", "api/")) and "<" not in path and "(" not in path
]


def is_page(client: Client, url: str) -> bool:
    """Whether a browser shows it as a page of ours: no file, no frame for what staff wrote, no way to elsewhere."""
    answer: Any = client.get(url)
    return (
        answer.status_code == 200
        and answer.headers["Content-Type"].startswith("text/html")
        and not answer.headers["Content-Security-Policy"].startswith("sandbox")
        and b"<html" in answer.content
    )


def faults_on(walk: Walk, urls: list[str]) -> list[str]:
    """What axe and the browser say of each page, and which run over the edge of a phone."""
    found = []
    for url in urls:
        walk.page.goto(walk.url + url)
        try:
            walk.finds_no_fault(url)
            walk.fits(NARROW)
        except AssertionError as fault:
            found.append(str(fault).splitlines()[0])
        walk.complaints.clear()
        walk.page.set_viewport_size({"width": 1440, "height": 900})
    return found


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MARKETER])
def test_with_something_on_it(page: Page, live_server: Any, role: str) -> None:
    bank, ids = furnished("northbank", "Northern")
    staff = bank.staff.get(role=role)
    client, known = signed_in(staff), places((bank, ids))
    urls = [address(path, bank.slug, *(ids[place] for place in known[path])) for path in PAGES]
    pages = [url for url in urls if is_page(client, url)]
    walk = Walk(page, live_server.url, staff)
    walk.signs_in()
    assert len(pages) > (50 if role == Role.ADMIN else 40)
    assert faults_on(walk, pages) == []


def test_with_nothing_on_it(page: Page, live_server: Any) -> None:
    staff = StaffFactory(organization__slug="new", organization__name="New bank", role=Role.ADMIN)
    bank: Organization = staff.organization
    client = signed_in(staff)
    urls = [path.replace("<slug:organization>", bank.slug) for path in PAGES if "<uuid" not in path]
    pages = [url for url in [*urls, *OWN] if is_page(client, url)]
    walk = Walk(page, live_server.url, staff)
    walk.signs_in()
    assert len(pages) > 25
    assert faults_on(walk, pages) == []
