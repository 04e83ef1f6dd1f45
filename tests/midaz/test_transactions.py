"""Transactions: what moves, what is answered, and each refusal with its status and code."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from console.balances.models import JournalEntry, Movement, Transaction
from console.organizations.models import Organization, Staff
from tests.alerts.bank import judge, states_of, watching
from tests.midaz.conftest import Caller
from tests.midaz.money import EUR, OUTSIDE, has, inflow, leg, move, outflow, refused, send, with_accounts
from tests.money import book

pytestmark = pytest.mark.django_db
POST = "/transactions/json"


@pytest.fixture
def two(books: Caller) -> Caller:
    """The books with @ann, who has 100, and @bob, who has nothing."""
    return with_accounts(books, ann="100", bob="0")


class TestPosting:
    def test_moves_money_between_accounts(self, two: Caller) -> None:
        words = {"description": "Rent", "code": "R-1", "chartOfAccountsGroupName": "RENT", "route": "r"}
        made = two.made(POST, move("30.50", "@ann", "@bob", metadata={"month": 11}, **words))
        assert (has(two, "@ann"), has(two, "@bob")) == (("69.5", "0"), ("30.5", "0"))
        assert made["status"] == {"code": "APPROVED", "description": "APPROVED"}
        assert (made["amount"], made["assetCode"], made["metadata"]) == ("30.5", "EUR", {"month": 11})
        assert (made["source"], made["destination"]) == (["@ann"], ["@bob"])
        assert (made["description"], made["route"]) == ("Rent", "r")
        assert made["chartOfAccountsGroupName"] == "RENT"
        assert made["createdAt"].endswith("Z")
        assert made["deletedAt"] is None
        debit, credit = made["operations"]
        assert (debit["type"], debit["accountAlias"], debit["amount"]) == ("DEBIT", "@ann", {"value": "30.5"})
        assert debit["balance"] == {"available": "100", "onHold": "0", "version": 2}
        assert debit["balanceAfter"] == {"available": "69.5", "onHold": "0", "version": 3}
        assert (credit["type"], credit["balanceKey"], credit["balanceAffected"]) == (
            "CREDIT",
            "default",
            True,
        )
        assert credit["balanceAfter"] == {"available": "30.5", "onHold": "0", "version": 2}
        assert credit["balanceId"] == credit["accountId"]
        assert {one["transactionId"] for one in made["operations"]} == {made["id"]}
        assert two("GET", f"/transactions/{made['id']}").json() == made

    def test_items_are_those_that_everything_else_reads(self, two: Caller, nordbank: Organization) -> None:
        items = nordbank.transactions.count()
        two.made(POST, move("30", "@ann", "@bob"))
        posted = list(nordbank.transactions.order_by("pk"))[items:]
        assert [(one.direction, one.amount, one.source) for one in posted] == [
            ("debit", 30, "journal"),
            ("credit", 30, "journal"),
        ]
        assert {one.booked_on for one in posted} == {nordbank.local_date(timezone.now())}
        assert Movement.objects.filter(account__alias="@ann").latest("pk").ledger == 70

    def test_the_outside_is_implied(self, two: Caller) -> None:
        assert has(two, OUTSIDE) == ("-100", "0")
        made = two.made("/transactions/outflow", outflow("40", "@ann"))
        assert (made["source"], made["destination"]) == (["@ann"], [OUTSIDE])
        assert has(two, OUTSIDE) == ("-60", "0")
        assert not Transaction.objects.filter(account__alias=OUTSIDE).exists()
        outside = made["operations"][1]
        assert outside["balanceAfter"] == {"available": None, "onHold": None, "version": None}

    def test_by_the_id_of_an_account_without_alias(self, two: Caller) -> None:
        made = two.made("/accounts", EUR)
        two.made(POST, move("1", "@ann", made["id"]))
        assert has(two, made["id"]) == ("1", "0")

    def test_on_a_day_of_before(self, two: Caller, nordbank: Organization) -> None:
        day = nordbank.local_date(timezone.now()) - timedelta(days=3)
        made = two.made(POST, move("1", "@ann", "@bob", transactionDate=day.isoformat()))
        assert {one.booked_on for one in Transaction.objects.filter(line__entry=made["id"])} == {day}
        assert nordbank.local_date(JournalEntry.objects.get(pk=made["id"]).created_at) == day

    def test_an_annotation_moves_nothing(self, two: Caller) -> None:
        made = two.made("/transactions/annotation", move("500", "@ann", "@bob"))
        assert made["status"]["code"] == "NOTED"
        nothing = {"available": "0", "onHold": "0", "version": 0}
        for one in made["operations"]:
            assert (one["balance"], one["balanceAfter"], one["balanceAffected"]) == (nothing, nothing, False)
        assert (has(two, "@ann"), has(two, "@bob")) == (("100", "0"), ("0", "0"))

    def test_alerts_fire(self, two: Caller, alice: Staff, nordbank: Organization) -> None:
        account = nordbank.accounts.get(alias="@ann")
        watching(alice, account, threshold="50")
        two.made("/transactions/outflow", outflow("60", "@ann"))
        judge(nordbank, at=timezone.now())
        assert states_of(account) == ["firing"]

    def test_once_under_a_key(self, two: Caller) -> None:
        body, key = move("10", "@ann", "@bob"), {"X-Idempotency": "order-7", "X-TTL": "60"}
        first, second = (two("POST", POST, body, **key) for _ in range(2))
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json() == second.json()
        assert second["X-Idempotency-Replayed"] == "true"
        assert has(two, "@ann") == ("90", "0")


class TestSplitting:
    def test_shares_and_what_remains(self, two: Caller) -> None:
        with_accounts(two, eve="0", fee="0")
        to = [
            leg("@bob", share={"percentage": 50}),
            leg("@fee", share={"percentage": 50, "percentageOfPercentage": 10}),
            leg("@eve", remaining="remaining"),
        ]
        two.made(POST, send("10.01", [leg("@ann", "10.01")], to))
        assert [has(two, name)[0] for name in ("@bob", "@fee", "@eve")] == ["5.01", "0.5", "4.5"]

    def test_shares_alone_lose_no_cent(self, two: Caller) -> None:
        with_accounts(two, eve="0")
        to = [leg("@bob", share={"percentage": 50}), leg("@eve", share={"percentage": 50})]
        two.made(POST, send("0.01", [leg("@ann", "0.01")], to))
        assert sorted(has(two, name)[0] for name in ("@bob", "@eve")) == ["0", "0.01"]

    def test_several_sources(self, two: Caller) -> None:
        with_accounts(two, eve="50")
        sources = [leg("@ann", "70"), leg("@eve", remaining="remaining")]
        two.made(POST, send("100", sources, [leg("@bob", "100")]))
        assert [has(two, name)[0] for name in ("@ann", "@eve", "@bob")] == ["30", "20", "100"]


NOBODY = str(uuid4())
AHEAD = (timezone.now() + timedelta(days=2)).isoformat()


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (move("100.01", "@ann", "@bob"), 422, "0018"),
        (move("1", "@ann", "@nobody"), 422, "0019"),
        (move("1", NOBODY, "@bob"), 422, "0019"),
        (send("1", [leg("@ann", "1", balanceKey="freeze")], [leg("@bob", "1")]), 422, "0019"),
        (move("1", "@ann", "@koruna"), 404, "0034"),
        ({"send": {**move("1", "@ann", "@bob")["send"], "asset": "USD"}}, 404, "0034"),
        (send("10", [leg("@ann", "10")], [leg("@bob", "9.99")]), 400, "0073"),
        (send("10", [leg("@ann", "9")], [leg("@bob", "10")]), 400, "0073"),
        (send("10", [leg("@ann", "10")], [leg("@bob", share={"percentage": 99})]), 400, "0073"),
        (send("10", [leg("@ann", "-10"), leg("@bob", "20")], [leg(OUTSIDE, "10")]), 400, "0073"),
        (send("10", [leg("@ann")], [leg("@bob", "10")]), 400, "0072"),
        (send("10", [leg("@ann", "10", remaining="x")], [leg("@bob", "10")]), 400, "0072"),
        (send("10", [leg("@ann", remaining="x")] * 2, [leg("@bob", "10")]), 400, "0072"),
        (move("1", "@ann", "@ann"), 400, "0090"),
        (move("0", "@ann", "@bob"), 422, "0125"),
        (move("-1", "@ann", "@bob"), 422, "0125"),
        (move("1", "@ann", "@bob", transactionDate=AHEAD), 400, "0121"),
        (move("1", "@ann", "@bob", transactionDate="2026-01-02", pending=True), 400, "0122"),
        (move("1", "@ann", "@bob", transactionDate="yesterday"), 400, "0047"),
        (move("1", OUTSIDE, "@bob", pending=True), 422, "0098"),
        ({}, 400, "0009"),
        ({"send": {"asset": "EUR", "value": "1"}}, 400, "0009"),
        (send("1", [], [leg("@bob", "1")]), 400, "0047"),
        (send("1", [{"amount": {"asset": "EUR", "value": "1"}}], [leg("@bob", "1")]), 400, "0009"),
        (move("much", "@ann", "@bob"), 400, "0094"),
        (move("NaN", "@ann", "@bob"), 400, "0047"),
        (move("1e30", "@ann", "@bob"), 400, "0047"),
        (move("0.000000001", "@ann", "@bob"), 400, "0047"),
        ({"send": {**move("1", "@ann", "@bob")["send"], "value": True}}, 400, "0094"),
        (send("1", [leg("@ann", "1", rate={})], [leg("@bob", "1")]), 400, "0053"),
        (move("1", "@ann", "@bob", template="x"), 400, "0053"),
        (send("1", [leg("@ann", share={"percentage": 0})], [leg("@bob", "1")]), 400, "0047"),
        (send("1", [leg("@ann", share={"percentage": 101})], [leg("@bob", "1")]), 400, "0047"),
        (send("1", [leg("@ann", "1", description="a\0b")], [leg("@bob", "1")]), 400, "0047"),
        (send("1", [leg("@ann", "1", metadata={"k": {"l": 1}})], [leg("@bob", "1")]), 400, "0067"),
        (move("1", "@ann", "@bob", description="d" * 257), 400, "0047"),
        (move("1", "@ann", "@bob", code="c" * 101), 400, "0047"),
        (move("1", "@ann", "@bob", metadata={"k" * 101: 1}), 400, "0050"),
    ],
)
def test_refusals_move_nothing(two: Caller, body: Any, status: int, code: str) -> None:
    two.made("/assets", {"name": "Koruna", "type": "currency", "code": "CZK"})
    two.made("/accounts", {"assetCode": "CZK", "type": "deposit", "alias": "@koruna"})
    before = (JournalEntry.objects.count(), Transaction.objects.count())
    assert refused(two("POST", POST, body)) == (status, code)
    assert (JournalEntry.objects.count(), Transaction.objects.count()) == before
    assert has(two, "@ann") == ("100", "0")


def test_other_doors_take_their_own_side_only(two: Caller) -> None:
    body = move("1", "@ann", "@bob")
    assert refused(two("POST", "/transactions/inflow", body)) == (400, "0053")
    assert refused(two("POST", "/transactions/outflow", body)) == (400, "0053")
    pending = inflow("1", "@ann") | {"pending": True}
    assert refused(two("POST", "/transactions/inflow", pending)) == (400, "0053")
    assert refused(two("POST", "/transactions/dsl", {})) == (405, "0405")


class TestAccountsThatMayNot:
    def test_a_blocked_one_sends_nothing_and_receives(self, two: Caller) -> None:
        pk = two("GET", "/accounts/alias/@ann").json()["id"]
        two("PATCH", f"/accounts/{pk}", {"blocked": True})
        assert refused(two("POST", POST, move("1", "@ann", "@bob"))) == (400, "0024")
        two.made("/transactions/inflow", inflow("1", "@ann"))

    @pytest.mark.parametrize(("what", "alias"), [("allowSending", "@ann"), ("allowReceiving", "@bob")])
    def test_a_balance_as_it_is_told(self, two: Caller, what: str, alias: str) -> None:
        pk = two("GET", f"/accounts/alias/{alias}").json()["id"]
        assert two("PATCH", f"/balances/{pk}", {what: False}).json()[what] is False
        assert refused(two("POST", POST, move("1", "@ann", "@bob"))) == (400, "0024")
        assert refused(two("POST", POST, move("1", "@ann", "@bob", pending=True))) == (400, "0024")

    def test_a_deleted_one(self, two: Caller) -> None:
        pk = two("GET", "/accounts/alias/@bob").json()["id"]
        assert two("DELETE", f"/accounts/{pk}").status_code == 204
        assert refused(two("POST", POST, move("1", "@ann", "@bob"))) == (422, "0019")


class TestWords:
    def test_can_be_said_anew(self, two: Caller) -> None:
        made = two.made(POST, move("1", "@ann", "@bob", description="Rent", metadata={"a": 1, "b": 2}))
        each = f"/transactions/{made['id']}"
        answer = two("PATCH", each, {"description": "Deposit", "metadata": {"a": None, "c": 3}}).json()
        assert (answer["description"], answer["metadata"]) == ("Deposit", {"b": 2, "c": 3})
        assert answer["updatedAt"] > made["updatedAt"]
        operation = made["operations"][0]
        side = two("PATCH", f"{each}/operations/{operation['id']}", {"description": "Mine"})
        assert (side.status_code, side.json()["description"]) == (200, "Mine")
        assert two("GET", each).json()["operations"][0]["description"] == "Mine"

    def test_money_can_not(self, two: Caller) -> None:
        made = two.made(POST, move("1", "@ann", "@bob"))
        each = f"/transactions/{made['id']}"
        assert refused(two("PATCH", each, {"amount": "2"})) == (400, "0053")
        assert refused(two("PATCH", f"{each}/operations/{NOBODY}", {})) == (404, "0007")
        assert refused(two("PATCH", f"/transactions/{NOBODY}", {})) == (404, "0007")
        assert refused(two("POST", f"/transactions/{NOBODY}/commit")) == (404, "0007")


class TestWhatAFileBrought:
    @pytest.fixture
    def item(self, two: Caller, nordbank: Organization) -> Transaction:
        book(
            nordbank.accounts.get(alias="@bob"),
            [("2026-11-01", "-5")],
            description="Card",
            metadata={"k": "v"},
        )
        return nordbank.transactions.get(line=None)

    def test_is_a_transaction_with_the_outside(self, two: Caller, item: Transaction) -> None:
        found = two("GET", f"/transactions/{item.pk}").json()
        assert (found["source"], found["destination"], found["amount"]) == (["@bob"], [OUTSIDE], "5")
        assert [one["type"] for one in found["operations"]] == ["DEBIT", "CREDIT"]
        assert (found["status"]["code"], found["metadata"]) == ("APPROVED", {"k": "v"})
        listed = two("GET", "/transactions?sort_order=desc&limit=1").json()["items"]
        assert [one["id"] for one in listed] == [str(item.pk)]
        [operation] = two("GET", f"/accounts/{item.account_id}/operations").json()["items"]
        assert (operation["id"], operation["transactionId"]) == (str(item.pk), str(item.pk))
        assert two("GET", f"/accounts/{item.account_id}/operations/{item.pk}").json() == operation

    def test_stays_as_it_was_brought(self, two: Caller, item: Transaction) -> None:
        each = f"/transactions/{item.pk}"
        assert refused(two("POST", f"{each}/revert")) == (400, "0089")
        assert refused(two("POST", f"{each}/commit")) == (422, "0099")
        assert refused(two("PATCH", each, {"description": "x"})) == (422, "0099")
