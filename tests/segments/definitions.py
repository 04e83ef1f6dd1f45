"""Random definitions over every field, test and block that the small banks hold (hypothesis strategies)."""

from typing import Any

from hypothesis import strategies as st

DATES = st.sampled_from(["1940-01-01", "2026-01-01", "2026-03-01", "2026-03-30", "2026-03-31", "2026-04-03"])
RELATIVE = st.builds(
    lambda anchor, offset, unit: {"mode": "relative", "anchor": anchor, "offset": offset, "unit": unit},
    st.sampled_from(["startOfDay", "startOfMonth", "startOfYear"]),
    st.sampled_from([-90, -30, -1, 0, 1]),
    st.sampled_from(["day", "week", "month", "year"]),
)
AMOUNTS = st.sampled_from(["-1000.00", "-0.01", "0.00", "100.00", "100.005", "999.99", "1000.00", "2000.00"])
NUMBERS = st.sampled_from([-3, 0, 1, 2.5, 7, 30])
TEXTS = st.sampled_from(
    ["riha", "ŘÍHA", "thu", "%", "_", "\\", "prague", "north moravia", "Přerov", "strasse", "o'", "5", "brno"]
)
PURPOSES = st.sampled_from(["household", "INSURANCE", "pojisteni", "hold"])
ORDERED = ["=", "!=", "<", ">", "<=", ">="]
NULLS = st.sampled_from(["null", "notNull"])
TEXT_TESTS = [
    "=",
    "!=",
    "contains",
    "doesNotContain",
    "beginsWith",
    "doesNotBeginWith",
    "endsWith",
    "doesNotEndWith",
]


def _rule(field: str, operator: Any, value: Any, **meta: Any) -> dict[str, Any]:
    rule = {"field": field, "operator": operator, "value": value}
    return {**rule, "meta": meta} if meta else rule


def _between(values: Any, key: Any = lambda v: v) -> Any:
    return st.lists(values, min_size=2, max_size=2).map(lambda pair: sorted(pair, key=key))


def _compared(field: str, values: Any, *, key: Any = float, metas: Any = None, nulls: bool = True) -> Any:
    """Rules on something that has an order."""
    metas = metas if metas is not None else st.just({})
    one = st.builds(lambda o, v, m: _rule(field, o, v, **m), st.sampled_from(ORDERED), values, metas)
    two = st.builds(
        lambda o, v, m: _rule(field, o, v, **m),
        st.sampled_from(["between", "notBetween"]),
        _between(values, key),
        metas,
    )
    none = st.builds(lambda o, m: _rule(field, o, None, **m), NULLS, metas)
    return st.one_of(one, two, none) if nulls else st.one_of(one, two)


def _text(field: str, values: Any) -> Any:
    one = st.builds(lambda o, v: _rule(field, o, v), st.sampled_from(TEXT_TESTS), values)
    several = st.builds(
        lambda o, v: _rule(field, o, v),
        st.sampled_from(["in", "notIn"]),
        st.lists(values, min_size=1, max_size=3),
    )
    return st.one_of(one, several, st.builds(lambda o: _rule(field, o, None), NULLS))


def _choice(field: str, values: list[str]) -> Any:
    one = st.builds(lambda o, v: _rule(field, o, v), st.sampled_from(["=", "!="]), st.sampled_from(values))
    lists = st.lists(st.sampled_from(values), min_size=1, max_size=2)
    return st.one_of(one, st.builds(lambda o, v: _rule(field, o, v), st.sampled_from(["in", "notIn"]), lists))


def _boolean(field: str) -> Any:
    test = st.builds(lambda o, v: _rule(field, o, v), st.sampled_from(["=", "!="]), st.booleans())
    return st.one_of(test, st.builds(lambda o: _rule(field, o, None), NULLS))


def _dates(field: str) -> Any:
    one = st.builds(lambda o, v: _rule(field, o, v), st.sampled_from(ORDERED), st.one_of(DATES, RELATIVE))
    two = st.builds(
        lambda o, v: _rule(field, o, v), st.sampled_from(["between", "notBetween"]), _between(DATES)
    )
    return st.one_of(one, two, st.builds(lambda o: _rule(field, o, None), NULLS))


CURRENCY = st.sampled_from([{}, {"currency": "EUR"}, {"currency": "CZK"}])
WINDOW = st.sampled_from([{"days": 1}, {"days": 10}, {"days": 30, "currency": "EUR"}, {"days": 31}])
DAYS = st.sampled_from([{"days": 1}, {"days": 11}, {"days": 90}])
MONTHS = st.sampled_from([{"months": 1}, {"months": 3}, {"months": 13, "currency": "EUR"}])
ALL = st.just(_rule("all", "=", True))
TRANSACTION = st.one_of(
    ALL,
    _choice("direction", ["credit", "debit"]),
    _compared("amount", AMOUNTS, metas=CURRENCY),
    _text("currency", st.sampled_from(["CZK", "EUR"])),
    _dates("booked_on"),
    _text("purpose", PURPOSES),
    _text("metadata.channel", st.sampled_from(["app", "A"])),
)
ACCOUNT = st.one_of(
    _text("type", st.sampled_from(["current", "SAVINGS", "cur"])),
    _text("asset_code", st.sampled_from(["CZK", "EUR"])),
    _boolean("blocked"),
    _dates("opened_on"),
    _text("metadata.frequency", st.sampled_from(["weekly", "we"])),
    _text("metadata.limit.day", st.sampled_from(["5"])),
    _compared("ledger_balance", AMOUNTS, metas=CURRENCY),
    _compared("average_collected_balance", AMOUNTS, metas=WINDOW),
    _compared("minimum_balance", AMOUNTS, metas=WINDOW),
    _compared("monthly_low_balance", AMOUNTS, metas=MONTHS),
    _compared("overdrawn_days", st.sampled_from([0, 1, 10, 30]), metas=DAYS),
)
PERSON = st.one_of(
    _text("name", TEXTS),
    _text("country", st.sampled_from(["CZ", "DE"])),
    _choice("kind", ["person", "business"]),
    _dates("created_at"),
    _text("custom_data.region", TEXTS),
    _text("custom_data.address.city", TEXTS),
    _dates("custom_data.birth_date"),
    _compared("custom_data.score", NUMBERS),
    _boolean("custom_data.vip"),
    st.builds(
        lambda o, v: _rule("products", o, v),
        st.sampled_from(["contains", "doesNotContain"]),
        st.sampled_from(["visa", "savings"]),
    ),
    st.builds(
        lambda o, v: _rule("products", o, v),
        st.sampled_from(["in", "notIn"]),
        st.lists(st.sampled_from(["VISA", "overdraft_protection"]), min_size=1, max_size=2),
    ),
)
MATCH = st.one_of(
    st.sampled_from([{"mode": "some"}, {"mode": "none"}, {"mode": "all"}]),
    st.builds(
        lambda m, n: {"mode": m, "threshold": n},
        st.sampled_from(["atLeast", "atMost", "exactly"]),
        st.integers(min_value=0, max_value=4),
    ),
)


def _group(leaves: Any, depth: int = 2) -> Any:
    inner = leaves if depth == 0 else st.one_of(leaves, leaves, _group(leaves, depth - 1))
    return st.builds(
        lambda c, n, r: {"combinator": c, "rules": r, **({"not": True} if n else {})},
        st.sampled_from(["and", "or"]),
        st.booleans(),
        st.lists(inner, min_size=1, max_size=3),
    )


def _related(name: str, leaves: Any) -> Any:
    return st.builds(
        lambda m, w: {"field": name, "operator": "=", "match": m, "value": w}, MATCH, _group(leaves, 1)
    )


def _figure(
    name: str, of: str | None, fns: list[str], values: Any, leaves: Any, metas: Any, key: Any = float
) -> Any:
    """Aggregates of one field (or of rows) in every test."""

    def build(rule: dict[str, Any], fn: str, where: Any) -> dict[str, Any]:
        args = [{"kind": "field", "field": of}] if of else []
        meta = {**rule.get("meta", {}), **({"where": where} if where else {})}
        lhs = {"kind": "func", "fn": fn, "args": args}
        return {"field": name, "operator": rule["operator"], "value": rule["value"], "lhs": lhs, "meta": meta}

    compared = _compared("x", values, metas=metas, nulls=False, key=key)
    return st.builds(build, compared, st.sampled_from(fns), st.one_of(st.none(), _group(leaves, 1)))


def _transactions(name: str = "transactions") -> Any:
    return st.one_of(
        _related(name, TRANSACTION),
        _figure(name, "amount", ["sum", "avg", "min", "max"], AMOUNTS, TRANSACTION, CURRENCY),
        _figure(name, None, ["count"], st.integers(0, 5), TRANSACTION, None),
        _figure(name, "booked_on", ["min", "max"], DATES, TRANSACTION, None, str),
    )


PAST = st.sampled_from(["2026-02-28", "2026-03-01", "2026-03-30", "2026-03-31", "2026-04-01", "2026-05-10"])
INVOICE = st.one_of(
    ALL,
    _choice("status", ["approved", "partially_paid", "paid", "void", "draft", "edited", "upcoming"]),
    _text("number", st.sampled_from(["F-1", "rijen", "f-"])),
    _text("currency", st.sampled_from(["CZK", "EUR"])),
    _compared("total", AMOUNTS, metas=CURRENCY),
    _compared("amount_due", AMOUNTS, metas=CURRENCY),
    _dates("issued_on"),
    _dates("due_on"),
    _dates("promise_due_on"),
    _compared("days_overdue", st.sampled_from([-40, -1, 0, 0.5, 1, 30, 31, 400_000])),
)
TYPES, STATUSES = ["card", "direct_debit", "paypal"], ["active", "failed", "expired"]
SYSTEMS = st.sampled_from(["stripe", "Stripe EU", "kontosek", "e", "%"])
METHOD = st.one_of(
    ALL,
    _choice("type", TYPES),
    _choice("status", STATUSES),
    _text("connector", SYSTEMS),
    _boolean("is_default"),
    _text("country", st.sampled_from(["CZ", "DE"])),
    _dates("expires_on"),
)
LINK = st.one_of(
    ALL, _text("name", SYSTEMS), _choice("connection", ["linked", "not linked"]), _dates("synced_at")
)
WATCH = st.one_of(
    ALL, _text("name", st.sampled_from(["low", "uberfallig"])), _choice("state", ["holds", "does not hold"])
)
BILLING = st.one_of(
    _related("invoices", INVOICE),
    _figure("invoices", "amount_due", ["sum", "avg", "min", "max"], AMOUNTS, INVOICE, CURRENCY),
    _figure("invoices", "days_overdue", ["sum", "avg", "min", "max"], NUMBERS, INVOICE, None),
    _figure("invoices", "due_on", ["min", "max"], PAST, INVOICE, None, str),
    _figure("invoices", None, ["count"], st.integers(0, 4), INVOICE, None),
    _related("payment_methods", METHOD),
    _figure("payment_methods", None, ["count"], st.integers(0, 3), METHOD, None),
    _related("connectors", LINK),
    _related("monitors", WATCH),
    _choice("default_payment_method_type", TYPES),
    _choice("default_payment_method_status", STATUSES),
    _text("connector_name", SYSTEMS),
    st.builds(
        _rule,
        st.sampled_from(["default_payment_method_type", "connector_name"]),
        st.sampled_from(["null", "notNull"]),
        st.none(),
    ),
)
HOLDING = st.one_of(ALL, _choice("role", ["owner", "authorised user"]), ACCOUNT, _transactions())
CUSTOMERS = _group(
    st.one_of(
        ALL,
        PERSON,
        PERSON,
        _compared("total_balance", AMOUNTS, metas=CURRENCY),
        _related("accounts", HOLDING),
        _figure("accounts", "ledger_balance", ["sum", "avg", "min", "max"], AMOUNTS, HOLDING, CURRENCY),
        _figure("accounts", None, ["count"], st.integers(0, 3), HOLDING, None),
        _transactions(),
        _transactions(),
        st.builds(
            lambda o, v: _rule("segment", o, v),
            st.sampled_from(["in", "notIn"]),
            st.lists(st.sampled_from(["S1", "S2"]), min_size=1, max_size=2),
        ),
        st.builds(lambda o: _rule("segment", o, None), NULLS),
        BILLING,
        BILLING,
    )
)
ACCOUNTS = _group(
    st.one_of(
        ALL,
        ACCOUNT,
        ACCOUNT,
        _transactions(),
        _related("holders", st.one_of(ALL, _choice("role", ["owner", "authorised user"]), PERSON)),
        _figure("holders", None, ["count"], st.integers(0, 3), PERSON, None),
    )
)
