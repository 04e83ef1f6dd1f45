"""Who sets milestones, who reads them, and what says that one is wrong."""

import pytest
from django.core.management import call_command

from console.coherence import accounts as proven
from console.ledgers.models import Ledger
from console.organizations import scope
from console.portfolios import milestones
from console.portfolios.models import Account, AccountMilestone
from console.portfolios.tasks import set_milestones
from tests.factories import LedgerFactory, OrganizationFactory
from tests.midaz.conftest import Caller, caller
from tests.portfolios.marked import assert_exact, delete, live, made, numbers, tended

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("short_stretches")]


class TestTheClock:
    def test_serves_every_bank_and_stays_within_its_walls(self, ledger: Ledger) -> None:
        other = LedgerFactory(organization=OrganizationFactory(slug="southbank"))
        for each in (ledger, other):
            made(each, 10)
        tended(ledger, other, by=set_milestones)
        assert numbers(ledger) == numbers(other) == [3, 3, 3]
        with scope.inside(ledger.organization):
            assert {one.ledger_id for one in AccountMilestone.objects.all()} == {ledger.pk}
            assert milestones.count(other) == 0
            assert milestones.at(other, 0, 10) == []


class TestWhenNumbersAreWrong:
    @pytest.fixture
    def wrong(self, ledger: Ledger) -> Ledger:
        made(ledger, 20)
        tended(ledger)
        AccountMilestone.objects.filter(pk=AccountMilestone.objects.all()[1].pk).update(number=7)
        return ledger

    def test_coherence_says_so(self, wrong: Ledger) -> None:
        check = proven(wrong.organization)
        assert (check.asked, check.broken) == (6, 1)
        assert "3 accounts, its milestone says 7" in check.examples[0]

    def test_a_gap_is_found(self, wrong: Ledger) -> None:
        AccountMilestone.objects.filter(pk=AccountMilestone.objects.all()[1].pk).delete()
        check = proven(wrong.organization)
        assert check.broken == 1
        assert "does not begin where the one before ends" in check.examples[0]

    def test_they_are_counted_anew(self, wrong: Ledger) -> None:
        call_command("recount_accounts", "--organization", "nordbank")
        tended(wrong)
        assert numbers(wrong) == [3] * 6
        assert_exact(wrong)


class TestTheApi:
    @pytest.fixture
    def many(self, ledger: Ledger) -> Caller:
        keys = made(ledger, 40)
        tended(ledger)
        delete(ledger, *keys[5:9])
        Account.everything.filter(pk=keys[20]).update(type="loan")
        return caller(ledger.organization, f"/v1/organizations/{ledger.organization.pk}/ledgers/{ledger.pk}")

    def ids(self, many: Caller, query: str) -> list[str]:
        return [item["id"] for item in many("GET", f"/accounts?{query}").json()["items"]]

    @pytest.mark.parametrize("order", ["asc", "desc"])
    def test_pages_are_the_whole_list(self, many: Caller, ledger: Ledger, order: str) -> None:
        pages = [self.ids(many, f"limit=10&page={page}&sort_order={order}") for page in range(1, 6)]
        every = [str(key) for key in live(ledger)]
        assert [key for page in pages for key in page] == (every if order == "asc" else every[::-1])
        assert [len(page) for page in pages] == [10, 10, 10, 6, 0]
        assert many("HEAD", "/accounts/metrics/count")["X-Total-Count"] == "36"

    def test_what_is_filtered_is_paged_by_itself(self, many: Caller) -> None:
        assert len(self.ids(many, "type=loan")) == 1
        assert self.ids(many, "type=loan&page=2&limit=1") == []
        assert self.ids(many, "metadata.branch=Praha") == []
        assert self.ids(many, "start_date=2020-01-01&end_date=2020-01-02") == []
        assert len(self.ids(many, "start_date=2020-01-01&end_date=2100-01-02&page=4")) == 6
