"""Billing by our own API: what is owed and paid, how and where, whom to write to, what was agreed, what is watched."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from console.billing.evaluating import evaluate
from console.billing.models import Consent, Invoice, Monitor
from console.organizations.models import KeyScope, Organization, Staff
from tests.api.conftest import Call
from tests.factories import (
    NOW,
    ConnectorFactory,
    ConnectorLinkFactory,
    ContactFactory,
    CustomerFactory,
    InvoiceFactory,
    MonitorFactory,
    OrganizationFactory,
    PaymentMethodFactory,
    a_key,
)
from tests.walls.test_api import bearer

pytestmark = pytest.mark.django_db


@pytest.fixture
def jana(nordbank: Organization) -> Any:
    return CustomerFactory(organization=nordbank, name="Jana Nováková")


@pytest.fixture
def bill(jana: Any) -> dict[str, Any]:
    return {"external_id": "B-1", "customer_id": str(jana.pk), "currency": "EUR", "total": "100.50"}


class TestInvoices:
    def test_one_is_made_once_and_found(self, call: Call, bill: dict[str, Any]) -> None:
        status, made = call("POST", "/invoices", {**bill, "status": "approved", "due_on": "2020-01-31"})
        assert (status, made["total"], made["amount_due"], made["status"]) == (
            201,
            "100.5",
            "100.5",
            "approved",
        )
        assert made["days_overdue"] > 2000
        assert call("POST", "/invoices", bill)[0] == 409
        for asked in (
            {"external_id": "B-1"},
            {"customer_id": bill["customer_id"], "status": "approved"},
            {"overdue": "true"},
            {"due_until": "2020-01-31"},
        ):
            assert call("GET", "/invoices", **asked)[1]["items"] == [made], asked
        for asked in ({"due_until": "2020-01-30"}, {"status": "paid"}, {"currency": "USD"}):
            assert call("GET", "/invoices", **asked)[1]["items"] == [], asked
        assert call("GET", f"/invoices/{made['id']}")[1] == made

    def test_a_payment_that_is_sent_twice_counts_once(self, call: Call, bill: dict[str, Any]) -> None:
        made = call("POST", "/invoices", {**bill, "status": "approved"})[1]
        paid = {"amount": "40.25", "due_before": "100.50"}
        status, after = call("POST", f"/invoices/{made['id']}/payments", paid)
        assert (status, after["amount_due"], after["status"]) == (200, "60.25", "partially_paid")
        status, problem = call("POST", f"/invoices/{made['id']}/payments", paid)
        assert (status, "60.25 EUR is due" in problem["detail"]) == (409, True)
        assert call("POST", f"/invoices/{made['id']}/payments", {"amount": "60.26"})[0] == 409
        call("POST", f"/invoices/{made['id']}/payments", {"amount": "60.25"})
        back = call("POST", f"/invoices/{made['id']}/payments", {"amount": "0.25", "came_back": True})[1]
        assert (back["status"], back["amount_due"]) == ("partially_paid", "0.25")
        steps = call("GET", f"/invoices/{made['id']}/events")[1]["items"]
        assert [(one["after"], one["amount"]) for one in steps] == [
            ("approved", "0"),
            ("partially_paid", "40.25"),
            ("paid", "60.25"),
            ("partially_paid", "-0.25"),
        ]

    def test_only_what_can_follow_follows(self, call: Call, bill: dict[str, Any]) -> None:
        made = call("POST", "/invoices", bill)[1]
        url = f"/invoices/{made['id']}"
        assert call("POST", f"{url}/status", {"status": "void"})[0] == 409
        assert call("POST", f"{url}/status", {"status": "paid"})[0] == 422
        assert call("POST", f"{url}/status", {"status": "approved"})[1]["status"] == "approved"
        changed = call("PATCH", url, {"total": "90", "metadata": {"a": 1, "b": "x"}})[1]
        assert (changed["status"], changed["amount_due"], changed["metadata"]) == (
            "edited",
            "90",
            {"a": 1, "b": "x"},
        )
        assert call("PATCH", url, {"metadata": {"a": None}})[1]["metadata"] == {"b": "x"}
        assert call("POST", f"{url}/status", {"status": "void"})[1]["amount_due"] == "0"
        assert call("PATCH", url, {"total": "80"})[0] == 409

    @pytest.mark.parametrize(
        ("said", "pointer"),
        [
            ({"total": 100.5}, "/body/said/total"),
            ({"total": "-1"}, "/body/said/total"),
            ({"total": "1e3"}, "/body/said/total"),
            ({"currency": "XXY"}, "/body/currency"),
            ({"currency": "eur"}, "/body/currency"),
            ({"due_on": "tomorrow"}, "/body/said/due_on"),
            ({"due_on": 1_700_000_000}, "/body/said/due_on"),
            ({"period_start": "2026-02-01", "period_end": "2026-01-01"}, "/body/period_end"),
            ({"payment_link": "javascript:alert(1)"}, "/body/payment_link"),
            ({"number": "a\nb"}, "/body/said/number"),
            ({"status": "paid"}, "/body/said/status"),
            ({"customer_id": "00000000-0000-0000-0000-000000000000"}, "/body/customer_id"),
            ({"metadata": {"a": {"b": 1}}}, "/body/said/metadata/a"),
            ({"metadata": {"a": "\ud800"}}, "/body/said/metadata"),
            ({"metadata": {"k" * 101: 1}}, "/body/said/metadata"),
        ],
    )
    def test_what_cant_be_used_is_told_where_it_stands(
        self, call: Call, bill: dict[str, Any], said: dict[str, Any], pointer: str
    ) -> None:
        status, problem = call("POST", "/invoices", {**bill, **said})
        assert status == 422
        assert problem["errors"][0]["pointer"].startswith(pointer)
        assert not Invoice.objects.exists()

    def test_pages_follow_each_other(self, call: Call, jana: Any) -> None:
        made = [str(InvoiceFactory(customer=jana).pk) for _ in range(3)]
        first = call("GET", "/invoices", limit=2)[1]
        second = call("GET", "/invoices", limit=2, cursor=first["next"])[1]
        assert [one["id"] for one in first["items"] + second["items"]] == made
        assert second["next"] is None


class TestPaymentMethods:
    def test_the_later_default_takes_the_place_of_the_one_before(self, call: Call, jana: Any) -> None:
        said = {"customer_id": str(jana.pk), "type": "card", "is_default": True}
        first = call("POST", "/payment-methods", {**said, "external_id": "M1", "details": "Visa, 4242"})[1]
        second = call("POST", "/payment-methods", {**said, "external_id": "M2"})[1]
        assert call("GET", f"/payment-methods/{first['id']}")[1]["is_default"] is False
        (found,) = call("GET", "/payment-methods", customer_id=str(jana.pk), is_default="true")[1]["items"]
        assert found == second
        url = f"/payment-methods/{first['id']}"
        assert call("PATCH", url, {"is_default": True, "status": "failed"})[1]["status"] == "failed"
        assert call("GET", f"/payment-methods/{second['id']}")[1]["is_default"] is False
        assert call("POST", "/payment-methods", {**said, "external_id": "M2"})[0] == 409
        assert call("DELETE", url)[0] == 204
        assert call("GET", url)[0] == 404

    def test_no_whole_number_and_no_connector_of_others(self, call: Call, jana: Any) -> None:
        said = {"customer_id": str(jana.pk), "type": "card", "external_id": "M1"}
        status, problem = call("POST", "/payment-methods", {**said, "details": "4111 1111 1111 1111"})
        assert (status, problem["errors"][0]["pointer"]) == (422, "/body/details")
        theirs = ConnectorFactory(organization=OrganizationFactory())
        status, problem = call("POST", "/payment-methods", {**said, "connector_id": str(theirs.pk)})
        assert (status, problem["errors"][0]["pointer"]) == (422, "/body/connector_id")
        ours = ConnectorFactory(organization=jana.organization)
        made = call("POST", "/payment-methods", {**said, "connector_id": str(ours.pk)})[1]
        assert (
            call("PATCH", f"/payment-methods/{made['id']}", {"connector_id": None})[1]["connector_id"] is None
        )


class TestConnectors:
    def test_one_is_kept_and_a_customer_linked_on_it(self, call: Call, jana: Any) -> None:
        status, made = call("POST", "/connectors", {"name": "Stripe"})
        assert (status, made["kind"]) == (201, "payments")
        assert call("POST", "/connectors", {"name": "Stripe"})[0] == 409
        url = f"/connectors/{made['id']}"
        assert call("PATCH", url, {"kind": "crm"})[1]["name"] == "Stripe"
        link = f"{url}/links/{jana.pk}"
        said = {"reference": "cus_1", "synced_at": "2026-11-22T10:00:00+01:00"}
        status, linked = call("PUT", link, said)
        assert (status, linked["connection"], linked["synced_at"]) == (200, "linked", "2026-11-22T09:00:00Z")
        other = CustomerFactory(organization=jana.organization)
        assert call("PUT", f"{url}/links/{other.pk}", {"reference": "cus_1"})[0] == 409
        assert call("PUT", link, {"reference": "cus_1", "connection": "not linked"})[0] == 200
        assert call("GET", f"{url}/links", connection="linked")[1]["items"] == []
        (found,) = call("GET", f"/customers/{jana.pk}/links")[1]["items"]
        assert (found["connection"], found["connector_id"]) == ("not linked", made["id"])
        assert call("DELETE", url)[0] == 204
        assert call("GET", f"/customers/{jana.pk}/links")[1]["items"] == []

    @pytest.mark.parametrize(
        "at", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00"]
    )
    def test_a_moment_is_on_every_clock_of_the_world(self, call: Call, jana: Any, at: str) -> None:
        url = f"/connectors/{ConnectorFactory(organization=jana.organization).pk}/links/{jana.pk}"
        status, problem = call("PUT", url, {"synced_at": at})
        assert (status, problem["errors"][0]["pointer"]) == (422, "/body/said/synced_at")


class TestContactsAndConsents:
    def test_a_contact_is_added_changed_and_taken_off(self, call: Call, jana: Any) -> None:
        url = f"/customers/{jana.pk}/contacts"
        status, made = call("POST", url, {"email": "bills@mail.example", "name": "Petr"})
        assert (status, made["send_invoice"]) == (201, True)
        assert call("POST", url, {"email": "bills@mail.example"})[0] == 409
        assert call("POST", url, {"email": "bills"})[0] == 422
        assert call("PATCH", f"/contacts/{made['id']}", {"send_invoice": False})[1]["name"] == "Petr"
        assert call("DELETE", f"/contacts/{made['id']}")[0] == 204
        assert call("GET", url)[1]["items"] == []

    def test_a_consent_is_the_last_word_however_late_it_comes(self, call: Call, jana: Any) -> None:
        url = f"/customers/{jana.pk}/consents"
        said = {"channel": "email", "purpose": "marketing", "is_given": True}
        status, noted = call("POST", url, {**said, "said_at": "2026-11-20T10:00:00Z"})
        assert (status, noted["source"], noted["said_at"]) == (200, "api", "2026-11-20T10:00:00Z")
        earlier = {**said, "is_given": False, "said_at": "2026-11-19T10:00:00Z"}
        assert call("POST", url, earlier)[0] == 409
        to_come = (timezone.now() + timedelta(hours=1)).isoformat()
        assert call("POST", url, {**said, "said_at": to_come})[1]["errors"][0]["pointer"] == "/body/said_at"
        assert call("POST", url, {**said, "is_given": False, "said_at": "2026-11-20T10:00:00Z"})[0] == 200
        (found,) = call("GET", url)[1]["items"]
        assert (found["is_given"], Consent.objects.count()) == (False, 1)

    def test_nothing_comes_to_the_erased(self, call: Call, jana: Any, alice: Staff, bill: Any) -> None:
        jana.erase(reason="asked", by=alice, at=NOW)
        connector = ConnectorFactory(organization=jana.organization)
        for method, path, said in (
            ("POST", "/invoices", bill),
            ("POST", "/payment-methods", {"customer_id": str(jana.pk), "type": "card", "external_id": "M"}),
            ("POST", f"/customers/{jana.pk}/contacts", {"email": "a@b.example"}),
            (
                "POST",
                f"/customers/{jana.pk}/consents",
                {"channel": "sms", "purpose": "billing", "is_given": True},
            ),
            ("PUT", f"/connectors/{connector.pk}/links/{jana.pk}", {}),
        ):
            assert call(method, path, said)[0] == 409, path


class TestMonitors:
    def test_one_is_set_up_evaluated_and_read(self, call: Call, jana: Any) -> None:
        InvoiceFactory(customer=jana)
        said = {"name": "Owes", "figure": "unpaid", "test": "gt", "threshold": "50.5"}
        status, problem = call("POST", "/monitors", said)
        assert (status, problem["errors"][0]["pointer"]) == (422, "/body/currency")
        assert call("POST", "/monitors", {**said, "currency": "QQQ"})[0] == 422
        status, made = call("POST", "/monitors", {**said, "currency": "EUR"})
        assert (status, made["threshold"], made["holding"]) == (201, "50.5", None)
        assert call("POST", "/monitors", {**said, "currency": "EUR"})[0] == 409
        evaluate(Monitor.objects.get(), at=NOW)
        url = f"/monitors/{made['id']}"
        (reading,) = call("GET", f"{url}/readings", state="holds")[1]["items"]
        assert (reading["customer_id"], reading["value"]) == (str(jana.pk), "100")
        assert call("GET", f"{url}/readings", customer_id=made["id"])[1]["items"] == []
        assert call("GET", url)[1]["holding"] == 1
        assert call("POST", f"{url}/evaluate")[0] == 202
        assert Monitor.objects.get().evaluated_at is None
        assert call("PATCH", url, {"threshold": "-5"})[1]["threshold"] == "-5"
        assert call("DELETE", url)[0] == 204

    def test_a_window_goes_with_figures_of_days(self, call: Call) -> None:
        said = {"name": "Busy", "figure": "transactions", "test": "gte", "threshold": "10"}
        assert call("POST", "/monitors", said)[0] == 422
        assert call("POST", "/monitors", {**said, "days": 400})[0] == 422
        made = call("POST", "/monitors", {**said, "days": 30, "currency": "EUR"})[1]
        assert (made["days"], made["currency"]) == (30, "")


def test_each_part_needs_its_own_scope(nordbank: Organization, jana: Any) -> None:
    reader = bearer(a_key(nordbank, scopes=[KeyScope.BILLING_READ]))
    for path in ("invoices", "payment-methods", "connectors", "monitors", f"customers/{jana.pk}/links"):
        assert reader.get(f"/api/v1/{path}").status_code == 200, path
    for path in ("customers", f"customers/{jana.pk}/contacts", f"customers/{jana.pk}/consents"):
        assert reader.get(f"/api/v1/{path}").status_code == 403, path
    refused = reader.post("/api/v1/connectors", {"name": "Xero"}, content_type="application/json")
    assert (refused.status_code, "billing.write" in refused.json()["detail"]) == (403, True)
    of_people = bearer(a_key(nordbank, name="crm", scopes=[KeyScope.CUSTOMERS_READ]))
    assert of_people.get(f"/api/v1/customers/{jana.pk}/consents").status_code == 200
    assert of_people.get("/api/v1/invoices").status_code == 403


def test_what_another_bank_has_is_not_there(call: Call) -> None:
    theirs = OrganizationFactory()
    customer = CustomerFactory(organization=theirs)
    invoice, method = InvoiceFactory(customer=customer), PaymentMethodFactory(customer=customer)
    link, contact = ConnectorLinkFactory(customer=customer), ContactFactory(customer=customer)
    monitor = MonitorFactory(organization=theirs)
    for path in ("/invoices", "/payment-methods", "/connectors", "/monitors"):
        assert call("GET", path)[1]["items"] == []
    for path in (
        f"/invoices/{invoice.pk}",
        f"/payment-methods/{method.pk}",
        f"/connectors/{link.connector.pk}",
        f"/contacts/{contact.pk}",
        f"/monitors/{monitor.pk}/readings",
        f"/customers/{customer.pk}/contacts",
    ):
        assert call("GET", path)[0] == 404, path
