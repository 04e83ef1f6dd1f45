"""Random rules, groups and blocks in every test that a type has, for definitions (hypothesis strategies)."""

from typing import Any

from hypothesis import strategies as st

DATES = st.sampled_from(["1940-01-01", "2026-01-01", "2026-03-01", "2026-03-30", "2026-03-31", "2026-04-03"])
RELATIVE = st.builds(
    lambda anchor, offset, unit: {"mode": "relative", "anchor": anchor, "offset": offset, "unit": unit},
    st.sampled_from(["now", "startOfDay", "startOfMonth", "startOfYear"]),
    st.sampled_from([-90, -30, -1, 0, 1]),
    st.sampled_from(["day", "week", "month", "year"]),
)
CLOCK = st.builds(
    lambda anchor, offset, unit: {"mode": "relative", "anchor": anchor, "offset": offset, "unit": unit},
    st.sampled_from(["now", "startOfDay", "startOfMonth"]),
    st.sampled_from([-60, -48, -24, -1, 0, 1]),
    st.sampled_from(["minute", "hour"]),
)
AMOUNTS = st.sampled_from(["-1000.00", "-0.01", "0.00", "100.00", "100.005", "999.99", "1000.00", "2000.00"])
NUMBERS = st.sampled_from([-3, 0, 1, 2.5, 7, 30])
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


def rule(field: str, operator: Any, value: Any, **meta: Any) -> dict[str, Any]:
    rule = {"field": field, "operator": operator, "value": value}
    return {**rule, "meta": meta} if meta else rule


def between(values: Any, key: Any = lambda v: v) -> Any:
    return st.lists(values, min_size=2, max_size=2).map(lambda pair: sorted(pair, key=key))


def compared(field: str, values: Any, *, key: Any = float, metas: Any = None, nulls: bool = True) -> Any:
    """Rules on something that has an order."""
    metas = metas if metas is not None else st.just({})
    one = st.builds(lambda o, v, m: rule(field, o, v, **m), st.sampled_from(ORDERED), values, metas)
    two = st.builds(
        lambda o, v, m: rule(field, o, v, **m),
        st.sampled_from(["between", "notBetween"]),
        between(values, key),
        metas,
    )
    none = st.builds(lambda o, m: rule(field, o, None, **m), NULLS, metas)
    return st.one_of(one, two, none) if nulls else st.one_of(one, two)


def listed(field: str, values: Any) -> Any:
    """Rules on a number that is one of some."""
    several = st.lists(values, min_size=1, max_size=3)
    return st.builds(lambda o, v: rule(field, o, v), st.sampled_from(["in", "notIn"]), several)


def having(field: str, one: list[str], several: list[str]) -> Any:
    """Rules on a list: what is in it."""
    single = st.builds(
        lambda o, v: rule(field, o, v), st.sampled_from(["contains", "doesNotContain"]), st.sampled_from(one)
    )
    lists = st.lists(st.sampled_from(several), min_size=1, max_size=2)
    return st.one_of(
        single, st.builds(lambda o, v: rule(field, o, v), st.sampled_from(["in", "notIn"]), lists)
    )


def member(field: str, names: list[str]) -> Any:
    """Rules on who is in segments."""
    one = st.builds(
        lambda o, v: rule(field, o, [v]), st.sampled_from(["in", "notIn"]), st.sampled_from(names)
    )
    several = st.lists(st.sampled_from(names), min_size=1, max_size=2)
    many = st.builds(lambda o, v: rule(field, o, v), st.sampled_from(["in", "notIn"]), several)
    return st.one_of(one, many, st.builds(lambda o: rule(field, o, None), NULLS))


def text(field: str, values: Any) -> Any:
    one = st.builds(lambda o, v: rule(field, o, v), st.sampled_from(TEXT_TESTS), values)
    several = st.builds(
        lambda o, v: rule(field, o, v),
        st.sampled_from(["in", "notIn"]),
        st.lists(values, min_size=1, max_size=3),
    )
    return st.one_of(one, several, st.builds(lambda o: rule(field, o, None), NULLS))


def choice(field: str, values: list[str]) -> Any:
    one = st.builds(lambda o, v: rule(field, o, v), st.sampled_from(["=", "!="]), st.sampled_from(values))
    lists = st.lists(st.sampled_from(values), min_size=1, max_size=2)
    several = st.builds(lambda o, v: rule(field, o, v), st.sampled_from(["in", "notIn"]), lists)
    return st.one_of(one, several, st.builds(lambda o: rule(field, o, None), NULLS))


def boolean(field: str) -> Any:
    test = st.builds(lambda o, v: rule(field, o, v), st.sampled_from(["=", "!="]), st.booleans())
    return st.one_of(test, st.builds(lambda o: rule(field, o, None), NULLS))


def dates(field: str) -> Any:
    return timed(field, st.one_of(DATES, RELATIVE))


def moments(field: str) -> Any:
    return timed(field, st.one_of(DATES, RELATIVE, CLOCK))


def timed(field: str, values: Any) -> Any:
    """Rules on something that stands in time."""
    one = st.builds(lambda o, v: rule(field, o, v), st.sampled_from(ORDERED), values)
    pairs = st.lists(values, min_size=2, max_size=2).map(in_order)
    two = st.builds(lambda o, v: rule(field, o, v), st.sampled_from(["between", "notBetween"]), pairs)
    return st.one_of(one, two, st.builds(lambda o: rule(field, o, None), NULLS))


def in_order(pair: list[Any]) -> list[Any]:
    """Two dates as a definition takes them. Of different kinds the first may turn out to be after the second."""
    if all(isinstance(each, str) for each in pair):
        return sorted(pair)
    low, high = pair
    if isinstance(low, str) or isinstance(high, str):
        return pair
    is_same = (low["anchor"], low["unit"]) == (high["anchor"], high["unit"])
    return sorted(pair, key=lambda each: each["offset"]) if is_same else pair


CURRENCY = st.sampled_from([{}, {"currency": "EUR"}, {"currency": "CZK"}])
WINDOW = st.sampled_from([{"days": 1}, {"days": 10}, {"days": 30, "currency": "EUR"}, {"days": 31}])
DAYS = st.sampled_from([{"days": 1}, {"days": 11}, {"days": 90}])
MONTHS = st.sampled_from([{"months": 1}, {"months": 3}, {"months": 13, "currency": "EUR"}])
ALL = st.just(rule("all", "=", True))
MATCH = st.one_of(
    st.sampled_from([{"mode": "some"}, {"mode": "none"}, {"mode": "all"}]),
    st.builds(
        lambda m, n: {"mode": m, "threshold": n},
        st.sampled_from(["atLeast", "atMost", "exactly"]),
        st.integers(min_value=0, max_value=4),
    ),
)


def group(leaves: Any, depth: int = 2) -> Any:
    inner = leaves if depth == 0 else st.one_of(leaves, leaves, group(leaves, depth - 1))
    return st.builds(
        lambda c, n, r: {"combinator": c, "rules": r, **({"not": True} if n else {})},
        st.sampled_from(["and", "or"]),
        st.booleans(),
        st.lists(inner, min_size=1, max_size=3),
    )


def related(name: str, leaves: Any) -> Any:
    return st.builds(
        lambda m, w: {"field": name, "operator": "=", "match": m, "value": w}, MATCH, group(leaves, 1)
    )


def figure(
    name: str, of: str | None, fns: list[str], values: Any, leaves: Any, metas: Any, key: Any = float
) -> Any:
    """Aggregates of one field (or of rows) in every test."""

    def build(rule: dict[str, Any], fn: str, where: Any) -> dict[str, Any]:
        args = [{"kind": "field", "field": of}] if of else []
        meta = {**rule.get("meta", {}), **({"where": where} if where else {})}
        lhs = {"kind": "func", "fn": fn, "args": args}
        return {"field": name, "operator": rule["operator"], "value": rule["value"], "lhs": lhs, "meta": meta}

    asked = st.one_of(
        *[compared("x", values, metas=metas, nulls=False, key=key)] * 4, compared("x", values, key=key)
    )
    return st.builds(build, asked, st.sampled_from(fns), st.one_of(st.none(), group(leaves, 1)))


PAST = st.sampled_from(["2026-02-28", "2026-03-01", "2026-03-30", "2026-03-31", "2026-04-01", "2026-05-10"])
