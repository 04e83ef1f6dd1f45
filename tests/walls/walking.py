"""Where a walk leads: every address of an organization, and with which ids it leads to something."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import transaction
from django.test import Client
from django.urls import get_resolver, resolve

from console.organizations.models import Organization, Role
from tests.conftest import signed_in
from tests.pages import patterns
from tests.walls.forms import Reader

OURS, THEIRS = "Northgate", "Southgate"  # no word that stands on a page anyway, as in the name of a country
HTMX = {"HX-Request": "true", "HX-Target": "rows"}
BOOSTED = {"HX-Request": "true", "HX-Boosted": "true"}
# By a browser and by htmx: how an address is asked.
WAYS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("GET", "get", {}),
    ("GET by htmx", "get", HTMX),
    ("GET boosted", "get", BOOSTED),
    ("POST", "post", {}),
    ("POST by htmx", "post", HTMX),
)
# Enough where the door or the policy refuses, before a view looks at the request.
SHORT = (WAYS[0], WAYS[3])
Bank = tuple[Organization, list[UUID]]

# Every address of an organization, with the permission that it needs.
PAGES = {
    f"/{path}": vars(each.callback)["permission"]
    for path, each in patterns(get_resolver())
    if path.startswith("o/<slug:organization>/")
}


def address(path: str, slug: str, *ids: UUID) -> str:
    path, given = path.replace("<slug:organization>", slug), iter(ids)
    return re.sub(r"<uuid:\w+>", lambda _: str(next(given)), path)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside leaves no trace."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def answers(client: Client, url: str, ways: Any = WAYS) -> Iterator[tuple[str, Any]]:
    """To each of these ways of asking for an address, without anything said in the body."""
    for way, method, headers in ways:
        with undone():
            yield way, getattr(client, method)(url, headers=headers)


def content(answer: Any) -> str:
    whole = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return whole.decode("utf-8", "replace")


# Found once: banks are furnished alike, so what one address leads to stands at the same place in every bank's list.
KNOWN: dict[str, tuple[int, ...]] = {}


def places(bank: Bank) -> dict[str, tuple[int, ...]]:
    """For each address the places of ids in the bank's list with which it shows something, or at least leads there."""
    if not KNOWN:
        organization, ids = bank
        admin = signed_in(organization.staff.get(role=Role.ADMIN))
        customer, likely = ids.index(organization.customers.get().pk), 0
        known: dict[str, tuple[int, ...]] = {}
        for path in PAGES:
            number = path.count("<uuid:")
            for place in sorted(range(len(ids)), key=lambda each: each != likely) if number else [0]:
                chosen = (place, customer)[:number]
                found = leads(admin, address(path, organization.slug, *(ids[each] for each in chosen)))
                if found == "shows" or (found and path not in known):
                    known[path] = chosen
                if found == "shows":
                    likely = place
                    break
        KNOWN.update(known)
    return KNOWN


def leads(client: Client, url: str) -> str:
    """Whether the address shows something, or takes what is sent to it; leads on to somewhere; or neither, ""."""
    for ask in (client.get, client.post):
        with undone():
            status = ask(url).status_code
        if status != 405:
            return "" if status == 404 else "shows" if status == 200 or ask == client.post else "leads on"
    return ""


def own(bank: Bank) -> dict[str, str]:
    """Every address, each of something that the bank has."""
    known = places(bank)
    return {path: address(path, bank[0].slug, *(bank[1][place] for place in known[path])) for path in PAGES}


def pattern(url: str) -> str:
    """How the address is written in the URLs."""
    return f"/{resolve(url.partition('?')[0]).route}"


def read(client: Client, urls: Iterable[str]) -> Iterator[Reader]:
    """Those of these pages that there are to look at, as a browser understands them."""
    for url in urls:
        with undone():
            page = client.get(url)
            text = content(page)
        if page.status_code == 200 and page.headers["Content-Type"].startswith("text/html"):
            yield Reader(url, text)


def foreign(bank: Bank, theirs: Bank) -> dict[str, str]:
    """Every address of the bank that names something, each with ids of theirs."""
    known = places(bank)
    return {
        path: address(path, bank[0].slug, *(theirs[1][place] for place in known[path]))
        for path in PAGES
        if known[path]
    }
