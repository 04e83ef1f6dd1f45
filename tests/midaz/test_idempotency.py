"""A creation that is sent again under its key happens once; two at once: one wins, or both count."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.utils import timezone

from console.organizations.models import IdempotencyKey, Organization
from console.organizations.tasks import forget_sessions
from segments.models import Segment
from tests.factories import LedgerFactory, OrganizationFactory
from tests.midaz.conftest import Caller, caller
from tests.races import racing

KEY = {"X-Idempotency": "order-1"}
VIP = {"name": "VIP"}
EUR = {"assetCode": "EUR", "type": "deposit"}


@pytest.mark.django_db
class TestAKey:
    def test_gives_the_first_answer_again(self, books: Caller) -> None:
        first, second = (books("POST", "/segments", VIP, **KEY) for _ in range(2))
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json() == second.json()
        replayed = "X-Idempotency-Replayed"
        assert (first[replayed], second[replayed]) == ("false", "true")
        assert Segment.objects.count() == 1

    def test_is_for_one_request(self, books: Caller) -> None:
        books("POST", "/segments", VIP, **KEY)
        for path, body in (("/segments", {"name": "Basic"}), ("/portfolios", VIP)):
            answer = books("POST", path, body, **KEY)
            assert (answer.status_code, answer.json()["code"]) == (409, "0084")

    def test_is_one_of_a_ledger(self, bank: Caller, books: Caller, nordbank: Organization) -> None:
        """The same order may be booked in two ledgers; and nothing of one answers for the other."""
        other = caller(nordbank, f"{bank.base}/ledgers/{LedgerFactory(organization=nordbank).pk}")
        answers = [each("POST", "/segments", VIP, **KEY) for each in (books, other)]
        answers.append(bank("POST", "/ledgers", VIP, **KEY))
        assert [answer.status_code for answer in answers] == [201] * 3
        assert [answer["X-Idempotency-Replayed"] for answer in answers] == ["false"] * 3
        assert len({answer.json()["id"] for answer in answers}) == 3
        for each, first in ((books, answers[0]), (other, answers[1])):
            assert each("POST", "/segments", VIP, **KEY).json() == first.json()
        assert Segment.objects.count() == 2

    def test_is_one_of_an_organization(self, books: Caller) -> None:
        """Another bank's answer is never given, whatever its key is called."""
        books("POST", "/segments", VIP, **KEY)
        south = OrganizationFactory(slug="southbank")
        ledger = LedgerFactory(organization=south)
        theirs = caller(south, f"/v1/organizations/{south.pk}/ledgers/{ledger.pk}")
        answer = theirs("POST", "/segments", VIP, **KEY)
        assert (answer.status_code, answer["X-Idempotency-Replayed"]) == (201, "false")
        assert answer.json()["ledgerId"] == str(ledger.pk)

    def test_of_a_request_that_was_refused_is_free_again(self, books: Caller) -> None:
        assert books("POST", "/segments", {"name": ""}, **KEY).status_code == 400
        books.made("/segments", {"name": "Basic"})
        assert books("POST", "/segments", {"name": "Basic"}, **KEY).json()["code"] == "0015"
        assert books("POST", "/segments", VIP, **KEY).status_code == 201

    def test_lives_as_long_as_was_said(self, books: Caller) -> None:
        books("POST", "/portfolios", VIP, **KEY, **{"X-TTL": "60"})
        with time_machine.travel(timezone.now() + timedelta(seconds=61)):
            again = books("POST", "/portfolios", VIP, **KEY)
        assert again["X-Idempotency-Replayed"] == "false"
        assert len(books("GET", "/portfolios").json()["items"]) == 2

    @pytest.mark.parametrize(("after", "is_replayed"), [(299, "true"), (301, "false")])
    def test_lives_five_minutes_where_nobody_says(self, books: Caller, after: int, is_replayed: str) -> None:
        books("POST", "/portfolios", VIP, **KEY)
        with time_machine.travel(timezone.now() + timedelta(seconds=after)):
            assert books("POST", "/portfolios", VIP, **KEY)["X-Idempotency-Replayed"] == is_replayed

    @pytest.mark.parametrize("seconds", ["0", "-1", "1.5", "ever", "86401"])
    def test_lives_a_day_at_most(self, books: Caller, seconds: str) -> None:
        answer = books("POST", "/segments", VIP, **KEY, **{"X-TTL": seconds})
        assert (answer.status_code, answer.json()["code"]) == (400, "0047")
        assert not Segment.objects.exists()

    def test_is_forgotten_when_its_time_is_over(self, books: Caller) -> None:
        books("POST", "/segments", VIP, **KEY)
        forget_sessions()
        assert IdempotencyKey.objects.count() == 1
        with time_machine.travel(timezone.now() + timedelta(hours=1)):
            forget_sessions()
        assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("headers", "status"), [({}, 409), (KEY, 201)])
def test_two_at_once_make_one(
    books: Caller, nordbank: Organization, headers: dict[str, str], status: int
) -> None:
    with racing() as at_once:
        for _ in range(20):
            ask = partial(books, "POST", "/segments", VIP, **headers)
            answers = at_once(ask, ask)
            assert sorted(answer.status_code for answer in answers) == sorted([201, status])
            assert nordbank.segments.count() == 1
            books("DELETE", f"/segments/{nordbank.segments.get().pk}")
            IdempotencyKey.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_two_changes_at_once_both_count(books: Caller) -> None:
    each = f"/portfolios/{books.made('/portfolios', VIP)['id']}"
    with racing() as at_once:
        for number in range(20):
            one, other = ({f"{which}{number}": number} for which in "ab")
            asks = [partial(books, "PATCH", each, {"metadata": key}) for key in (one, other)]
            assert [answer.status_code for answer in at_once(*asks)] == [200, 200]
    assert len(books("GET", each).json()["metadata"]) == 40


@pytest.mark.django_db(transaction=True)
def test_accounts_that_change_places_at_once_both_arrive(books: Caller, nordbank: Organization) -> None:
    vip, basic = (books.made("/segments", {"name": name})["id"] for name in ("VIP", "Basic"))
    one, other = (books.made("/accounts", EUR | {"segmentId": each})["id"] for each in (vip, basic))
    with racing() as at_once:
        for there, back in [(basic, vip), (vip, basic)] * 20:
            moves = [(one, there), (other, back)]
            asks = [partial(books, "PATCH", f"/accounts/{pk}", {"segmentId": to}) for pk, to in moves]
            assert [answer.json()["segmentId"] for answer in at_once(*asks)] == [there, back]
    assert {segment.member_count for segment in nordbank.segments.all()} == {1}
