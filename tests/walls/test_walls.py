"""Nothing of another bank exists here: every address, method and role, with ids that are real elsewhere."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver

from console.organizations.access import POLICY
from console.organizations.models import Organization, Role
from tests.conftest import signed_in
from tests.pages import patterns
from tests.walls.bank import furnished

OURS, THEIRS = "Northern", "Southern"
HTMX = {"HX-Request": "true", "HX-Target": "rows"}
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


def answers(client: Client, url: str) -> Iterator[Any]:
    """To GET by a browser and by htmx, and to POST."""
    for ask, headers in ((client.get, {}), (client.get, HTMX), (client.post, {})):
        with undone():
            yield ask(url, headers=headers)


@pytest.fixture
def ours(db: None) -> Bank:
    return furnished("northbank", OURS)


@pytest.fixture
def theirs(db: None) -> Bank:
    return furnished("southbank", THEIRS)


# Found once: banks are furnished alike, so what one address leads to stands at the same place in every bank's list.
KNOWN: dict[str, tuple[int, ...]] = {}


def places(bank: Bank) -> dict[str, tuple[int, ...]]:
    """For each address the places of ids in the bank's list with which it leads to something."""
    if not KNOWN:
        organization, ids = bank
        admin = signed_in(organization.staff.get(role=Role.ADMIN))
        customer, likely = ids.index(organization.customers.get().pk), 0
        for path in PAGES:
            number = path.count("<uuid:")
            for place in sorted(range(len(ids)), key=lambda each: each != likely):
                chosen = (place, customer)[:number]
                url = address(path, organization.slug, *(ids[each] for each in chosen))
                if any(answer.status_code not in (404, 405) for answer in answers(admin, url)):
                    KNOWN[path], likely = chosen, place
                    break
    return KNOWN


def state(organization: Organization) -> dict[str, str]:
    """A fingerprint of each table's rows of the organization."""
    return {table: fingerprint(table, organization) for table in tables()}


@cache
def tables() -> tuple[str, ...]:
    return tuple(
        model._meta.db_table
        for model in apps.get_models()
        if any(field.name == "organization" for field in model._meta.fields)
    )


def fingerprint(table: str, organization: Organization) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t"
            " WHERE organization_id = %s",
            [organization.pk],
        )
        return str(cursor.fetchone()[0])


def test_every_address_leads_somewhere_in_ones_own_bank(ours: Bank) -> None:
    """Without this the walls below could stand around nothing."""
    assert sorted(set(PAGES) - set(places(ours))) == []
    assert len(tables()) > 20


@pytest.mark.parametrize("role", Role.values)
def test_there_is_nothing_to_find_out_about_another_bank(ours: Bank, theirs: Bank, role: str) -> None:
    client, before, known = signed_in(ours[0].staff.get(role=role)), state(theirs[0]), places(ours)
    leaks = []
    for path, permission in PAGES.items():
        foreign = [theirs[1][place] for place in known[path]]
        there = address(path, theirs[0].slug, *foreign)
        leaks += [
            f"{there}: {answer.status_code}" for answer in answers(client, there) if answer.status_code != 404
        ]
        if not foreign:
            continue
        here = address(path, ours[0].slug, *foreign)
        for answer in answers(client, here):
            allowed = {404, 405} if role in POLICY[permission] else {403, 405}
            if answer.status_code not in allowed or THEIRS in answer.content.decode():
                leaks.append(f"{answer.request['REQUEST_METHOD']} {here}: {answer.status_code}")
    assert leaks == []
    assert state(theirs[0]) == before


@pytest.mark.parametrize("role", Role.values)
def test_ones_own_pages_say_nothing_of_another_bank(ours: Bank, theirs: Bank, role: str) -> None:
    client, known = signed_in(ours[0].staff.get(role=role)), places(ours)
    urls = [address(path, ours[0].slug, *(ours[1][place] for place in known[path])) for path in PAGES]
    pages = {url: content(client.get(url)) for url in urls}
    assert [url for url, text in pages.items() if THEIRS in text] == []
    assert sum(OURS in text for text in pages.values()) > 20


def content(answer: Any) -> str:
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode(
        "utf-8", "replace"
    )
