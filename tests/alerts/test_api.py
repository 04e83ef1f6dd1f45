"""GET /api/v1/decisions: the right banner for an opaque id, taken away at once, and nothing of another bank."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from alerts.models import Campaign, Impression
from console.balances.posting import reverse
from console.customers.models import Customer
from console.organizations.models import Organization, Staff
from console.portfolios.models import Account
from tests.alerts.bank import account_with, activate, banner_on, book, campaign_on, judge, later, watching
from tests.factories import AccountHolderFactory, CustomerFactory, a_key

pytestmark = pytest.mark.django_db


def asks(organization: Organization, **query: Any) -> Any:
    """The answer to GET /decisions with a fresh key of `organization`."""
    _, secret = a_key(organization)
    return Client().get("/api/v1/decisions", query, headers={"Authorization": f"Bearer {secret}"})


def clicks(organization: Organization, decision: object) -> Any:
    _, secret = a_key(organization)
    return Client().post(
        f"/api/v1/decisions/{decision}/clicks", headers={"Authorization": f"Bearer {secret}"}
    )


@pytest.fixture
def account(nordbank: Organization) -> Account:
    return account_with(nordbank, "150")


@pytest.fixture
def owner(account: Account) -> Customer:
    customer: Customer = AccountHolderFactory(account=account).customer
    customer.refresh_from_db()
    return customer


@pytest.fixture
def firing(alice: Staff, account: Account, owner: Customer) -> Campaign:
    """A campaign with an approved banner whose alert fires on the owner's account."""
    campaign = watching(alice, account)
    banner_on(campaign, alice)
    book(account, "-90", at=later(1))
    judge(account.organization, at=later(2))
    return campaign


def test_the_banner_and_nothing_else(nordbank: Organization, owner: Customer, firing: Campaign) -> None:
    answer = asks(nordbank, customer=owner.opaque_id, placement="home")
    impression = Impression.objects.get()
    assert answer.status_code == 200
    assert answer.json() == {
        "id": str(impression.pk),
        "placement": "home",
        "banner": {
            "title": "Cover the gap",
            "text": "Your balance is low.",
            "button_label": "See how",
            "link": "/cover",
        },
    }
    assert (impression.customer, impression.alert.campaign) == (owner, firing)
    assert answer["Cache-Control"] == "no-store"


WITHDRAWALS: dict[str, Callable[[Campaign, Staff], object]] = {
    "paused": lambda campaign, by: campaign.pause(by=by, at=later(3)),
    "ended": lambda campaign, by: campaign.end(by=by, at=later(3)),
    "resolved": lambda campaign, by: campaign.alerts.get().resolve(by=by, at=later(3)),
    "banner withdrawn": lambda campaign, by: campaign.banners.get().withdraw(by=by, at=later(3)),
    "banner edited": lambda campaign, by: campaign.banners.get().prepare(by=by, at=later(3)),
}


@pytest.mark.parametrize("how", WITHDRAWALS)
def test_withdrawn_at_once(
    how: str, nordbank: Organization, owner: Customer, firing: Campaign, alice: Staff
) -> None:
    WITHDRAWALS[how](firing, alice)
    answer = asks(nordbank, customer=owner.opaque_id, placement="home")
    assert (answer.status_code, answer.content) == (204, b"")
    assert not Impression.objects.exists()


def test_cleared_it_is_gone(
    nordbank: Organization, owner: Customer, firing: Campaign, account: Account
) -> None:
    book(account, "90", at=later(3))
    judge(nordbank, at=later(4))
    assert asks(nordbank, customer=owner.opaque_id, placement="home").status_code == 204


def test_voided_it_is_gone(
    nordbank: Organization, owner: Customer, firing: Campaign, account: Account, alice: Staff
) -> None:
    reverse(account.transactions.get(direction="debit"), by=alice, at=later(3))
    judge(nordbank, at=later(4))
    assert firing.alerts.get().state == "voided"
    assert asks(nordbank, customer=owner.opaque_id, placement="home").status_code == 204


def test_snoozing_is_between_colleagues_the_banner_stays(
    nordbank: Organization, owner: Customer, firing: Campaign, alice: Staff
) -> None:
    firing.alerts.get().snooze(later(days=3), by=alice, at=later(3))
    assert asks(nordbank, customer=owner.opaque_id, placement="home").status_code == 200


def test_nothing_at_another_place_or_for_an_authorised_user(
    nordbank: Organization, owner: Customer, firing: Campaign, account: Account
) -> None:
    user = AccountHolderFactory(account=account, role="authorised user").customer
    user.refresh_from_db()
    assert asks(nordbank, customer=owner.opaque_id, placement="cards").status_code == 204
    assert asks(nordbank, customer=user.opaque_id, placement="home").status_code == 204


def test_of_several_the_most_important(
    nordbank: Organization, owner: Customer, firing: Campaign, account: Account, alice: Staff
) -> None:
    other = campaign_on(firing.segment, "50", priority=90)
    banner_on(other, alice, title="More important")
    activate(other, by=alice, at=later(3))
    judge(nordbank, at=later(4))
    book(account, "-30", at=later(5))
    judge(nordbank, at=later(6))
    title = asks(nordbank, customer=owner.opaque_id, placement="home").json()["banner"]["title"]
    assert title == "More important"


def test_a_click_is_kept_once(nordbank: Organization, owner: Customer, firing: Campaign) -> None:
    decision = asks(nordbank, customer=owner.opaque_id, placement="home").json()["id"]
    assert clicks(nordbank, decision).status_code == 204
    first = Impression.objects.get().clicked_at
    assert first is not None
    assert clicks(nordbank, decision).status_code == 204
    assert Impression.objects.get().clicked_at == first


def test_for_another_banks_key_nothing_of_it_exists(
    nordbank: Organization, owner: Customer, firing: Campaign, charlie: Staff
) -> None:
    decision = asks(nordbank, customer=owner.opaque_id, placement="home").json()["id"]
    stranger = asks(charlie.organization, customer=owner.opaque_id, placement="home")
    unknown = asks(charlie.organization, customer=uuid4(), placement="home")
    assert (stranger.status_code, stranger.content) == (404, unknown.content)
    assert stranger["Content-Type"] == "application/problem+json"
    assert clicks(charlie.organization, decision).status_code == 404
    assert Impression.objects.get().clicked_at is None


@pytest.mark.parametrize("authorization", ["", "Bearer nonsense", "Basic YTpi"])
def test_without_a_key_401(db: None, authorization: str) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    answer = Client().get(
        "/api/v1/decisions", {"customer": str(uuid4()), "placement": "home"}, headers=headers
    )
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["title"] == "Unauthorized"


def test_a_revoked_key_opens_nothing(nordbank: Organization, alice: Staff) -> None:
    key, secret = a_key(nordbank)
    key.revoke(by=alice, at=timezone.now())
    answer = Client().get("/api/v1/decisions", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("query", "pointers"),
    [
        ({"customer": "C000001", "placement": "home"}, ["/query/customer"]),
        ({}, ["/query/customer", "/query/placement"]),
        ({"customer": str(uuid4()), "placement": "<b>"}, ["/query/placement"]),
    ],
)
def test_bad_questions_are_told_where(
    nordbank: Organization, query: dict[str, str], pointers: list[str]
) -> None:
    answer = asks(nordbank, **query)
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert [fault["pointer"] for fault in answer.json()["errors"]] == pointers
    assert answer.json()["instance"] == "/api/v1/decisions"


def test_wrong_method_and_wrong_address_are_problems_too(nordbank: Organization) -> None:
    _, secret = a_key(nordbank)
    headers = {"Authorization": f"Bearer {secret}"}
    wrong_method = Client().post("/api/v1/decisions", headers=headers)
    assert (wrong_method.status_code, wrong_method["Allow"], wrong_method.json()["status"]) == (
        405,
        "GET",
        405,
    )
    nowhere = Client().get("/api/v1/nothing/here", headers=headers)
    assert (nowhere.status_code, nowhere.json()["title"]) == (404, "Not Found")


def test_few_queries_a_decision(
    nordbank: Organization, owner: Customer, firing: Campaign, django_assert_num_queries: Any
) -> None:
    key, secret = a_key(nordbank)
    key.note_use(at=timezone.now(), address="127.0.0.1")  # noted once a minute
    with django_assert_num_queries(4):  # savepoint, key, decision with its record, savepoint
        Client().get(
            "/api/v1/decisions",
            {"customer": str(owner.opaque_id), "placement": "home"},
            headers={"Authorization": f"Bearer {secret}"},
        )


def test_customers_without_accounts_have_nothing_to_see(nordbank: Organization) -> None:
    customer = CustomerFactory(organization=nordbank)
    customer.refresh_from_db()
    assert asks(nordbank, customer=customer.opaque_id, placement="home").status_code == 204
