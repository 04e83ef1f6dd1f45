"""Every page says where it stands: the organization, the section of the rail, and what is between that and the page."""

import re
from typing import Any

import pytest

from console.navigation import GROUPS, section_at
from console.organizations.models import Role
from tests.conftest import signed_in
from tests.pages import words
from tests.walls.bank import furnished
from tests.walls.walking import PAGES, address, places

pytestmark = pytest.mark.django_db
NAV = re.compile(r'<nav class="crumbs" aria-label="You are here"><ol>(.*?)</ol></nav>', re.DOTALL)
LINK = re.compile(r'<a href="([^"]+)">(.*?)</a>', re.DOTALL)


def crumbs(page: str) -> list[tuple[str, str]]:
    """What stands there, each as (address, words); the page itself has no address."""
    found = NAV.search(page)
    steps = re.findall(r"<li[^>]*>(.*?)</li>", found[1], re.DOTALL) if found else []
    links = [LINK.search(step) for step in steps]
    return [
        (link[1], words(link[2])) if link else ("", words(step))
        for link, step in zip(links, steps, strict=True)
    ]


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("billing/of/1/", "Customers"),
        ("billing/of/1/links/new/", "Customers"),
        ("billing/contacts/1/", "Customers"),
        ("segments/of/1/why/", "Customers"),
        ("segments/of-account/1/history/", "Accounts"),
        ("billing/connectors/1/links/new/", "Connectors"),
        ("segments/1/why/2/", "Segments"),
    ],
)
def test_what_is_about_one_customer_stands_under_the_customers(path: str, label: str) -> None:
    section = section_at(f"/o/northbank/{path}?on=connector")
    assert section is not None
    assert section.label == label


def test_every_page_says_where_it_stands() -> None:
    bank, ids = furnished("northbank", "Northern")
    client, known = signed_in(bank.staff.get(role=Role.ADMIN)), places((bank, ids))
    faults, seen = [], 0
    for path in PAGES:
        url = address(path, bank.slug, *(ids[place] for place in known[path]))
        answer: Any = client.get(url)
        if answer.status_code != 200 or b"<html" not in getattr(answer, "content", b""):
            continue
        if b'class="rail"' not in answer.content:
            continue
        shown = crumbs(answer.content.decode())
        sections = {(bank.url(name), label) for _, items in GROUPS for label, name, _ in items}
        above = {("", label) for at, label in sections if at == url} or sections
        is_right = shown[:1] == [(bank.url("overview"), bank.name)] and shown[-1][0] == ""
        # What stands right under the overview, such as the search, needs no step between.
        if not is_right or not (shown[1] in above or url == bank.url("search")):
            faults.append(f"{url}: {' / '.join(name for _, name in shown)}")
        seen += 1
    assert seen > 50
    assert not faults, "\n".join(faults)
