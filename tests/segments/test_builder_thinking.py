"""What the builder says of its own accord: contradictions, cost, fairness, who leaves nobody, how all are spread."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from console.customers.models import Attribute
from console.organizations.models import Organization, Staff
from segments.builder import costs, spread
from segments.catalog.fairness import care_of
from tests.conftest import signed_in
from tests.factories import (
    AccountFactory,
    AccountHolderFactory,
    AssetFactory,
    CustomerFactory,
    SegmentFactory,
)
from tests.money import book
from tests.segments.pages import Builder
from tests.segments.test_builder_counting import preview

pytestmark = pytest.mark.django_db
CZ: dict[str, Any] = {"field": "country", "operator": "=", "value": "CZ"}
DE: dict[str, Any] = {"field": "country", "operator": "=", "value": "DE"}


@pytest.fixture
def people(nordbank: Organization) -> list[Any]:
    """Three Czechs and a German, customers since a day, a year and a half, three and twelve years."""
    days = (1, 500, 1100, 4400)
    return [
        CustomerFactory(
            organization=nordbank, country=country, created_at=timezone.now() - timedelta(days=ago)
        )
        for country, ago in zip(("CZ", "CZ", "CZ", "DE"), days, strict=True)
    ]


def opened(staff: Staff, *rules: Any, population: str = "customers", **how: Any) -> Builder:
    """The builder at a segment with these rules."""
    organization = staff.organization
    tree = {"combinator": "and", "rules": list(rules), **how}
    segment = SegmentFactory(organization=organization, definition=tree, population=population)
    return Builder(signed_in(staff), organization.url("segments:segment_edit", segment.pk))


def remarks(builder: Builder, organization: Organization) -> list[str]:
    text = preview(builder, organization)
    return re.findall(r'data-goes-to="[\w-]+">([^<]+)</a></h2>', text.split('id="remarks"')[1])


class TestRemarks:
    def test_rules_that_can_t_both_hold(self, bob: Staff, nordbank: Organization) -> None:
        assert remarks(opened(bob, CZ, DE), nordbank) == ["Rule 2 and rule 1 can’t both hold"]

    def test_rules_that_everybody_meets(self, bob: Staff, nordbank: Organization) -> None:
        rules = (CZ, {**CZ, "operator": "!="})
        assert remarks(opened(bob, *rules, combinator="or"), nordbank) == ["Everybody meets these rules"]

    def test_sound_rules_are_left_alone(self, bob: Staff, nordbank: Organization) -> None:
        assert remarks(opened(bob, CZ), nordbank) == []

    def test_nothing_is_said_of_rules_that_are_not_finished(self, bob: Staff, nordbank: Organization) -> None:
        assert remarks(opened(bob, CZ, DE, {**CZ, "value": ""}), nordbank) == []

    def test_grounds_that_lending_must_not_rest_on(self, bob: Staff, nordbank: Organization) -> None:
        Attribute.objects.create(organization=nordbank, entity="customers", key="birth_date", type="date")
        old = {"field": "custom_data.birth_date", "operator": "<", "value": "1960-01-01"}
        city = {"field": "custom_data.address.city", "operator": "=", "value": "Brno"}
        builder = opened(bob, old, CZ, city, {**old, "operator": ">", "value": "1930-01-01"})
        assert remarks(builder, nordbank) == [
            "Rules 1 and 4 look at age",
            "Rule 3 looks at where somebody lives",
        ]
        assert builder.text.count(">Sensitive<") == 3

    @pytest.mark.parametrize(
        ("path", "care"),
        [
            ("birth_date", "age"),
            ("dateOfBirth", "age"),
            ("address.zip", "place"),
            ("marital_status", "family"),
            ("page", ""),
            ("agency", ""),
            ("segment_score", ""),
        ],
    )
    def test_an_attribute_is_noticed_by_its_words(self, path: str, care: str) -> None:
        assert care_of(path) == care

    def test_a_rule_that_costs_much(
        self, bob: Staff, nordbank: Organization, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        dear = {
            "field": "accounts",
            "operator": "=",
            "match": {"mode": "atLeast", "threshold": 2},
            "value": {
                "combinator": "and",
                "rules": [{"field": "overdrawn_days", "operator": ">", "value": 3, "meta": {"days": 90}}],
            },
        }
        cheap = opened(bob, CZ, dear)
        assert remarks(cheap, nordbank) == []
        monkeypatch.setattr(costs, "LIMIT", 0.0)
        assert remarks(cheap, nordbank) == ["Rule 2 is expensive"]

    def test_the_page_that_says_what_is_fair(self, vera: Staff) -> None:
        answer = signed_in(vera).get(vera.organization.url("segments:fair_lending"))
        assert "redlining" in answer.content.decode()


class TestWhoLeavesNobody:
    def test_the_rule_is_named_with_whom_it_finds_by_itself(
        self, bob: Staff, nordbank: Organization, people: Any
    ) -> None:
        builder = opened(bob, CZ, DE, CZ)
        text = preview(builder, nordbank, "funnel")
        assert "Rule 2 leaves nobody" in text
        assert "3 customers come to it. By itself it finds 1, none of them among these." in text
        assert text.count("is-culprit") == 1
        builder.press("remove:/rules/1")
        assert "leaves nobody" not in preview(builder, nordbank, "funnel")

    def test_a_rule_that_nobody_meets_at_all(self, bob: Staff, nordbank: Organization, people: Any) -> None:
        text = preview(opened(bob, CZ, {**CZ, "value": "AT"}), nordbank, "funnel")
        assert "Nobody at all meets it." in text

    def test_inside_a_group_the_rule_that_removes_most(
        self, bob: Staff, nordbank: Organization, people: Any
    ) -> None:
        none = {"combinator": "or", "not": True, "rules": [{**CZ, "value": "AT"}, CZ]}
        assert "Rule 2.2 leaves nobody" in preview(opened(bob, CZ, none), nordbank, "funnel")

    def test_how_near_accounts_come_is_said_of_those_in_the_currency_of_the_rule(
        self, bob: Staff, nordbank: Organization
    ) -> None:
        for code, amount in (("EUR", "500.00"), ("JPY", "900000")):
            ledger = AssetFactory(ledger__organization=nordbank, code=code).ledger
            account = AccountFactory(organization=nordbank, ledger=ledger, asset_code=code, type="current")
            book(account, [("2026-01-05", amount)])
        current = {"field": "type", "operator": "=", "value": "current"}
        rich = {"field": "ledger_balance", "operator": ">", "value": "1000.00"}
        text = preview(opened(bob, current, rich, population="accounts"), nordbank, "funnel")
        assert "The highest ledger balance among them is 500.00 EUR." in text


def shares(text: str) -> dict[str, dict[str, str]]:
    """{"Country": {"CZ": "75.0 %"}} as the page shows them."""
    found = {}
    for table in text.split("<table>")[1:]:
        title = re.findall(r"<caption>(.*?)</caption>", table)[0]
        rows = re.findall(r'<th scope="row">(.*?)</th>.*?([\d.]+ %|–)', table.replace("\xa0", " "), re.S)
        found[title] = dict(rows)
    return found


class TestSpread:
    def test_customers_by_country_balance_and_tenure(
        self, bob: Staff, nordbank: Organization, people: list[Any]
    ) -> None:
        ledger = AssetFactory(ledger__organization=nordbank, code="EUR").ledger
        for customer, amount in zip(people[:2], ("50.00", "5000.00"), strict=True):
            account = AccountFactory(organization=nordbank, ledger=ledger, asset_code="EUR")
            AccountHolderFactory(account=account, customer=customer, role="owner")
            book(account, [("2026-01-05", amount)])
        everyone = {"field": "all", "operator": "=", "value": True}
        assert shares(preview(opened(bob, everyone), nordbank, "spread")) == {
            "Country": {"CZ": "75.0 %", "DE": "25.0 %"},
            "Total balance, EUR": {
                "0 to 100": "25.0 %",
                "100 to 1,000": "0 %",
                "1,000 to 10,000": "25.0 %",
                "no account in EUR": "50.0 %",
            },
            "Customer for": {
                "10 years or more": "25.0 %",
                "5 to 10 years": "0 %",
                "2 to 5 years": "25.0 %",
                "1 to 2 years": "25.0 %",
                "3 to 12 months": "0 %",
                "under 3 months": "25.0 %",
            },
        }
        assert set(shares(preview(opened(bob, DE), nordbank, "spread"))["Country"]) == {"DE"}

    def test_few_of_many_countries_are_others_and_one_alone_is_named(
        self, bob: Staff, nordbank: Organization
    ) -> None:
        everyone = {"field": "all", "operator": "=", "value": True}
        for country in ("AT", "CZ", "DE", "FI", "FR", "IE", "IT"):
            CustomerFactory(organization=nordbank, country=country)
        found = shares(preview(opened(bob, everyone), nordbank, "spread"))["Country"]
        assert list(found) == ["AT", "CZ", "DE", "FI", "FR", "IE", "IT"]
        CustomerFactory(organization=nordbank, country="SK")
        found = shares(preview(opened(bob, everyone), nordbank, "spread"))["Country"]
        assert list(found) == ["AT", "CZ", "DE", "FI", "FR", "IE", "2 others"]

    def test_accounts_by_their_owners_country(self, bob: Staff, nordbank: Organization, people: Any) -> None:
        account = AccountFactory(organization=nordbank, opened_on=None)
        AccountHolderFactory(account=account, customer=people[3], role="owner")
        book(account, [("2026-01-05", "-20.00")])
        everyone = {"field": "all", "operator": "=", "value": True}
        found = shares(preview(opened(bob, everyone, population="accounts"), nordbank, "spread"))
        assert found == {
            "Country of the owner": {"DE": "100 %"},
            "Balance, EUR": {"below 0": "100 %"},
            "Open for": {"not recorded": "100 %"},
        }

    def test_of_many_a_stable_sample_is_looked_at(
        self, bob: Staff, nordbank: Organization, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        CustomerFactory.create_batch(200, organization=nordbank, country="CZ")
        monkeypatch.setattr(spread, "LARGE", 100)
        monkeypatch.setattr(spread, "ENOUGH", 50)
        builder = opened(bob, CZ)
        text = preview(builder, nordbank, "spread")
        looked_at = int(re.findall(r"estimated from (\d+) of the 200 customers", text)[0])
        assert 20 < looked_at < 100
        assert "≈ 100 %" in text.replace("\xa0", " ")
        assert preview(builder, nordbank, "spread") == text

    def test_nothing_of_rules_that_are_not_finished(self, bob: Staff, nordbank: Organization) -> None:
        nobody = preview(opened(bob, {**CZ, "value": "XX"}), nordbank, "spread")
        assert "Nobody belongs, so there is nothing to spread." in nobody
        assert "when every rule is finished" in preview(opened(bob, {**CZ, "value": ""}), nordbank, "spread")
