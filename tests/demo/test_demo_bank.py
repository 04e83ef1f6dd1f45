"""What the demo bank holds: people and money that a newcomer believes, and books that balance."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models

from console.demo.lookups import plain
from console.organizations.models import Organization
from console.portfolios.models import Account
from tests.demo.conftest import AS_OF

Ask = Callable[[str], list[tuple[Any, ...]]]


def test_there_are_the_customers_that_were_asked_for(organization: Organization) -> None:
    assert organization.customers.count() == 300
    assert 500 < organization.accounts.count() < 750
    assert organization.base_currency == "EUR"
    assert str(organization.zone) == "Europe/Prague"


def test_names_come_from_many_places_and_keep_their_accents(organization: Organization) -> None:
    names = list(organization.customers.values_list("name", flat=True))
    assert len(set(names)) > 200
    assert any("ř" in name or "ová" in name for name in names)
    assert any("ü" in name for name in names)
    countries = Counter(organization.customers.values_list("country", flat=True))
    assert countries.most_common(1)[0][0] == "CZ"
    assert len(countries) >= 7


def test_mail_can_only_reach_reserved_domains(organization: Organization) -> None:
    emails = set(organization.customers.exclude(email="").values_list("email", flat=True))
    assert len(emails) > 250
    assert all(email.isascii() and email.endswith("@mail.example") for email in emails)


def test_phone_numbers_can_not_be_dialled(organization: Organization) -> None:
    """No country gives numbers that begin with 100 to subscribers."""
    phones = set(organization.customers.exclude(phone="").values_list("phone", flat=True))
    assert phones
    assert all(phone.split()[1] == "100" for phone in phones)


def test_custom_data_is_declared(organization: Organization) -> None:
    declared = set(organization.attributes.filter(entity="customers").values_list("key", flat=True))
    used = {key for data in organization.customers.values_list("custom_data", flat=True) for key in data}
    assert used <= declared
    assert {"tier", "branch", "birth_date", "segment_code", "language"} <= used


def test_books_balance(rows: Ask) -> None:
    """Each kept balance is the sum of its account's transactions, to the cent."""
    [(accounts, wrong)] = rows("""
        SELECT count(*), count(*) FILTER (WHERE (b.ledger, b.items, b.last_on)
          IS DISTINCT FROM (t.total, t.items, t.last_on))
        FROM portfolios_account AS a
        LEFT JOIN balances_balance AS b ON b.account_id = a.id
        LEFT JOIN (SELECT account_id, sum(CASE direction WHEN 'credit' THEN amount ELSE -amount END) AS total,
          count(*) AS items, max(booked_on) AS last_on FROM balances_transaction GROUP BY 1) AS t
          ON t.account_id = a.id""")
    assert accounts > 500
    assert wrong == 0


def test_daily_balances_are_what_adding_up_day_by_day_gives(organization: Organization) -> None:
    for account in organization.accounts.filter(balance__items__gt=20)[:12]:
        assert kept_days(account) == added_up(account)


def kept_days(account: Account) -> dict[Any, Any]:
    return {row.day: (row.ledger, row.cum) for row in account.daily_balances.all()}


def added_up(account: Account) -> dict[Any, Any]:
    """Balance and running sum on each day with items, one calendar day after the other."""
    changes: Counter[Any] = Counter()
    for item in account.transactions.all():
        changes[item.booked_on] += item.amount if item.direction == "credit" else -item.amount
    days, day, ledger, cum = {}, min(changes), Decimal(0), Decimal(0)
    while day <= max(changes):
        ledger += changes[day]
        cum += ledger
        if day in changes:
            days[day] = (ledger, cum)
        day += timedelta(days=1)
    return days


def test_items_lie_in_the_year_before_and_after_the_opening(organization: Organization) -> None:
    items = organization.transactions
    assert not items.filter(booked_on__lt=AS_OF - timedelta(days=365)).exists()
    assert not items.filter(booked_on__gte=AS_OF).exists()
    assert not items.filter(booked_on__lt=models.F("account__opened_on")).exists()


def test_salaries_come_monthly_and_rents_go(organization: Organization) -> None:
    salaries = organization.transactions.filter(purpose="salary", account__asset_code="EUR")
    by_account = Counter(salaries.values_list("account_id", flat=True))
    assert max(by_account.values()) in (12, 13)
    amounts = sorted(salaries.values_list("amount", flat=True))
    assert 900 < amounts[len(amounts) // 2] < 4000
    for purpose in ("rent", "utilities", "insurance", "household", "cash", "savings", "interest", "pension"):
        assert organization.transactions.filter(purpose=purpose).exists(), purpose


def test_some_accounts_are_overdrawn_but_few(organization: Organization) -> None:
    below = organization.balances.filter(ledger__lt=0).count()
    assert 0 < below < organization.accounts.count() / 8


def test_closed_accounts_hold_nothing(organization: Organization) -> None:
    closed = organization.accounts.filter(status="CLOSED")
    assert closed.exists()
    assert set(closed.values_list("balance__ledger", flat=True)) == {Decimal(0)}


def test_accounts_have_owners_some_two_and_some_guests(organization: Organization) -> None:
    holders = organization.account_holders
    owners = Counter(holders.filter(role="owner").values_list("account_id", flat=True))
    assert set(owners.values()) == {1, 2}
    assert len(owners) == organization.accounts.count()
    assert holders.filter(role="authorised user").count() > 20


def test_couples_share_home_and_family_name(organization: Organization) -> None:
    account = organization.accounts.filter(name="Household account").first()
    assert account is not None
    first, second = (holder.customer for holder in account.holders.order_by("customer"))
    assert first.custom_data["branch"] == second.custom_data["branch"]
    assert plain(first.name.split()[-1])[:3] == plain(second.name.split()[-1])[:3]


def test_every_foreign_key_leads_somewhere(rows: Ask) -> None:
    """The load leaves out the database's own check; this is it."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, models.ForeignKey):
                parent = field.related_model._meta
                lost = rows(
                    f"SELECT count(*) FROM {model._meta.db_table} AS c WHERE {field.column} IS NOT NULL AND NOT EXISTS"
                    f" (SELECT FROM {parent.db_table} AS p WHERE p.{parent.pk.column} = c.{field.column})"
                )
                assert lost == [(0,)], field


def test_invoices_are_mostly_paid_and_some_are_late(organization: Organization) -> None:
    invoices = organization.invoices
    assert invoices.filter(status="paid").count() > invoices.count() / 2
    assert invoices.overdue(AS_OF).exists()
    assert organization.payment_methods.filter(is_default=True, status="failed").exists()
    expired = organization.payment_methods.filter(status="expired")
    assert set(expired) == set(organization.payment_methods.filter(expires_on__lt=AS_OF))
    assert expired.exists()
    assert organization.connector_links.filter(connector__name="Xero", customer__kind="business").exists()
