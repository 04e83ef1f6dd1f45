"""Nothing of another bank exists here: every address, way of asking and role, with ids that are real elsewhere.

The second wall is open while these walk, so that it is the views themselves that must not let anything through;
test_policies.py walks with the first wall gone.
"""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from console.organizations.access import POLICY
from console.organizations.models import Role
from tests.conftest import signed_in
from tests.walls.report import Walk
from tests.walls.walking import (
    OURS,
    PAGES,
    SHORT,
    THEIRS,
    WAYS,
    Bank,
    answers,
    content,
    foreign,
    own,
    places,
)
from tests.walls.witness import first_wall_alone, rows_of, tables

ADDRESSES = "ids in addresses"


@pytest.fixture
def alone(ours: Bank, theirs: Bank) -> Iterator[None]:
    """Both banks are there, and the views have to tell them apart."""
    places(ours)
    with first_wall_alone():
        yield


def test_every_address_leads_somewhere_in_ones_own_bank(ours: Bank) -> None:
    """Without this the walls below could stand around nothing."""
    assert sorted(set(PAGES) - set(places(ours))) == []
    assert len(tables()) > 20


@pytest.mark.parametrize("role", Role.values)
def test_there_is_nothing_to_find_out_about_another_bank(
    ours: Bank, theirs: Bank, role: str, walk: Callable[[str], Walk]
) -> None:
    client, tried = signed_in(ours[0].staff.get(role=role)), walk(ADDRESSES)
    here, there = foreign(ours, theirs), own(theirs)
    before = rows_of(theirs[0])
    with first_wall_alone():
        for path, permission in PAGES.items():
            may = role in POLICY[permission]
            door = (there[path], {404}, SHORT)
            inside = (here.get(path), {404, 405} if may else {403, 405}, WAYS if may else SHORT)
            for url, allowed, ways in (door, inside):
                for way, answer in answers(client, url, ways) if url else ():
                    tried.asked(path, role, way, status=answer.status_code)
                    if answer.status_code not in allowed or THEIRS in content(answer):
                        tried.found(f"{way} {url}: {answer.status_code}")
    assert tried.leaks == []
    assert rows_of(theirs[0]) == before


def test_who_is_not_signed_in_learns_of_no_bank(
    ours: Bank, client: Client, walk: Callable[[str], Walk]
) -> None:
    tried = walk(ADDRESSES)
    for path, url in own(ours).items():
        for way, answer in answers(client, url, SHORT):
            tried.asked(path, "nobody", way, status=answer.status_code)
            leads_away = answer.status_code == 302 or "HX-Redirect" in answer.headers
            if not leads_away or OURS in content(answer):
                tried.found(f"{way} {url}: {answer.status_code}")
    assert tried.leaks == []


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("role", Role.values)
def test_ones_own_pages_say_nothing_of_another_bank(
    ours: Bank, role: str, walk: Callable[[str], Walk]
) -> None:
    client, tried, seen = signed_in(ours[0].staff.get(role=role)), walk("ones own pages"), 0
    for path, url in own(ours).items():
        answer = client.get(url)
        text = content(answer)
        seen += OURS in text
        tried.asked(path, role, "GET", status=answer.status_code)
        if THEIRS in text:
            tried.found(url)
    assert tried.leaks == []
    assert seen > 20
