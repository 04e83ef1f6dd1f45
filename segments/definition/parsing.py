"""From JSON to typed nodes. Whatever is not exactly a definition is refused, with every fault and its place."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from console.currencies import CURRENCIES
from console.organizations.models import Organization
from segments import catalog
from segments.catalog import SCOPES, Field
from segments.definition import texts, values
from segments.definition.faults import DefinitionFaults, Fault
from segments.definition.nodes import Aggregate, Group, Node, Related, Rule, Value
from segments.definition.references import wrong_segments

MAX_LEVELS, MAX_RULES, MAX_FAULTS = 6, 200, 500
IGNORED = {"id", "path"}
MODES = ("some", "none", "all", "atLeast", "atMost", "exactly")
COUNTED = ("atLeast", "atMost", "exactly")
LONGEST = {"days": 3650, "months": 120}
FUNCTIONS = ("sum", "count", "avg", "min", "max")
COUNT = Field("count", "Number", "number", unit="rows")


def parse(
    data: Any,
    population: str,
    organization: Organization,
    *,
    own: UUID | None = None,
    known: dict[str, dict[str, Field]] | None = None,
) -> Group:
    """A definition as typed nodes, checked against the organization's catalogue and segments.

    `own` is the segment that it defines: being in it is not being in a segment. Who reads many in a row gives each the
    same dict as `known`, empty at first: the catalogue of each scope is then looked up once. Raises DefinitionFaults
    with every fault found; a definition is never half understood.
    """
    parser = _Parser(organization, {} if known is None else known)
    node = parser.root(data, population) if parser.can_be_kept(data) else None
    if node is None or parser.faults:
        raise DefinitionFaults(parser.faults)
    return replace(node, own=own)


class _Parser:
    """One walk over one definition, collecting faults instead of stopping at the first."""

    def __init__(self, organization: Organization, known: dict[str, dict[str, Field]]) -> None:
        self.organization = organization
        self.faults: list[Fault] = []
        self.rules = 0
        self._known = known

    def fault(self, path: str, message: str) -> None:
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(Fault(path, message))

    def can_be_kept(self, data: Any) -> bool:
        """Whether the database can keep it as it stands, what no rule reads too."""
        for path, message in texts.unkeepable(data):
            self.fault(path, message)
        return not self.faults

    def root(self, data: Any, population: str) -> Group | None:
        version = data.get("schema_version", 1) if isinstance(data, dict) else 1
        if version != 1 or isinstance(version, bool):
            self.fault("/schema_version", "This console reads version 1 of the format.")
        node = self.group(data, population, "", 1, extra=frozenset({"schema_version"}))
        if node is None or self.faults:
            return None
        self.faults += wrong_segments(node, population, self.organization)
        return replace(node, population=population)

    def group(
        self, data: Any, scope: str, path: str, level: int, extra: frozenset[str] = frozenset()
    ) -> Group | None:
        if not isinstance(data, dict):
            self.fault(path, "A group of rules must stand here.")
            return None
        self._unknown_keys(data, {"combinator", "not", "rules"} | extra, path)
        if data.get("combinator") not in ("and", "or"):
            self.fault(f"{path}/combinator", "Choose “and” or “or”.")
        if not isinstance(data.get("not", False), bool):
            self.fault(f"{path}/not", "Choose true or false.")
        if level > MAX_LEVELS:
            self.fault(
                path,
                f"Groups nest {MAX_LEVELS} levels deep at most. Move these rules out, or into a segment of their own.",
            )
            return None
        rules = data.get("rules")
        if not isinstance(rules, list) or not rules:
            self.fault(
                f"{path}/rules",
                "Add a rule to this group, or remove it. An empty group never means “everyone”.",
            )
            return None
        nodes = [self.node(each, scope, f"{path}/rules/{n}", level) for n, each in enumerate(rules)]
        return Group(
            str(data.get("combinator")),
            data.get("not", False) is True,
            tuple(node for node in nodes if node),
            path,
        )

    def node(self, data: Any, scope: str, path: str, level: int) -> Node | None:
        if isinstance(data, dict) and ("rules" in data or "combinator" in data):
            return self.group(data, scope, path, level + 1)
        self.rules += 1
        if self.rules == MAX_RULES + 1:
            self.fault(
                path,
                f"A definition holds {MAX_RULES} rules at most. Split it into segments and combine them.",
            )
        if self.rules > MAX_RULES:
            return None
        if not isinstance(data, dict):
            self.fault(path, "A rule or a group must stand here.")
            return None
        self._unknown_keys(data, {"field", "operator", "value", "match", "lhs", "meta"}, path)
        field = self._field(data.get("field"), scope, path)
        if field is None:
            return None
        if "lhs" in data:
            return self.aggregate(data, field, path, level)
        if field.type == "related":
            return self.related(data, field, path, level)
        return self.rule(data, field, path)

    def rule(self, data: dict[str, Any], field: Field, path: str) -> Rule | None:
        if "match" in data:
            self.fault(f"{path}/match", f"“{field.label}” has no rows to match.")
        operator = self._operator(data, field, path)
        meta = self._meta(data, {"currency"} | ({field.window} if field.is_windowed else set()), path)
        days = self._days(meta, field, path)
        if operator is None:
            return None
        value = self._value(field, operator, data, path)
        return Rule(field, operator, value, path, self._currency(meta, field, path), days)

    def related(self, data: dict[str, Any], field: Field, path: str, level: int) -> Related | None:
        self._operator(data, field, path)
        self._meta(data, set(), path)
        match = data.get("match", {"mode": "some"})
        if not isinstance(match, dict) or match.get("mode") not in MODES:
            self.fault(f"{path}/match", f"Choose how many must match: {', '.join(MODES)}.")
            return None
        self._unknown_keys(match, {"mode", "threshold"}, f"{path}/match")
        threshold = match.get("threshold")
        number = int(threshold) if type(threshold) is int and 0 <= threshold <= 1_000_000 else None
        if match["mode"] in COUNTED and number is None:
            self.fault(f"{path}/match/threshold", "Enter a number of rows from 0 to 1,000,000.")
        if match["mode"] not in COUNTED and "threshold" in match:
            self.fault(f"{path}/match/threshold", f"“{match['mode']}” takes no number.")
        where = self.group(data.get("value"), field.scope, f"{path}/value", level + 1)
        if where is None:
            return None
        return Related(field, SCOPES[field.scope], match["mode"], number or 0, where, path)

    def aggregate(self, data: dict[str, Any], field: Field, path: str, level: int) -> Aggregate | None:
        if field.type != "related":
            self.fault(f"{path}/lhs", f"“{field.label}” has no rows to add up.")
            return None
        fn, of = self._figure(data["lhs"], field, f"{path}/lhs")
        meta = self._meta(data, {"where", "currency"}, path)
        where = None
        if meta.get("where") is not None:
            where = self.group(meta["where"], field.scope, f"{path}/meta/where", level + 1)
        compared = COUNT if fn == "count" else of
        if "match" in data or compared is None or fn is None:
            if "match" in data:
                self.fault(f"{path}/match", "A figure takes no number of matching rows.")
            return None
        operator = self._operator(data, compared, path)
        if operator is None:
            return None
        value = self._value(compared, operator, data, path)
        return Aggregate(
            field,
            SCOPES[field.scope],
            fn,
            of,
            operator,
            value,
            where,
            path,
            self._currency(meta, compared, path),
        )

    def _figure(self, lhs: Any, field: Field, path: str) -> tuple[str | None, Field | None]:
        """The function and the field it runs over; a count runs over rows."""
        if not isinstance(lhs, dict) or lhs.get("kind") != "func" or lhs.get("fn") not in FUNCTIONS:
            self.fault(path, f"Choose a figure: {', '.join(FUNCTIONS)}.")
            return None, None
        self._unknown_keys(lhs, {"kind", "fn", "args"}, path)
        args, fn = lhs.get("args", []), lhs["fn"]
        if fn == "count" and args == []:
            return fn, None
        if (
            not isinstance(args, list)
            or len(args) != 1
            or not isinstance(args[0], dict)
            or args[0].get("kind") != "field"
        ):
            self.fault(f"{path}/args", "Name one field to take the figure of.")
            return None, None
        self._unknown_keys(args[0], {"kind", "field"}, f"{path}/args/0")
        of = self._field(args[0].get("field"), field.scope, f"{path}/args/0")
        if of is None or fn == "count":
            return fn if of else None, None
        allowed = ("money", "number") if fn in ("sum", "avg") else ("money", "number", "date")
        if of.type not in allowed or of.is_windowed:
            self.fault(
                f"{path}/args/0/field",
                f"“{of.label}” has no {fn}. Choose a field that holds {' or '.join(allowed)}.",
            )
            return None, None
        return fn, of

    def _field(self, key: Any, scope: str, path: str) -> Field | None:
        if scope not in self._known:
            self._known[scope] = catalog.fields(self.organization, scope)
        field = catalog.find(self._known[scope], scope, key) if isinstance(key, str) else None
        if field is None:
            where = SCOPES[scope].label.lower()
            self.fault(
                f"{path}/field",
                f"“{texts.shown(key)}” is not a field of {where}. Choose another field or remove the rule.",
            )
        return field

    def _operator(self, data: dict[str, Any], field: Field, path: str) -> str | None:
        operator = data.get("operator")
        if operator not in field.operators:
            asked, known = texts.shown(operator), " ".join(field.operators)
            self.fault(
                f"{path}/operator", f"“{field.label}” can't be tested with “{asked}”. Choose: {known}."
            )
            return None
        return str(operator)

    def _value(self, field: Field, operator: str, data: dict[str, Any], path: str) -> Value:
        try:
            return values.parse(field, operator, data.get("value"))
        except values.UnusableValue as error:
            self.fault(f"{path}/value" + ("" if error.at is None else f"/{error.at}"), str(error))
            return None

    def _meta(self, data: dict[str, Any], allowed: set[str], path: str) -> dict[str, Any]:
        meta = data.get("meta", {})
        if not isinstance(meta, dict):
            self.fault(f"{path}/meta", "An object must stand here.")
            return {}
        self._unknown_keys(meta, allowed, f"{path}/meta")
        return meta

    def _currency(self, meta: dict[str, Any], field: Field, path: str) -> str:
        currency = meta.get("currency", self.organization.base_currency)
        if "currency" in meta and (field.type != "money" or not self._is_currency(currency)):
            self.fault(
                f"{path}/meta/currency",
                "Write a currency in capital letters, such as EUR, or an asset of a ledger; for amounts only.",
            )
        return str(currency) if field.type == "money" else ""

    def _is_currency(self, code: Any) -> bool:
        """Whether amounts can be in it: one of ISO 4217, or an asset of a ledger. Others would find nobody."""
        if not isinstance(code, str) or code in CURRENCIES or code == self.organization.base_currency:
            return isinstance(code, str)
        return self.organization.assets.filter(code=code).exists()

    def _days(self, meta: dict[str, Any], field: Field, path: str) -> int:
        """How many days, or complete months, a windowed figure looks back over."""
        days, most = meta.get(field.window), LONGEST[field.window]
        if not field.is_windowed:
            return 0
        if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= most:
            self.fault(f"{path}/meta/{field.window}", f"Enter a number of {field.window} from 1 to {most:,}.")
            return 1
        return days

    def _unknown_keys(self, data: dict[str, Any], allowed: set[str], path: str) -> None:
        for key in data:
            if key not in allowed | IGNORED:
                self.fault(
                    texts.below(path, key),
                    f"“{texts.shown(key)}” is not part of the format here. Remove it.",
                )
