"""Communications, messages, campaigns and alerts as the bank's own systems read them."""

import pytest

from console.organizations.models import KeyScope, Organization, Staff
from tests.alerts.bank import book, judge, later, watching
from tests.api.conftest import Call
from tests.communications.factories import communication, segment_with, sent_by
from tests.factories import AccountFactory, CustomerFactory, a_key
from tests.walls.test_api import bearer

pytestmark = pytest.mark.django_db


def test_what_became_of_a_message(call: Call, nordbank: Organization, alice: Staff) -> None:
    customer = CustomerFactory(organization=nordbank, email="jana@mail.example")
    letters = communication(nordbank, segment_with(nordbank, customer))
    sent_by(letters, alice)
    (found,) = call("GET", "/communications")[1]["items"]
    assert (found["id"], found["channel"]) == (str(letters.pk), "email")
    assert call("GET", f"/communications/{letters.pk}")[1] == found
    (message,) = call("GET", "/messages", customer_id=str(customer.pk), state="queued")[1]["items"]
    assert message["communication_id"] == str(letters.pk)
    assert call("GET", f"/messages/{message['id']}")[1] == message
    assert call("GET", "/messages", state="sent")[1]["items"] == []
    assert call("GET", "/messages", state="lost")[0] == 422


def test_an_alert_with_exact_money(call: Call, nordbank: Organization, alice: Staff) -> None:
    account = AccountFactory(organization=nordbank)
    book(account, "500", at=later(days=-1))
    campaign = watching(alice, account)
    book(account, "-450.10", at=later(5))
    judge(nordbank, at=later(5))
    (watched,) = call("GET", "/campaigns")[1]["items"]
    assert call("GET", f"/campaigns/{campaign.pk}")[1] == watched
    (alert,) = call("GET", "/alerts", account_id=str(account.pk), campaign_id=str(campaign.pk))[1]["items"]
    assert (alert["value"], alert["state"]) == ("49.9", "firing")
    assert call("GET", f"/alerts/{alert['id']}")[1] == alert


def test_each_part_needs_its_own_scope(nordbank: Organization) -> None:
    client = bearer(a_key(nordbank, scopes=[KeyScope.CUSTOMERS_READ]))
    assert client.get("/api/v1/customers").status_code == 200
    for path in ("segments", "communications", "messages", "campaigns", "alerts"):
        assert client.get(f"/api/v1/{path}").status_code == 403
    refused = client.post("/api/v1/customers", {"external_id": "x"}, content_type="application/json")
    assert refused.status_code == 403
    assert "customers.write" in refused.json()["detail"]
