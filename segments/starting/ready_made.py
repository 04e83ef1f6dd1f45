"""Segments that banks ask for everywhere, each with the few figures that make it theirs, to open in the builder."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms

from console.filters import AmountField
from console.organizations.models import Organization
from console.wording import Form
from segments.models import Population
from segments.starting.rules import Rules, ago, any_of, related, rule

AMOUNT = "Write an amount such as 1,000.00."
CREDIT = rule("direction", "=", "credit")


def amount(label: str, initial: str) -> forms.Field:
    """An amount of money, in the organization's base currency."""
    return AmountField(
        label=label,
        initial=initial,
        min_value=Decimal(0),
        max_digits=18,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "num", "size": 10}),
        error_messages={"required": AMOUNT, "invalid": AMOUNT},
    )


def number(label: str, initial: int, most: int, least: int = 1) -> forms.Field:
    widget = forms.NumberInput(attrs={"class": "num short"})
    return forms.IntegerField(label=label, initial=initial, min_value=least, max_value=most, widget=widget)


def days(initial: int) -> forms.Field:
    return number("Days", initial, 3650)


@dataclass(frozen=True)
class ReadyMade:
    """A segment to begin with. `figures`: what staff set; `rules`: from those to a definition's rules.

    `needs`: the key of a customers' attribute that holds a date, without which it can't be had.
    """

    key: str
    name: str
    population: str
    what_for: str
    rules: Callable[[dict[str, Any]], Rules]
    figures: dict[str, forms.Field] = field(default_factory=dict)
    is_marketing: bool = True
    needs: str = ""

    def is_had(self, organization: Organization) -> bool:
        """Whether the organization declared what it needs."""
        declared = organization.attributes.filter(entity="customers", type="date", key=self.needs)
        return not self.needs or declared.exists()

    def form(self, data: Any, organization: Organization) -> Form:
        """The figures to set, with the usual ones where `data` is None. Amounts are in the base currency."""
        made: type[Form] = type("FiguresForm", (Form,), dict(self.figures))
        form = made(data, initial={}, auto_id=f"{self.key}_%s", use_required_attribute=False)
        for one in form.fields.values():
            if isinstance(one, AmountField):
                one.label = f"{one.label}, {organization.base_currency}"
        return form

    def definition(self, figures: dict[str, Any]) -> dict[str, Any]:
        """The rules with these figures."""
        return {"schema_version": 1, "combinator": "and", "rules": self.rules(figures)}

    def usual(self) -> dict[str, Any]:
        """The figures that stand there first, as a sent form has them."""
        return {name: one.initial for name, one in self.figures.items()}


def dormant(figures: dict[str, Any]) -> Rules:
    since = ago(figures["days"])
    return [
        rule("status", "=", "ACTIVE"),
        rule("opened_on", "<=", since),
        related("transactions", [rule("booked_on", ">=", since)], "none"),
    ]


def credited(figures: dict[str, Any]) -> Rules:
    """One credit of that size, where a word is given with the word in what was said of it."""
    word = figures.get("word", "")
    said = [rule(field, "contains", word) for field in ("description", "purpose", "operation")]
    lately = rule("booked_on", ">=", ago(figures["days"]))
    return [
        related(
            "transactions",
            [CREDIT, rule("amount", ">=", str(figures["amount"])), lately, *([any_of(said)] if word else [])],
        )
    ]


def window(figures: dict[str, Any], name: str, operator: str, value: Any) -> dict[str, Any]:
    return rule(name, operator, value, meta={"days": figures["days"]})


ALL = (
    ReadyMade(
        "high-balance",
        "High balance",
        Population.CUSTOMERS,
        "Savings and investment offers; the adviser calls these first.",
        lambda figures: [rule("total_balance", ">=", str(figures["amount"]))],
        {"amount": amount("At least", "100,000")},
    ),
    ReadyMade(
        "low-balance",
        "Low balance",
        Population.ACCOUNTS,
        "Below it on a day at least of every month: coaching, or credit that fits.",
        lambda figures: [
            rule("monthly_low_balance", "<", str(figures["amount"]), meta={"months": figures["months"]})
        ],
        {"amount": amount("Below", "100"), "months": number("Complete months", 3, 120)},
    ),
    ReadyMade(
        "dormant",
        "Dormant accounts",
        Population.ACCOUNTS,
        "Open and active, and nothing has moved: win them back, or close them.",
        dormant,
        {"days": days(180)},
        is_marketing=False,
    ),
    ReadyMade(
        "no-overdraft-protection",
        "No overdraft protection",
        Population.ACCOUNTS,
        "A low average and nothing to catch a bad day: offer overdraft protection.",
        lambda figures: [
            rule("has_overdraft_protection", "=", False),
            window(figures, "average_collected_balance", "<", str(figures["amount"])),
        ],
        {"amount": amount("Average below", "1,000"), "days": days(30)},
    ),
    ReadyMade(
        "often-overdrawn",
        "Often overdrawn",
        Population.ACCOUNTS,
        "Coaching, or a credit that costs less than the overdraft.",
        lambda figures: [window(figures, "overdrawn_days", ">=", figures["times"])],
        {"times": number("Days overdrawn", 5, 3650), "days": number("Of the last days", 90, 3650)},
        is_marketing=False,
    ),
    ReadyMade(
        "large-deposit",
        "Large deposit",
        Population.CUSTOMERS,
        "Money has just arrived: ask what it is for.",
        credited,
        {"amount": amount("At least", "50,000"), "days": days(30)},
    ),
    ReadyMade(
        "salary-arrived",
        "Salary arrived",
        Population.CUSTOMERS,
        "A credit that speaks of a salary: the day to put something aside.",
        credited,
        {
            "amount": amount("At least", "1,000"),
            "days": days(30),
            "word": forms.CharField(label="Says", initial="salary", max_length=100),
        },
    ),
    ReadyMade(
        "overdue",
        "Overdue invoices",
        Population.CUSTOMERS,
        "Whom to remind: 30, 60 or 90 days late, by the due date.",
        lambda figures: [related("invoices", [rule("days_overdue", ">", figures["days"])])],
        {"days": number("Days overdue, more than", 30, 3650)},
        is_marketing=False,
    ),
    ReadyMade(
        "failed-payment-method",
        "Failed default payment method",
        Population.CUSTOMERS,
        "The next collection will fail: ask for another way to pay first.",
        lambda _: [rule("default_payment_method_status", "=", "failed")],
        is_marketing=False,
    ),
    ReadyMade(
        "birthday",
        "Birthday this month",
        Population.CUSTOMERS,
        "Good wishes in the month of the birthday. Age decides: ask compliance before credit is offered by it.",
        lambda figures: [rule("birthday_in", "<=", figures["ahead"])],
        {"ahead": number("Months ahead", 0, 11, least=0)},
        needs="birth_date",
    ),
    ReadyMade(
        "new-this-month",
        "New this month",
        Population.CUSTOMERS,
        "Welcome letters, from the first of the month on.",
        lambda _: [
            rule(
                "created_at",
                ">=",
                {"mode": "relative", "anchor": "startOfMonth", "offset": 0, "unit": "month"},
            )
        ],
    ),
)
BY_KEY = {one.key: one for one in ALL}
