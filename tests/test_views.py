"""The pages that belong to no app: home, search, settings, and what stands there when something is wrong."""

from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory

from console.organizations.models import Organization, Role, Staff
from console.views import server_error
from tests.conftest import proven, signed_in
from tests.factories import (
    AccountFactory,
    AccountHolderFactory,
    CustomerFactory,
    PortfolioFactory,
    SegmentFactory,
    StaffFactory,
    UserFactory,
)
from tests.pages import queries, words

SEARCH, SETTINGS = "/o/nordbank/search/", "/o/nordbank/settings/"


def test_home_leads_to_the_one_organization(vera: Staff) -> None:
    assert signed_in(vera).get("/").headers["Location"] == "/o/nordbank/"


def test_home_asks_where_to_work_and_remembers(vera: Staff) -> None:
    StaffFactory(
        user=vera.user, organization__slug="southbank", organization__name="Southbank", role=Role.ANALYST
    )
    client = signed_in(vera)
    page = client.get("/").content.decode()
    assert 'href="/o/southbank/"><span>Southbank' in page
    assert "Analyst" in page
    client.get("/o/southbank/")
    assert client.get("/").headers["Location"] == "/o/southbank/"


def test_who_lost_the_last_organization_is_asked_again(vera: Staff) -> None:
    for slug in ("southbank", "westbank"):
        StaffFactory(user=vera.user, organization__slug=slug)
    client = signed_in(vera)
    client.get("/o/southbank/")
    vera.user.staff.filter(organization__slug="southbank").delete()
    assert "Where do you want to work?" in client.get("/").content.decode()


def test_who_works_nowhere_is_told_what_to_do(nordbank: Organization) -> None:
    response = proven(UserFactory(email="new@bank.example")).get("/")
    assert response.status_code == 404
    assert "bin/manage create_staff new@bank.example" in response.content.decode()


def test_search_finds_each_kind_by_name_and_id(nordbank: Organization, olga: Staff) -> None:
    riha = CustomerFactory(organization=nordbank, name="Tomáš Říha", external_id="R-1")
    AccountHolderFactory(
        account=AccountFactory(organization=nordbank, external_id="ACC-7", name="Savings"), customer=riha
    )
    SegmentFactory(organization=nordbank, name="Friends of Říha")
    PortfolioFactory(ledger__organization=nordbank, name="Riha family")
    client = signed_in(olga)
    page = words(client.get(SEARCH, {"q": "riha"}).content.decode())
    for text in ("Tomáš ŘíhaR-1", "ACC-7Savings · EUR", "Friends of Říha", "Riha family"):
        assert text in page, text
    assert "/o/nordbank/customers/?q=riha" in client.get(SEARCH, {"q": "riha"}).content.decode()
    assert "ACC-7" in words(client.get(SEARCH, {"q": "ACC"}).content.decode())


def test_search_shows_a_few_and_never_another_banks(nordbank: Organization, olga: Staff) -> None:
    CustomerFactory.create_batch(7, organization=nordbank, name="Same Name")
    CustomerFactory(name="Same Name", external_id="FOREIGN")
    page = signed_in(olga).get(SEARCH, {"q": "same"}).content.decode()
    assert page.count("Same Name") == 5
    assert "FOREIGN" not in page


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("", "What are you looking for?"),
        ("  ", "What are you looking for?"),
        ("xyz", "Nothing bears this name"),
    ],
)
def test_search_says_when_there_is_nothing(olga: Staff, query: str, text: str) -> None:
    assert text in signed_in(olga).get(SEARCH, {"q": query}).content.decode()


def test_search_tells_masked_eyes_what_finds_a_customer(vera: Staff) -> None:
    text = signed_in(vera).get(SEARCH, {"q": "xyz"}).content.decode()
    assert "Nothing found" in text
    assert "written whole" in text


@pytest.mark.parametrize("query", ["\x00", "%", "_", "'", "\\", "<script>", "ř" * 5000])
def test_search_bears_anything(vera: Staff, query: str) -> None:
    response = signed_in(vera).get(SEARCH, {"q": query})
    assert response.status_code == 200
    assert "<script>" not in response.content.decode().replace('type="module"', "").split("<main", 1)[1]


def test_search_takes_as_many_queries_for_three_as_for_one(nordbank: Organization, vera: Staff) -> None:
    def add() -> None:
        AccountHolderFactory(
            account=AccountFactory(organization=nordbank), customer__name="Same", organization=nordbank
        )
        SegmentFactory(organization=nordbank)

    add()
    one = queries(signed_in(vera), f"{SEARCH}?q=same")
    add()
    add()
    assert queries(signed_in(vera), f"{SEARCH}?q=same") == one


def test_settings_show_the_organization_and_the_reader(nordbank: Organization, vera: Staff) -> None:
    nordbank.attributes.create(entity="customers", key="tier", type="text", label="Loyalty tier")
    page = words(signed_in(vera).get(SETTINGS).content.decode())
    for text in ("Europe/Prague", "Vera Viewer", "Viewer", "Customers1", "Every part in every state"):
        assert text in page


@pytest.mark.parametrize("url", ["/o/nordbank/", SEARCH, SETTINGS])
def test_the_wall_holds(vera: Staff, charlie: Staff, url: str) -> None:
    assert signed_in(charlie).get(url).status_code == 404
    assert signed_in(vera).post(url).status_code == 405
    assert Client().get(url).status_code == 302


def test_a_refused_method_is_answered_in_words(vera: Staff) -> None:
    response = signed_in(vera).post("/o/nordbank/")
    assert "This address can’t be used in this way" in response.content.decode()
    assert response.headers["Allow"] == "GET, HEAD"


def test_a_page_that_was_too_old_is_told_so(vera: Staff) -> None:
    client = signed_in(vera)
    client.handler.enforce_csrf_checks = True
    response = client.post("/theme/", {"theme": "dark"})
    assert response.status_code == 403
    assert "The page was too old to be sent" in response.content.decode()


def test_what_is_not_there_is_told_so(vera: Staff) -> None:
    for url in ("/o/nordbank/nothing/", "/o/elsewhere/", "/nothing/"):
        response = signed_in(vera).get(url)
        assert response.status_code == 404
        assert "Nothing here" in response.content.decode()


def test_a_role_that_may_not_is_told_which_it_is(vera: Staff) -> None:
    response = signed_in(vera).get("/o/nordbank/customers/export/")
    assert (
        "Your role at Nordbank a.s. is Viewer. An admin of the organization can change it."
        in response.content.decode()
    )


def test_a_database_that_is_away_is_said_with_a_time_to_come_back(vera: Staff) -> None:
    client = signed_in(vera)
    client.raise_request_exception = False
    with mock.patch(
        "console.views.overview_of", side_effect=OperationalError("server closed the connection")
    ):
        response = client.get("/o/nordbank/")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "30")
    assert "Tranche is not ready" in response.content.decode()


def test_a_database_that_is_away_at_the_door_is_said_too(vera: Staff) -> None:
    client = signed_in(vera)
    client.raise_request_exception = False
    with mock.patch("django.contrib.auth.get_user", side_effect=OperationalError("no connection")):
        assert client.get("/o/nordbank/").status_code == 503


def test_any_other_fault_is_a_500(rf: RequestFactory) -> None:
    try:
        raise ValueError
    except ValueError:
        assert server_error(rf.get("/")).status_code == 500


def test_the_theme_leads_back_to_where_it_was_pressed_and_nowhere_else(vera: Staff) -> None:
    client = signed_in(vera)

    def pressed_on(referer: str) -> Any:
        return client.post("/theme/", {"theme": "dark"}, headers={"Referer": referer}).headers["Location"]

    assert pressed_on("http://testserver/o/nordbank/") == "http://testserver/o/nordbank/"
    assert pressed_on("https://evil.example/") == "/"
    client.post("/theme/", {"theme": "<script>"})
    vera.user.refresh_from_db()
    assert vera.user.theme == ""
