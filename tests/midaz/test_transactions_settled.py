"""Pending transactions that are settled, and posted ones that are reverted: once each."""

from functools import partial

import pytest

from console.balances.models import Transaction
from tests.midaz.conftest import Caller
from tests.midaz.money import OUTSIDE, has, inflow, move, outflow, refused, with_accounts
from tests.races import racing

pytestmark = pytest.mark.django_db
POST = "/transactions/json"


@pytest.fixture
def two(books: Caller) -> Caller:
    """The books with @ann, who has 100, and @bob, who has nothing."""
    return with_accounts(books, ann="100", bob="0")


@pytest.mark.django_db(transaction=True)
def test_two_outflows_of_all_there_is_at_once(two: Caller) -> None:
    with racing() as at_once:
        for _ in range(20):
            ask = partial(two, "POST", "/transactions/outflow", outflow("100", "@ann"))
            assert sorted(answer.status_code for answer in at_once(ask, ask)) == [201, 422]
            assert has(two, "@ann") == ("0", "0")
            two.made("/transactions/inflow", inflow("100", "@ann"))


class TestPending:
    def hold(self, two: Caller) -> str:
        made = two.made(POST, move("30", "@ann", "@bob", pending=True))
        assert (made["status"]["code"], made["destination"]) == ("PENDING", ["@bob"])
        [held] = made["operations"]
        assert (held["type"], held["balanceAfter"]) == (
            "ON_HOLD",
            {"available": "70", "onHold": "30", "version": 3},
        )
        assert (has(two, "@ann"), has(two, "@bob")) == (("70", "30"), ("0", "0"))
        assert Transaction.objects.filter(line__entry=made["id"]).count() == 0
        return f"/transactions/{made['id']}"

    def test_is_committed(self, two: Caller) -> None:
        each = self.hold(two)
        answer = two("POST", f"{each}/commit")
        assert (answer.status_code, answer.json()["status"]["code"]) == (201, "APPROVED")
        assert [one["type"] for one in answer.json()["operations"]] == ["ON_HOLD", "DEBIT", "CREDIT"]
        debit = answer.json()["operations"][1]
        assert debit["balance"] == {"available": "70", "onHold": "30", "version": 3}
        assert debit["balanceAfter"] == {"available": "70", "onHold": "0", "version": 4}
        assert (has(two, "@ann"), has(two, "@bob")) == (("70", "0"), ("30", "0"))

    def test_is_cancelled(self, two: Caller) -> None:
        each = self.hold(two)
        answer = two("POST", f"{each}/cancel")
        assert (answer.status_code, answer.json()["status"]["code"]) == (201, "CANCELED")
        assert [one["type"] for one in answer.json()["operations"]] == ["ON_HOLD", "RELEASE"]
        assert (has(two, "@ann"), has(two, "@bob")) == (("100", "0"), ("0", "0"))

    @pytest.mark.parametrize("first", ["commit", "cancel"])
    @pytest.mark.parametrize("second", ["commit", "cancel"])
    def test_is_settled_once(self, two: Caller, first: str, second: str) -> None:
        each = self.hold(two)
        assert two("POST", f"{each}/{first}").status_code == 201
        assert refused(two("POST", f"{each}/{second}")) == (422, "0099")

    def test_what_it_holds_is_not_there_for_others(self, two: Caller) -> None:
        self.hold(two)
        assert refused(two("POST", POST, move("70.01", "@ann", "@bob"))) == (422, "0018")
        assert refused(two("POST", POST, move("70.01", "@ann", "@bob", pending=True))) == (422, "0018")
        two.made(POST, move("70", "@ann", "@bob"))
        assert has(two, "@ann") == ("0", "30")

    def test_keeps_its_account(self, two: Caller) -> None:
        each = self.hold(two)
        two.made(POST, move("70", "@ann", "@bob"))
        pk = two("GET", "/accounts/alias/@ann").json()["id"]
        assert refused(two("DELETE", f"/accounts/{pk}")) == (400, "0012")
        two("POST", f"{each}/commit")
        assert two("DELETE", f"/accounts/{pk}").status_code == 204

    def test_is_not_committed_to_who_is_gone_and_can_be_cancelled(self, two: Caller) -> None:
        each = self.hold(two)
        pk = two("GET", "/accounts/alias/@bob").json()["id"]
        assert two("DELETE", f"/accounts/{pk}").status_code == 204
        assert refused(two("POST", f"{each}/commit")) == (422, "0019")
        assert two("GET", each).json()["status"]["code"] == "PENDING"
        assert two("POST", f"{each}/cancel").status_code == 201

    def test_is_not_reverted(self, two: Caller) -> None:
        assert refused(two("POST", f"{self.hold(two)}/revert")) == (422, "0099")


class TestReverting:
    def test_takes_everything_back_once(self, two: Caller) -> None:
        made = two.made(POST, move("30", "@ann", "@bob"))
        back = two.made(f"/transactions/{made['id']}/revert", None)
        assert back["parentTransactionId"] == made["id"]
        assert (back["source"], back["destination"]) == (["@bob"], ["@ann"])
        assert (has(two, "@ann"), has(two, "@bob")) == (("100", "0"), ("0", "0"))
        assert Transaction.objects.exclude(reverses=None).count() == 2
        assert refused(two("POST", f"/transactions/{made['id']}/revert")) == (400, "0087")
        assert refused(two("POST", f"/transactions/{back['id']}/revert")) == (400, "0088")

    def test_also_what_came_from_outside(self, two: Caller) -> None:
        made = two.made("/transactions/inflow", inflow("5", "@bob"))
        two.made(f"/transactions/{made['id']}/revert", None)
        assert (has(two, "@bob"), has(two, OUTSIDE)) == (("0", "0"), ("-100", "0"))

    def test_needs_the_money_to_be_there_still(self, two: Caller) -> None:
        made = two.made(POST, move("30", "@ann", "@bob"))
        two.made("/transactions/outflow", outflow("1", "@bob"))
        assert refused(two("POST", f"/transactions/{made['id']}/revert")) == (422, "0018")
        two.made("/transactions/inflow", inflow("1", "@bob"))
        two.made(f"/transactions/{made['id']}/revert", None)

    def test_an_annotation_stays(self, two: Caller) -> None:
        made = two.made("/transactions/annotation", move("5", "@ann", "@bob"))
        assert refused(two("POST", f"/transactions/{made['id']}/revert")) == (422, "0099")
