"""Deleting a portfolio that many accounts are in: they are taken out batch by batch, then it goes."""

from datetime import timedelta
from typing import Any

import pytest

from console.ledgers.models import Ledger
from console.organizations.models import AuditEvent, Organization, Staff
from console.portfolios import querysets
from console.portfolios.models import Portfolio
from segments.bulk import engine
from segments.bulk.engine import process
from segments.models import BulkRun
from tests.conftest import signed_in
from tests.factories import NOW, LedgerFactory, PortfolioFactory
from tests.midaz.conftest import caller
from tests.pages import words
from tests.segments.tags import some_accounts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(querysets, "FEW", 20)
    monkeypatch.setattr(engine, "BATCH", 10)


@pytest.fixture
def retail(nordbank: Organization) -> Ledger:
    ledger: Ledger = LedgerFactory(organization=nordbank, name="Retail")
    return ledger


@pytest.fixture
def praha(retail: Ledger) -> Portfolio:
    portfolio: Portfolio = PortfolioFactory(ledger=retail, name="Praha")
    return portfolio


def is_there(portfolio: Portfolio) -> bool:
    return Portfolio.objects.filter(pk=portfolio.pk).exists()


def test_the_page_leads_to_how_far_it_is_and_the_portfolio_goes_last(
    olga: Staff, retail: Ledger, praha: Portfolio, at_once: None, django_capture_on_commit_callbacks: Any
) -> None:
    some_accounts(retail, 25, portfolio=praha)
    elsewhere = some_accounts(retail, 1, portfolio=PortfolioFactory(ledger=retail))[0]
    client, url = signed_in(olga), olga.organization.url("portfolios:portfolio_delete", praha.pk)
    answer = client.post(url)
    run = BulkRun.objects.get()
    assert answer["Location"] == run.get_absolute_url()
    assert (run.requested_by, run.state, run.total) == (olga, "queued", 25)
    assert is_there(praha)
    said = words(client.get(run.get_absolute_url()).content.decode())
    assert "Portfolio Praha is being deleted" in said
    assert "Take 25 accounts out of “Praha” and delete it" in said
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(url)["Location"] == run.get_absolute_url()  # once more is the same change
    process(run.pk, clock=lambda: NOW)
    assert not is_there(praha)
    assert olga.organization.accounts.filter(portfolio=None).count() == 25
    elsewhere.refresh_from_db()
    assert elsewhere.portfolio
    said = words(client.get(run.get_absolute_url()).content.decode())
    assert "25 changed, 0 unchanged, 0 refused" in said
    assert "The portfolio is deleted" in said
    assert client.get(praha.get_absolute_url()).status_code == 404
    assert praha.get_absolute_url() not in client.get(run.get_absolute_url()).content.decode()


def test_few_accounts_leave_at_once(olga: Staff, retail: Ledger, praha: Portfolio) -> None:
    some_accounts(retail, 20, portfolio=praha)
    answer = signed_in(olga).post(olga.organization.url("portfolios:portfolio_delete", praha.pk))
    assert answer["Location"] == olga.organization.url("portfolios:portfolio_list")
    assert not is_there(praha)
    assert not BulkRun.objects.exists()


def test_who_came_in_meanwhile_leaves_too_and_who_left_stays_where_it_is(
    olga: Staff, retail: Ledger, praha: Portfolio
) -> None:
    brno = PortfolioFactory(ledger=retail, name="Brno")
    accounts = some_accounts(retail, 25, portfolio=praha)
    signed_in(olga).post(olga.organization.url("portfolios:portfolio_delete", praha.pk))
    accounts[3].portfolio = brno
    accounts[3].save()
    late = some_accounts(retail, 1, portfolio=praha)[0]
    ended = process(BulkRun.objects.get().pk, clock=lambda: NOW)
    assert (ended.changed, ended.unchanged) == (24, 1)
    late.refresh_from_db()
    assert late.portfolio is None
    assert list(brno.accounts.all()) == [accounts[3]]


def test_cancelled_it_keeps_the_portfolio_and_resumed_it_goes(
    olga: Staff, retail: Ledger, praha: Portfolio
) -> None:
    some_accounts(retail, 25, portfolio=praha)
    signed_in(olga).post(olga.organization.url("portfolios:portfolio_delete", praha.pk))
    run = BulkRun.objects.get()
    process(
        run.pk, clock=iter([NOW, NOW, NOW + timedelta(seconds=30)]).__next__, slice_of=timedelta(seconds=9)
    )
    run.refresh_from_db()
    run.cancel(at=NOW)
    assert praha.accounts.count() == 15
    assert is_there(praha)
    run.resume(at=NOW)
    assert process(run.pk, clock=lambda: NOW).state == "done"
    assert not is_there(praha)


def test_the_api_answers_at_once_and_it_goes_by_the_key(
    nordbank: Organization,
    retail: Ledger,
    praha: Portfolio,
    at_once: None,
    django_capture_on_commit_callbacks: Any,
) -> None:
    some_accounts(retail, 25, portfolio=praha)
    call = caller(nordbank, f"/v1/organizations/{nordbank.pk}/ledgers/{retail.pk}")
    with django_capture_on_commit_callbacks(execute=True):
        assert call("DELETE", f"/portfolios/{praha.pk}").status_code == 204
    assert call("GET", f"/portfolios/{praha.pk}").status_code == 404
    assert not nordbank.accounts.exclude(portfolio=None).exists()
    events = AuditEvent.objects.filter(model="segments.BulkRun").order_by("pk")
    assert [event.changes["state"][1] for event in events] == ["draft", "queued", "running", "done"]
    assert all(event.key for event in events)
