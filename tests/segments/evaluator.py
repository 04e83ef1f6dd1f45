"""The format's semantics once more in plain Python over plain rows: slow, obvious, with nothing of the compiler's."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.segments.comparing import OPPOSITE, compare, in_list, number, text
from tests.segments.moments import compare_moments, day
from tests.segments.plain import Holding, Item, World

OWN = ("invoices", "payment_methods", "connectors", "monitors", "messages")
PLAIN = (*OWN, "alerts", "income")
FACTS = ("default_payment_method_type", "default_payment_method_status", "connector_name")


def members(world: World, population: str, definition: dict[str, Any]) -> set[str]:
    """The keys of those who meet the definition."""
    rows: dict[str, Any] = world.people if population == "customers" else world.accounts
    return {key for key, row in rows.items() if holds(world, population, row, definition)}


def holds(world: World, scope: str, row: Any, node: dict[str, Any]) -> bool:
    if "rules" in node:
        results = [holds(world, scope, row, each) for each in node["rules"]]
        result = all(results) if node["combinator"] == "and" else any(results)
        return not result if node.get("not") else result
    if "lhs" in node:
        return aggregate(world, scope, row, node)
    if node["field"] in ("accounts", "transactions", "holders", *PLAIN):
        return related(world, scope, row, node)
    return rule(world, scope, row, node)


def rows_of(world: World, scope: str, row: Any, name: str) -> tuple[str, list[Any]]:
    if name in OWN:
        return name, getattr(row, name)
    if name == "income":
        return name, world.income(row.key)
    if scope == "customers":
        held = [account for account in world.accounts.values() if row.key in account.roles]
        if name == "accounts":
            return "holdings", [(account, account.roles[row.key]) for account in held]
        if name == "alerts":
            return name, [alarm for account in held for alarm in account.alerts]
        return "transactions", [(account, item) for account in held for item in account.items]
    account = row[0] if scope == "holdings" else row
    if name == "alerts":
        return name, account.alerts
    if name == "holders":
        return "holders", [(world.people[key], role) for key, role in account.roles.items()]
    return "transactions", [(account, item) for item in account.items]


def related(world: World, scope: str, row: Any, node: dict[str, Any]) -> bool:
    inner, rows = rows_of(world, scope, row, node["field"])
    matched = sum(holds(world, inner, each, node["value"]) for each in rows)
    match = node.get("match", {"mode": "some"})
    wanted = match.get("threshold", 0)
    return {
        "some": matched > 0,
        "none": matched == 0,
        "all": matched == len(rows),
        "atLeast": matched >= wanted,
        "atMost": matched <= wanted,
        "exactly": matched == wanted,
    }[match["mode"]]


def aggregate(world: World, scope: str, row: Any, node: dict[str, Any]) -> bool:
    inner, rows = rows_of(world, scope, row, node["field"])
    meta, fn = node.get("meta", {}), node["lhs"]["fn"]
    if meta.get("where"):
        rows = [each for each in rows if holds(world, inner, each, meta["where"])]
    if fn == "count" and node["operator"] in ("null", "notNull"):
        return bool(node["operator"] == "notNull")
    if fn == "count":
        return compare(node["operator"], Decimal(len(rows)), number(node["value"]))
    of = node["lhs"]["args"][0]["field"]
    currency = meta.get("currency", "CZK")
    values = [v for each in rows if (v := read(world, inner, each, of, currency)[1]) is not None]
    if fn == "sum":
        figure: Any = sum(values, Decimal(0))
    elif not values:
        figure = None
    else:
        figure = {
            "avg": lambda: sum(values) / len(values),
            "min": lambda: min(values),
            "max": lambda: max(values),
        }[fn]()
    wanted = node["value"]
    if node["operator"] in ("null", "notNull"):
        return (figure is None) == (node["operator"] == "null")
    if fn == "avg" and figure is not None:  # exact: total against value x number
        wanted = (
            [number(v) * len(values) for v in wanted]
            if isinstance(wanted, list)
            else number(wanted) * len(values)
        )
        figure = sum(values)
    elif of.endswith(("_on", "_date")):
        wanted = day(world, wanted)
    else:
        wanted = number(wanted)
    return compare(node["operator"], figure, wanted)


def days_of(meta: dict[str, Any]) -> int:
    """How many days or months a windowed figure looks back over."""
    return int(meta.get("days", meta.get("months", 0)))


def rule(world: World, scope: str, row: Any, node: dict[str, Any]) -> bool:
    key, operator, value = node["field"], node["operator"], node.get("value")
    if key == "all":
        return True
    if key in FACTS:
        return of_facts(operator, row.fact(key), value)
    currency = node.get("meta", {}).get("currency", "CZK")
    kind, actual = read(world, scope, row, key, currency, days_of(node.get("meta", {})))
    if operator in ("null", "notNull"):
        return (actual in (None, "", [], set())) == (operator == "null")
    if kind in ("list", "segment"):
        return in_list(operator, actual, value, kind)
    if kind in ("number", "money"):
        return compare(operator, actual, number(value))
    if kind == "date":
        return compare(operator, actual, day(world, value))
    if kind == "moment":
        return compare_moments(world, operator, actual, value)
    if kind == "boolean":
        return compare(operator, actual, value)
    return text(operator, actual, value)


def of_facts(operator: str, facts: list[Any], value: Any) -> bool:
    """A test on any of several values; an opposite one holds for whom the other does not."""
    if operator in ("null", "notNull"):
        return (not facts) == (operator == "null")
    opposite = OPPOSITE.get(operator)
    if opposite:
        return not of_facts(opposite, facts, value)
    return any(text(operator, fact, value) for fact in facts)


def of_plain(world: World, row: Any, key: str, currency: str) -> tuple[str, Any]:
    if key == "days_overdue":
        return "number", row.days_overdue(world.today)
    if key in ("total", "amount_due", "monthly_average"):
        return "money", getattr(row, key) if row.currency == currency else None
    kinds = {"is_default": "boolean", "months": "number"}
    ends = {"_at": "moment", "_on": "date"}
    return kinds.get(key, ends.get(key[-3:], "text")), getattr(row, key)


def read(world: World, scope: str, row: Any, key: str, currency: str, days: int = 0) -> tuple[str, Any]:
    """The type and the value that a field has on a row; None is missing."""
    if scope in PLAIN:
        return of_plain(world, row, key, currency)
    person = row if scope == "customers" else row[0] if scope == "holders" else None
    account = row if scope == "accounts" else row[0] if scope in ("holdings", "transactions") else None
    if key.startswith(("custom_data.", "metadata.")):
        holder = (
            person.custom_data if person else row[1].metadata if scope == "transactions" else account.metadata
        )
        value: Any = holder
        for part in key.split(".")[1:]:
            value = value.get(part) if isinstance(value, dict) else None
        return document(world.types.get(key, "text"), value)
    if key == "role":
        return "text", row[1]
    if person is not None:
        if key == "total_balance":
            owned = [
                a
                for a in world.accounts.values()
                if a.roles.get(person.key) == "owner" and a.asset_code == currency
            ]
            return "money", sum((a.balance(world.today) for a in owned), Decimal(0)) if owned else None
        if key == "birthday_in":
            born = person.custom_data.get("birth_date")
            return "number", Decimal((int(born[5:7]) - world.today.month) % 12) if born else None
        if key == "created_at":
            return "moment", person.created_at
        kinds = {"products": "list", "segment": "segment"}
        return kinds.get(key, "text"), getattr(
            person, {"products": "products", "segment": "segments"}.get(key, key)
        )
    if scope == "transactions":
        return of_item(account, row[1], key, currency)
    return of_account(world, account, key, currency, days)


def of_item(account: Holding, item: Item, key: str, currency: str) -> tuple[str, Any]:
    if key == "amount":
        return "money", item.amount if account.asset_code == currency else None
    if key == "currency":
        return "text", account.asset_code
    return {"booked_on": "date"}.get(key, "text"), getattr(item, key)


def of_account(world: World, account: Holding, key: str, currency: str, days: int) -> tuple[str, Any]:
    is_foreign = account.asset_code != currency
    window = [world.today - timedelta(days=n) for n in range(days)]
    is_younger = bool(window) and account.opened_on is not None and account.opened_on > window[-1]
    if key in ("segment", "assigned_segment"):
        carried = account.segments if key == "segment" else account.segments & {"T1", "T2"}
        return "segment", carried
    if key in ("ledger_balance", "collected_balance", "available_balance"):
        return "money", None if is_foreign else account.balance(world.today)
    if key == "average_collected_balance":
        total = sum((account.balance(day) for day in window), Decimal(0))
        return "money", None if is_foreign or is_younger else total / days
    if key == "minimum_balance":
        return "money", None if is_foreign or is_younger else min(account.balance(day) for day in window)
    if key == "monthly_low_balance":
        return "money", None if is_foreign else account.monthly_low(world.today, days)
    if key == "overdrawn_days":
        return "number", None if is_younger else Decimal(sum(account.balance(day) < 0 for day in window))
    kinds = {"blocked": "boolean", "opened_on": "date", "has_overdraft_protection": "boolean"}
    return kinds.get(key, "text"), getattr(account, key)


def document(kind: str, value: Any) -> tuple[str, Any]:
    if kind == "number":
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return "number", Decimal(str(value)) if is_number else None
    if kind == "boolean":
        return "boolean", value if isinstance(value, bool) else None
    if kind == "date":
        return "date", date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    return "text", None if value is None else str(value)
