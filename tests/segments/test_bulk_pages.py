"""Changing many accounts by hand: pick rows, read what will happen, start, see what came of it."""

from typing import Any

import pytest
from django.test import Client

from console.ledgers.models import Ledger
from console.organizations.models import Organization, Staff
from console.portfolios.models import Account
from segments.models import BulkRun, Segment
from tests.conftest import signed_in
from tests.factories import LedgerFactory, PortfolioFactory
from tests.pages import queries, rows, words
from tests.segments.tags import a_tag, carriers, some_accounts, tagged

pytestmark = pytest.mark.django_db
LIST = "/o/nordbank/accounts/"
NEW = "/o/nordbank/accounts/bulk/new/"


@pytest.fixture
def retail(nordbank: Organization) -> Ledger:
    ledger: Ledger = LedgerFactory(organization=nordbank, name="Retail")
    return ledger


@pytest.fixture
def accounts(retail: Ledger) -> list[Account]:
    return some_accounts(retail, 30)


@pytest.fixture
def gold(nordbank: Organization) -> Segment:
    return a_tag(nordbank, "Gold")


def text(client: Client, url: str, **data: str) -> str:
    answer = client.get(url, data)
    assert answer.status_code == 200
    return words(answer.content.decode())


def picked(client: Client, action: str, query: str = "", **said: Any) -> str:
    """Pick in the list; the address of what was asked for."""
    answer = client.post(f"{NEW}?{query}", {"action": action, **said})
    assert answer.status_code == 302
    return str(answer["Location"])


def started(client: Client, url: str, capture: Any, **said: Any) -> None:
    with capture(execute=True):
        assert client.post(f"{url.partition('?')[0]}start/", said).status_code == 302


def test_rows_are_ticked_and_tagged(
    olga: Staff,
    accounts: list[Account],
    gold: Segment,
    at_once: None,
    django_capture_on_commit_callbacks: Any,
) -> None:
    silver = a_tag(olga.organization, "Silver")
    tagged(silver, accounts[0])
    client = signed_in(olga)
    run = picked(client, "carry", pk=[str(account.pk) for account in accounts[:3]])
    assert "Which segment?" in text(client, run)
    said = text(client, run, target=str(gold.pk))
    assert "3 will carry “Gold”" in said
    assert "1 of them carry “Silver” now and will leave it" in said
    assert "Assign “Gold” to 3 accounts" in said
    started(client, run, django_capture_on_commit_callbacks, target=str(gold.pk))
    said = text(client, run)
    assert "3 changed, 0 unchanged, 0 refused" in said
    assert "by Olga Operator" in said
    assert "Ticked in the list of accounts" in said
    assert len(carriers(gold)) == 3
    assert not carriers(silver)
    assert rows(client, "/o/nordbank/accounts/bulk/")[0][:4] == [
        "Assign “Gold” to 3 accounts",
        "Done",
        "3",
        "3",
    ]


def test_all_that_match_the_filters_are_picked_by_the_address(
    olga: Staff,
    retail: Ledger,
    accounts: list[Account],
    at_once: None,
    django_capture_on_commit_callbacks: Any,
) -> None:
    some_accounts(retail, 4, type="savings")
    client = signed_in(olga)
    page = client.get(LIST, {"type": "savings", "picked": "all"}).content.decode()
    assert 'name="everything" value="on"' in page
    assert "4 accounts picked" in words(page)
    run = picked(client, "block", "type=savings", everything="on", pk=str(accounts[0].pk))
    said = text(client, run)
    assert "4 will be blocked" in said
    assert "All that match: Type: Savings" in said
    started(client, run, django_capture_on_commit_callbacks)
    assert set(olga.organization.accounts.filter(is_blocked=True).values_list("type", flat=True)) == {
        "savings"
    }


def test_what_was_picked_does_not_outlive_a_change_of_the_filters(
    olga: Staff, accounts: list[Account]
) -> None:
    page: Any = signed_in(olga).get(LIST, {"type": "deposit", "picked": "all"})
    chip = page.context["list"].filters.chips()[0]
    assert "picked" not in chip["url"]
    assert "picked" not in page.context["list"].query


def test_the_search_is_not_kept_in_words(olga: Staff, accounts: list[Account]) -> None:
    picked(signed_in(olga), "block", f"q={accounts[0].external_id}", everything="on")
    run = BulkRun.objects.get()
    assert (run.total, run.chosen) == (1, "All that match: a search")


@pytest.mark.parametrize(
    ("said", "words_"),
    [
        ({"action": "block"}, "No account is chosen"),
        ({"action": "block", "pk": "0198c000-0000-7000-8000-000000000000"}, "is not here any more"),
        ({"action": "dance", "everything": "on"}, "What was chosen for “action” is not offered"),
    ],
)
def test_a_choice_that_can_t_be_read_is_told_in_the_list(
    olga: Staff, accounts: list[Account], said: dict[str, str], words_: str
) -> None:
    answer = signed_in(olga).post(f"{NEW}?type=deposit", said, follow=True)
    assert answer.redirect_chain[0][0] == f"{LIST}?type=deposit"
    assert words_ in words(answer.content.decode())
    assert not BulkRun.objects.exists()


def test_a_filter_that_can_t_be_read_picks_nobody(olga: Staff, accounts: list[Account]) -> None:
    signed_in(olga).post(f"{NEW}?type=nonsense", {"action": "block", "everything": "on"})
    assert not BulkRun.objects.exists()


def test_a_segment_is_chosen_beforehand(olga: Staff, accounts: list[Account], gold: Segment) -> None:
    client = signed_in(olga)
    page = client.get(LIST, {"carry": str(gold.pk)}).content.decode()
    assert f'<input type="hidden" name="target" value="{gold.pk}">' in page
    assert "Picking for" in words(page)
    run = picked(client, "carry", f"carry={gold.pk}", everything="on", target=str(gold.pk))
    assert BulkRun.objects.get().chosen == "Every account"
    assert "30 will carry “Gold”" in text(client, run)


def test_where_nothing_would_change_nothing_is_started(olga: Staff, accounts: list[Account]) -> None:
    client = signed_in(olga)
    said = text(client, picked(client, "unblock", everything="on"))
    assert "30 are not blocked: nothing changes for them" in said
    assert "there is nothing to start" in said


def test_those_that_are_refused_are_listed(
    olga: Staff,
    accounts: list[Account],
    at_once: None,
    django_capture_on_commit_callbacks: Any,
) -> None:
    other = LedgerFactory(organization=olga.organization, name="Private")
    there = some_accounts(other, 2)
    praha = PortfolioFactory(ledger=other, name="Praha")
    client = signed_in(olga)
    run = picked(client, "move", everything="on")
    assert "30 are in other ledgers than “Private” and will be refused" in text(
        client, run, target=str(praha.pk)
    )
    started(client, run, django_capture_on_commit_callbacks, target=str(praha.pk))
    said = text(client, run)
    assert "Done, some refused" in said
    assert "It is in another ledger than “Private”." in said
    assert set(praha.accounts.all()) == set(there)


def test_a_run_that_waits_is_cancelled_and_gone_on_with(olga: Staff, accounts: list[Account]) -> None:
    client = signed_in(olga)
    url = picked(client, "block", everything="on")
    client.post(f"{url}start/")
    said = text(client, url)
    assert "Waits for a worker" in said
    assert "0 of 30" in said
    client.post(f"{url}cancel/")
    assert "Start again" in text(client, url)
    client.post(f"{url}resume/")
    assert BulkRun.objects.get().state == "queued"
    again = client.post(f"{url}start/", follow=True)
    assert "It is waiting now" in again.content.decode()


def test_who_may_not_change_accounts_sees_no_boxes_and_changes_nothing(
    olga: Staff, bob: Staff, charlie: Staff, accounts: list[Account]
) -> None:
    run = picked(signed_in(olga), "block", everything="on")
    analyst = signed_in(bob)
    assert 'name="pk"' not in analyst.get(LIST).content.decode()
    assert analyst.get(run).status_code == 200
    assert "Block 30 accounts</button>" not in analyst.get(run).content.decode()
    for url in (NEW, f"{run}start/", f"{run}cancel/", f"{run}resume/"):
        assert analyst.post(url, {"action": "block", "everything": "on"}).status_code == 403
        assert signed_in(charlie).post(url).status_code == 404
        assert signed_in(olga).get(url).status_code == 405


def test_accounts_of_another_bank_can_t_be_picked(
    olga: Staff, charlie: Staff, accounts: list[Account]
) -> None:
    stranger = some_accounts(LedgerFactory(organization=charlie.organization), 1)[0]
    signed_in(olga).post(NEW, {"action": "block", "pk": str(stranger.pk)})
    assert not BulkRun.objects.exists()


def test_a_list_of_three_takes_as_many_queries_as_of_one(olga: Staff, accounts: list[Account]) -> None:
    client = signed_in(olga)
    picked(client, "block", everything="on")
    one = queries(client, "/o/nordbank/accounts/bulk/")
    for _ in range(2):
        picked(client, "unblock", everything="on")
    assert queries(client, "/o/nordbank/accounts/bulk/") == one


@pytest.mark.parametrize("action", ["move", "carry"])
def test_one_that_was_left_without_a_target_does_nothing_later(
    olga: Staff, retail: Ledger, gold: Segment, action: str
) -> None:
    praha = PortfolioFactory(ledger=retail)
    account = some_accounts(retail, 1, portfolio=praha)[0]
    tagged(gold, account)
    client = signed_in(olga)
    run = picked(client, action, pk=[str(account.pk)])
    left = client.post(f"{run}cancel/", follow=True).content.decode()
    assert "Start again" not in left
    told = words(client.post(f"{run}resume/", follow=True).content.decode())
    assert "Choose the accounts again." in told
    account.refresh_from_db()
    assert (BulkRun.objects.get().state, account.portfolio) == ("cancelled", praha)
    assert len(carriers(gold)) == 1
