"""Every part in every state on one page, as settings/gallery: what colleagues build from and what tests render."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from console.charts import (
    Moment,
    Series,
    Threshold,
    balance_chart,
    bar_chart,
    funnel_bar,
    line_chart,
    share_bar,
    sparkline,
)
from console.founding.steps import Step
from console.metadata import KINDS, Row
from console.organizations.access import StaffRequest, allowed
from console.wording import Form

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)


STEPS = [
    Step(
        "g-ledger",
        "First ledger",
        "A ledger is one set of books.",
        "Make a ledger",
        "#g-ledger",
        is_done=True,
    ),
    Step(
        "g-assets",
        "Currencies",
        "What the ledger counts in.",
        "Choose currencies",
        "#g-assets",
        is_done=False,
    ),
    Step("g-data", "Customers and accounts", "Files of your core system.", "Bring data", "", is_done=False),
]


class ExampleForm(Form):
    """A form with every kind of field, shown empty and with faults."""

    threshold = forms.DecimalField(
        label="Threshold, EUR",
        help_text="Fires when the balance falls under it.",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "num"}),
        error_messages={"invalid": "Write an amount such as 1,000.00."},
    )
    kind = forms.ChoiceField(
        label="Kind", choices=[("", "Choose"), ("dynamic", "Dynamic"), ("static", "Static")]
    )
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    asks_consent = forms.BooleanField(
        label="Needs consent", required=False, help_text="Held back without it."
    )


class ExampleFilters(Form):
    """What stands over a list."""

    q = forms.CharField(label="Account, alias or holder", required=False)
    portfolio = forms.ChoiceField(choices=[("", "Any portfolio"), ("p", "Retail Praha")], required=False)
    state = forms.ChoiceField(choices=[("", "Any state"), ("open", "Open")], required=False)


@require_safe
@allowed("view")
def gallery(request: StaffRequest) -> HttpResponse:
    """Show the parts with invented numbers; nothing here is data."""
    return render(request, "gallery.html", {**words(), **lists(), **charts(), "steps": STEPS})


def words() -> dict[str, Any]:
    """Badges, counts, books, notes, forms."""
    return {
        "now": NOW,
        "badges": BADGES,
        "counts": COUNTS,
        "stats": STATS,
        "books": BOOKS,
        "broken_books": {**BOOKS, "sent": 12_205},
        "events": EVENTS,
        "pairs": [("Overdraft protection", "not held"), ("Consent, phone", "given"), ("Told lately", None)],
        "empty_form": ExampleForm(),
        "faulty_form": ExampleForm({"threshold": "1.000,0", "kind": ""}, auto_id="faulty_%s"),
        "read_back": READ_BACK,
        "entries": [
            Row("tier", "text", "gold"),
            Row("risk", "number", "high", "Write a number such as 1000."),
        ],
        "entry_kinds": KINDS,
        "some_portfolios": [("1", "Retail Praha"), ("2", "Private Prague · 4711")],
    }


def lists() -> dict[str, Any]:
    """What stands over, in and under a list."""
    return {
        "tabs": [
            {"label": "All", "url": "#tabs", "count": 1_998_214},
            {"label": "Low average, unprotected", "url": "#tabs", "count": 3_114, "is_current": True},
        ],
        "filters": ExampleFilters({"q": ""}),
        "chips": [{"label": "Opened", "value": "before 1 Oct 2026", "url": "#chips"}],
        "columns": [
            {"key": "account", "label": "Account", "is_fixed": True},
            {"key": "holder", "label": "Holder", "is_shown": True},
            {"key": "opened_on", "label": "Opened on"},
        ],
        "bulk_actions": [
            {"label": "Assign segment", "value": "assign", "icon": "tag"},
            {"label": "Block debits", "value": "block", "is_danger": True},
        ],
        "accounts": ACCOUNTS,
        "funnel": [funnel_bar(n, 486_210) for n in (412_906, 268_114, 320)],
        "share": share_bar(44, 61),
        "phone_rows": [("Energie Krämer", "−54.10"), ("Kino & Serien", "−15.90"), ("Salary", "+1,240.00")],
    }


def charts() -> dict[str, Any]:
    """One of each kind, from a made-up year of an account."""
    days = [TODAY - timedelta(days=n) for n in reversed(range(90))]
    balances = [(day, Decimal(150 if n < 68 else 80)) for n, day in enumerate(days)]
    averages = [
        (day, sum((v for _, v in balances[n - 29 : n + 1]), Decimal(0)) / 30)
        for n, day in enumerate(days)
        if n >= 29
    ]
    wave = [(day, Decimal(200 + (n * 7) % 90 - (n * 3) % 40)) for n, day in enumerate(days)]
    low = [(day, Decimal(-((n * 11) % 60))) for n, day in enumerate(days)]
    return {
        "balance": balance_chart(
            "Balance of account DE•• 4471, 90 days", wave, currency="EUR", size=(1158, 190)
        ),
        "evidence": balance_chart(
            "Balance and average of account DE•• 8812",
            balances[30:],
            currency="EUR",
            average=averages[1:],
            thresholds=[
                Threshold(Decimal(100), "fires under 100.00"),
                Threshold(Decimal(110), "clears at 110.00", fires=False),
            ],
            counted_from=days[60],
            moment=Moment(TODAY, "98.67, fired", Decimal("98.67"), is_alarm=True),
            size=(1158, 236),
        ),
        "growth": line_chart("Members, 90 days", [Series("members", wave)], size=(557, 150)),
        "movement": bar_chart(
            "Entered and left, 90 days",
            [Series("entered", wave), Series("left", low, "two")],
            size=(557, 150),
        ),
        "nothing": line_chart("Members", []),
        "spark": sparkline([4, 6, 5, 8, 9, 12, 11, 14]),
    }


BADGES = {
    "Segment": [
        ("draft", "Draft"),
        ("warn", "Waits for approval"),
        ("good", "Active"),
        ("bad", "Refresh failed"),
        ("", "Archived"),
    ],
    "Message": [
        ("info", "Queued"),
        ("info", "Sending"),
        ("good", "Sent"),
        ("bad", "Failed"),
        ("", "Suppressed"),
        ("warn", "Uncertain"),
        ("bad", "Dead"),
    ],
    "Alert": [
        ("info", "Pending 1 of 2"),
        ("bad", "Firing"),
        ("good", "Recovering"),
        ("good", "Resolved"),
        ("", "Snoozed"),
        ("draft", "Voided"),
    ],
    "Account": [
        ("good", "Open"),
        ("warn", "Debit blocked"),
        ("bad", "Overdrawn"),
        ("", "Dormant"),
        ("draft", "Closed"),
    ],
}
COUNTS = [
    {"label": "Exact", "value": 39_907, "sure": "exact", "note": "6 min ago"},
    {"label": "Estimate", "value": 4_640, "sure": "estimate", "note": "exact in about 3 s"},
    {"label": "Old", "value": 16_150, "sure": "old", "note": "yesterday 23:00, refresh failed"},
    {"label": "Not counted", "value": None, "sure": "none", "note": "rule 6.3 has a fault"},
]
STATS = [
    {"label": "Members", "value": 39_907, "sure": "exact", "note": "exact, 6 min ago"},
    {"label": "Entered, 7 days", "value": "+ 1,204", "tone": "entering", "note": "172 a day"},
    {"label": "Left, 7 days", "value": "− 2,655", "tone": "leaving", "note": "1,633 by version 12"},
    {"label": "Next refresh", "value": "11:00", "note": "every hour"},
]
BOOKS = {
    "planned": 12_480,
    "sent": 12_206,
    "failed": 84,
    "suppressed": 178,
    "uncertain": 5,
    "dead": 0,
    "queued": 7,
}
EVENTS = [
    {"text": "Fired: 98.67, was 101.00", "when": "06:04", "tone": "bad"},
    {"text": "Email to Retail risk: delivered", "at": NOW, "by": "M. Okafor"},
    {"text": "Entered: average fell to 98.20 EUR", "when": "14 Nov", "tone": "entered"},
    {"text": "Left: average 104.11 EUR", "when": "9 Sep", "tone": "left"},
    {"text": "Clears by itself at 110.00", "when": "later", "tone": "good"},
]
READ_BACK = [
    ("", "Customers in "),
    ("strong", "Germany, Austria or Czechia"),
    ("", " who do "),
    ("strong", "not"),
    ("", " hold overdraft protection "),
    ("aside", "(or nothing is recorded)"),
    ("", ", and have "),
    ("strong", "at least 2 invoices"),
    ("", " over 30 days late."),
]
ACCOUNTS = [
    {
        "name": "CZ•• 9031",
        "holder": "Tomáš Říha",
        "balance": Decimal("-1204.75"),
        "tone": "bad",
        "state": "Overdrawn",
        "on": True,
    },
    {
        "name": "DE•• 4471",
        "holder": "Nguyễn Thu Hà",
        "balance": Decimal("12.40"),
        "tone": "good",
        "state": "Open",
        "on": True,
    },
    {
        "name": "IE•• 2204",
        "holder": "Aoife O’Sullivan",
        "balance": Decimal("205.14"),
        "tone": "warn",
        "state": "Debit blocked",
    },
    {"name": "DE•• 8812", "holder": "María-José Ibáñez", "balance": None, "tone": "draft", "state": "Closed"},
]
