"""The inbox: what a person sees of an alert and can do with it."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from alerts.models import Alert
from console.organizations.models import Organization, Staff
from tests.alerts.bank import account_with, book, judge, kinds_of, later, watching
from tests.conftest import signed_in
from tests.factories import AccountHolderFactory

pytestmark = pytest.mark.django_db
ACTIONS = ["assign", "comment", "snooze", "resolve"]


@pytest.fixture(autouse=True)
def ten_minutes_later() -> Iterator[None]:
    """People come after what happened."""
    with time_machine.travel(later(10)):
        yield


def fired(by: Staff, amount: str = "-54.10", **fields: Any) -> Alert:
    """An alert on an account of a customer called Zoë Nováková."""
    account = account_with(by.organization, "150", external_id=f"DE-{uuid4().hex[:6]}")
    AccountHolderFactory(account=account, customer__name="Zoë Nováková")
    watching(by, account, clear_at="110", **fields)
    book(account, amount, at=later(1))
    judge(by.organization, at=later(2))
    found: Alert = account.alerts.get()
    return found


def url(alert: Alert, action: str = "detail") -> str:
    return alert.organization.url(f"alerts:alert_{action}", alert.pk)


def inbox(organization: Organization) -> str:
    return organization.url("alerts:alert_list")


def words_of(response: Any) -> str:
    """A page as one reads it: without tags, spaces made single."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def test_an_empty_inbox_says_what_to_do(alice: Staff, vera: Staff) -> None:
    assert "Nothing has fired" in words_of(signed_in(alice).get(inbox(alice.organization)))
    page = words_of(signed_in(vera).get(inbox(vera.organization)))
    assert "A marketer or an admin can write one." in page


def test_the_opened_alert_proves_itself(alice: Staff) -> None:
    alert = fired(alice)
    page = signed_in(alice).get(inbox(alice.organization))
    words = words_of(page)
    assert f"Ledger balance under 100.00 · {alert.reference}" not in words
    assert "The ledger balance fell from 150.00 to 95.90 EUR , under 100.00 by 4.10." in words
    for part in (
        "Zoë Nováková",
        "Energie Krämer",
        "−54.10",
        "Fired: 95.90, was 150.00",
        "Clears by itself at 110.00",
    ):
        assert part in words
    assert 'role="img"' in page.content.decode()
    assert "fires under 100.00" in words
    assert "clears at 110.00" in words


def test_the_address_of_an_alert_opens_it_beside_the_list(alice: Staff) -> None:
    first, second = fired(alice), fired(alice)
    words = words_of(signed_in(alice).get(url(first)))
    assert f"Alert {first.reference}" in words
    assert second.account.external_id in words


def test_assign_comment_snooze_resolve(alice: Staff) -> None:
    alert, client = fired(alice), signed_in(alice)
    assert "is yours now" in words_of(client.post(url(alert, "assign"), follow=True))
    assert "Rent is due" in words_of(client.post(url(alert, "comment"), {"note": "Rent is due"}, follow=True))
    assert "snoozed until" in words_of(client.post(url(alert, "snooze"), {"days": "3"}, follow=True))
    alert.refresh_from_db()
    assert (alert.state, alert.assigned_to) == ("snoozed", alice)
    assert alert.snoozed_until is not None
    assert alert.snoozed_until.astimezone(alice.organization.zone).hour == 8
    assert "resolved" in words_of(client.post(url(alert, "resolve"), follow=True))
    alert.refresh_from_db()
    assert alert.state == "resolved"
    assert kinds_of(alert) == ["fired", "assigned", "commented", "snoozed", "resolved"]
    assert set(alert.events.exclude(kind="fired").values_list("by", flat=True)) == {alice.pk}


def test_after_an_action_one_is_back_in_the_same_list(alice: Staff) -> None:
    alert = fired(alice)
    back = f"{inbox(alice.organization)}?state=firing&alert={alert.pk}"
    assert signed_in(alice).post(url(alert, "assign"), {"back": back})["Location"] == back
    for elsewhere in ("https://evil.example/", "//evil.example/", "nowhere", "home", "a\0b"):
        assert signed_in(alice).post(url(alert, "assign"), {"back": elsewhere})["Location"] == url(alert)


def test_what_has_ended_stays_as_it_is(alice: Staff) -> None:
    alert, client = fired(alice), signed_in(alice)
    client.post(url(alert, "resolve"))
    for action in ("assign", "snooze", "resolve"):
        response = client.post(url(alert, action), {"days": "3"}, follow=True)
        assert f"{alert.reference} is resolved already." in words_of(response)
    assert kinds_of(alert) == ["fired", "resolved"]


@pytest.mark.parametrize(
    ("action", "data", "words"),
    [("comment", {"note": " "}, "Write what you found"), ("snooze", {"days": "0"}, "1 to 365")],
)
def test_bad_input_is_told(alice: Staff, action: str, data: dict[str, str], words: str) -> None:
    alert = fired(alice)
    assert words in words_of(signed_in(alice).post(url(alert, action), data, follow=True))
    assert kinds_of(alert) == ["fired"]


def test_filters(alice: Staff) -> None:
    mine, other, gone = fired(alice), fired(alice), fired(alice)
    mine.assign(alice, by=alice, at=later(3))
    gone.resolve(by=alice, at=later(3))
    client, page = signed_in(alice), inbox(alice.organization)

    def shown(query: str) -> set[str]:
        found = client.get(f"{page}?{query}").context["page"].rows
        return {alert.account.external_id for alert in found}

    names = {alert.pk: alert.account.external_id for alert in (mine, other, gone)}
    assert shown("state=yours") == {names[mine.pk]}
    assert shown("state=open") == {names[mine.pk], names[other.pk]}
    assert shown("state=resolved") == {names[gone.pk]}
    assert shown(f"campaign={other.campaign_id}") == {names[other.pk]}
    assert shown(f"campaign={uuid4()}") == set()
    assert "Nothing matches" in words_of(client.get(f"{page}?state=voided"))


def test_next_and_previous_by_key(alice: Staff) -> None:
    alerts = [fired(alice) for _ in range(3)]
    newest_first = sorted(alerts, key=lambda alert: alert.pk, reverse=True)
    page = signed_in(alice).get(inbox(alice.organization), {"alert": str(newest_first[1].pk)})
    text = page.content.decode()
    assert re.search(rf'href="[^"]*alert={newest_first[2].pk}[^"]*" data-key="J"', text)
    assert re.search(rf'href="[^"]*alert={newest_first[0].pk}[^"]*" data-key="K"', text)
    assert "2 of 3" in words_of(page)


def test_same_queries_for_one_and_three(alice: Staff, django_assert_max_num_queries: Any) -> None:
    def queries() -> int:
        with django_assert_max_num_queries(60) as seen:
            signed_in(alice).get(inbox(alice.organization))
        return len(seen)

    fired(alice)
    one = queries()
    fired(alice)
    fired(alice)
    assert queries() == one


def test_the_cards_of_a_customer_and_an_account(alice: Staff) -> None:
    alert, client, organization = fired(alice), signed_in(alice), alice.organization
    customer = alert.account.holders.get().customer
    for name, pk, region in (
        ("customer_alerts", customer.pk, "customer-alerts"),
        ("account_alerts", alert.account_id, "account-alerts"),
    ):
        address = organization.url(f"alerts:{name}", pk)
        page = client.get(address)
        card = client.get(address, headers={"HX-Request": "true", "HX-Target": region})
        assert "<html" in page.content.decode()
        assert "<html" not in card.content.decode()
        assert f'id="{region}"' in page.content.decode()
        assert "Ledger balance under 100.00" in words_of(card)


def test_outsiders_viewers_and_wrong_methods(alice: Staff, vera: Staff, charlie: Staff) -> None:
    alert = fired(alice)
    for address in (url(alert), inbox(alice.organization)):
        assert signed_in(charlie).get(address).status_code == 404
        assert signed_in(vera).get(address).status_code == 200
        assert signed_in(alice).post(address).status_code == 405
        assert Client().get(address).status_code == 302
    foreign = charlie.organization.url("alerts:alert_detail", alert.pk)
    assert signed_in(charlie).get(foreign).status_code == 404
    assert signed_in(charlie).get(inbox(charlie.organization), {"alert": str(alert.pk)}).status_code == 404
    for action in ACTIONS:
        assert signed_in(charlie).post(url(alert, action)).status_code == 404
        assert (
            signed_in(charlie).post(charlie.organization.url(f"alerts:alert_{action}", alert.pk)).status_code
            == 404
        )
        assert signed_in(vera).post(url(alert, action)).status_code == 403
        assert signed_in(alice).get(url(alert, action)).status_code == 405
    assert kinds_of(alert) == ["fired"]
    for name, pk in (("customer", alert.account.holders.get().customer_id), ("account", alert.account_id)):
        assert (
            signed_in(charlie).get(charlie.organization.url(f"alerts:{name}_alerts", pk)).status_code == 404
        )
