"""Random definitions over every field, test and block that the small banks hold (hypothesis strategies)."""

from typing import Any

from hypothesis import strategies as st

from tests.segments.rules import (
    ALL,
    AMOUNTS,
    CLOCK,
    CURRENCY,
    DATES,
    DAYS,
    MONTHS,
    NUMBERS,
    PAST,
    WINDOW,
    boolean,
    choice,
    compared,
    dates,
    figure,
    group,
    having,
    listed,
    member,
    moments,
    related,
    rule,
    text,
    timed,
)

TEXTS = st.sampled_from(
    ["riha", "ŘÍHA", "thu", "%", "_", "\\", "prague", "north moravia", "Přerov", "strasse", "o'", "5", "brno"]
)
WORDS = st.sampled_from(["card", "％", "_", "＿", "50% BACK", "\\", "＼", "rijen\\", "tesco"])
PURPOSES = st.sampled_from(["household", "INSURANCE", "pojisteni", "hold"])
LABELS = st.sampled_from(["salary", "pension", "household", "sal", "PENS"])
TRANSACTION = st.one_of(
    ALL,
    choice("direction", ["credit", "debit"]),
    compared("amount", AMOUNTS, metas=CURRENCY),
    text("currency", st.sampled_from(["CZK", "EUR"])),
    dates("booked_on"),
    text("purpose", PURPOSES),
    text("label", LABELS),
    text("metadata.channel", st.sampled_from(["app", "A"])),
    compared("metadata.points", NUMBERS),
    text("operation", WORDS),
    text("counterparty", WORDS),
    text("description", WORDS),
)
ACCOUNT = st.one_of(
    text("type", st.sampled_from(["current", "SAVINGS", "cur"])),
    text("asset_code", st.sampled_from(["CZK", "EUR"])),
    boolean("blocked"),
    dates("opened_on"),
    text("metadata.frequency", st.sampled_from(["weekly", "we"])),
    text("metadata.limit.day", st.sampled_from(["5"])),
    compared("metadata.fee", NUMBERS),
    listed("metadata.fee", NUMBERS),
    compared("ledger_balance", AMOUNTS, metas=CURRENCY),
    compared("average_collected_balance", AMOUNTS, metas=WINDOW),
    compared("minimum_balance", AMOUNTS, metas=WINDOW),
    compared("monthly_low_balance", AMOUNTS, metas=MONTHS),
    compared("overdrawn_days", st.sampled_from([0, 1, 10, 30]), metas=DAYS),
    compared("collected_balance", AMOUNTS, metas=CURRENCY),
    compared("available_balance", AMOUNTS, metas=CURRENCY),
    choice("status", ["ACTIVE", "DORMANT", "CLOSED"]),
    text("name", WORDS),
    text("alias", st.sampled_from(["@a1", "_X", "@A1_x"])),
    text("external_id", st.sampled_from(["A1", "a", "9"])),
    text("ledger", st.sampled_from(["řetězec %_", "retezec", "%_", "other"])),
    text("portfolio", st.sampled_from(["Retail", "prerov", "retail přerov"])),
    boolean("has_overdraft_protection"),
    member("segment", ["A1", "A2", "T1"]),
    member("assigned_segment", ["T1", "T2"]),
)
PERSON = st.one_of(
    text("name", TEXTS),
    text("country", st.sampled_from(["CZ", "DE"])),
    text("email", st.sampled_from(["eva", "EVA_", "％", "reka%@mail.example", "mail.example"])),
    text("phone", st.sampled_from(["+420", "777"])),
    text("external_id", st.sampled_from(["P1", "p", "9"])),
    choice("kind", ["person", "business"]),
    listed("custom_data.score", NUMBERS),
    listed("birthday_in", st.integers(0, 12)),
    moments("created_at"),
    text("custom_data.region", TEXTS),
    text("custom_data.address.city", TEXTS),
    dates("custom_data.birth_date"),
    compared("custom_data.score", NUMBERS),
    boolean("custom_data.vip"),
    compared("birthday_in", st.sampled_from([0, 1, 9, 11, 12])),
    having("products", ["visa", "savings"], ["VISA", "overdraft_protection"]),
)


def _transactions(name: str = "transactions") -> Any:
    return st.one_of(
        related(name, TRANSACTION),
        figure(name, "amount", ["sum", "avg", "min", "max"], AMOUNTS, TRANSACTION, CURRENCY),
        figure(name, "metadata.points", ["sum", "avg", "min", "max"], NUMBERS, TRANSACTION, None),
        figure(name, None, ["count"], st.integers(0, 5), TRANSACTION, None),
        figure(name, "booked_on", ["min", "max"], DATES, TRANSACTION, None, str),
    )


INVOICE = st.one_of(
    ALL,
    choice("status", ["approved", "partially_paid", "paid", "void", "draft", "edited", "upcoming"]),
    text("number", st.sampled_from(["F-1", "rijen", "f-"])),
    text("currency", st.sampled_from(["CZK", "EUR"])),
    compared("total", AMOUNTS, metas=CURRENCY),
    compared("amount_due", AMOUNTS, metas=CURRENCY),
    dates("issued_on"),
    dates("due_on"),
    dates("promise_due_on"),
    moments("created_at"),
    compared("days_overdue", st.sampled_from([-40, -1, 0, 0.5, 1, 30, 31, 400_000])),
    listed("days_overdue", st.sampled_from([-40, -1, 0, 0.5, 1, 30, 31, 400_000])),
)
TYPES, STATUSES = ["card", "direct_debit", "paypal"], ["active", "failed", "expired"]
SYSTEMS = st.sampled_from(["stripe", "Stripe EU", "kontosek", "e", "%"])
METHOD = st.one_of(
    ALL,
    choice("type", TYPES),
    choice("status", STATUSES),
    text("connector", SYSTEMS),
    boolean("is_default"),
    text("country", st.sampled_from(["CZ", "DE"])),
    dates("expires_on"),
)
LINK = st.one_of(
    ALL, text("name", SYSTEMS), choice("connection", ["linked", "not linked"]), moments("synced_at")
)
WATCH = st.one_of(
    ALL, text("name", st.sampled_from(["low", "uberfallig"])), choice("state", ["holds", "does not hold"])
)
BILLING = st.one_of(
    related("invoices", INVOICE),
    figure("invoices", "amount_due", ["sum", "avg", "min", "max"], AMOUNTS, INVOICE, CURRENCY),
    figure("invoices", "days_overdue", ["sum", "avg", "min", "max"], NUMBERS, INVOICE, None),
    figure("invoices", "due_on", ["min", "max"], PAST, INVOICE, None, str),
    figure("invoices", None, ["count"], st.integers(0, 4), INVOICE, None),
    related("payment_methods", METHOD),
    figure("payment_methods", None, ["count"], st.integers(0, 3), METHOD, None),
    related("connectors", LINK),
    related("monitors", WATCH),
    choice("default_payment_method_type", TYPES),
    choice("default_payment_method_status", STATUSES),
    text("connector_name", SYSTEMS),
    st.builds(
        rule,
        st.sampled_from(["default_payment_method_type", "connector_name"]),
        st.sampled_from(["null", "notNull"]),
        st.none(),
    ),
)
LETTER = st.one_of(
    ALL,
    text("communication", st.sampled_from(["welcome", "Rijnove", "e"])),
    choice("status", ["queued", "sent", "suppressed"]),
    moments("sent_at"),
)
ALARM = st.one_of(
    ALL,
    text("campaign", st.sampled_from(["low", "Low balance"])),
    choice("state", ["firing", "resolved", "voided"]),
    moments("fired_at"),
)
EARNED = st.sampled_from(["0.00", "8.33", "8.34", "83.33", "83.34", "166.67"])
INCOME = st.one_of(
    ALL,
    choice("label", ["salary", "pension", "capital"]),
    compared("monthly_average", EARNED, metas=CURRENCY),
    compared("months", st.sampled_from([0, 1, 2, 3, 12])),
    dates("last_on"),
)
ALERTS = st.one_of(
    related("alerts", ALARM), figure("alerts", None, ["count"], st.integers(0, 3), ALARM, None)
)
TOLD = st.one_of(
    related("messages", LETTER),
    figure("messages", None, ["count"], st.integers(0, 3), LETTER, None),
    ALERTS,
    related("income", INCOME),
    figure("income", "monthly_average", ["sum", "avg", "max"], EARNED, INCOME, CURRENCY),
    figure("income", "months", ["min", "max"], st.integers(0, 3), INCOME, None),
    figure("income", "last_on", ["min", "max"], PAST, INCOME, None, str),
)
HOLDING = st.one_of(ALL, choice("role", ["owner", "authorised user"]), ACCOUNT, _transactions(), ALERTS)
TIMED = st.builds(
    lambda timed: {"combinator": "and", "rules": [timed]}, timed("created_at", st.one_of(DATES, CLOCK, CLOCK))
)
CUSTOMER = st.one_of(
    ALL,
    PERSON,
    PERSON,
    compared("total_balance", AMOUNTS, metas=CURRENCY),
    related("accounts", HOLDING),
    figure("accounts", "ledger_balance", ["sum", "avg", "min", "max"], AMOUNTS, HOLDING, CURRENCY),
    figure("accounts", "metadata.fee", ["sum", "avg", "min", "max"], NUMBERS, HOLDING, None),
    figure("accounts", None, ["count"], st.integers(0, 3), HOLDING, None),
    figure("accounts", "opened_on", ["min", "max"], DATES, HOLDING, None, str),
    _transactions(),
    _transactions(),
    member("segment", ["S1", "S2"]),
    BILLING,
    BILLING,
    TOLD,
    TOLD,
)
HOLDER = st.one_of(ALL, choice("role", ["owner", "authorised user"]), PERSON)
ACCOUNT_ALONE = st.one_of(
    ALL,
    ACCOUNT,
    ACCOUNT,
    _transactions(),
    ALERTS,
    related("holders", HOLDER),
    figure("holders", None, ["count"], st.integers(0, 3), PERSON, None),
    figure("holders", "custom_data.score", ["sum", "avg", "min", "max"], NUMBERS, PERSON, None),
    figure("holders", "custom_data.birth_date", ["min", "max"], DATES, PERSON, None, str),
)
CUSTOMERS, ACCOUNTS = group(CUSTOMER), group(ACCOUNT_ALONE)
# The rules of each scope of the catalogue, by name: test_drawn.py holds them to its fields.
LEAVES = {
    "customers": "CUSTOMER",
    "accounts": "ACCOUNT_ALONE",
    "holdings": "HOLDING",
    "holders": "HOLDER",
    "transactions": "TRANSACTION",
    "income": "INCOME",
    "invoices": "INVOICE",
    "payment_methods": "METHOD",
    "connectors": "LINK",
    "monitors": "WATCH",
    "messages": "LETTER",
    "alerts": "ALARM",
}
