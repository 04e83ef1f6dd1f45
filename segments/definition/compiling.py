"""A definition becomes one query of ids. This is the only compiler: preview, count and refresh all call it.

Rules on the member's own row become conditions; everything about related rows becomes a set of ids, combined by set
algebra (in all of these, in none of those, in one of these), since PostgreSQL hashes sets and repeats correlated
sub-queries.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from console.organizations.models import Organization
from console.portfolios.models import AccountHolder
from segments.catalog import SCOPES, Row
from segments.catalog.field import Via
from segments.catalog.operators import NEGATIVE
from segments.definition.conditions import condition, local_day
from segments.definition.english import read_back
from segments.definition.faults import DefinitionFaults, Fault
from segments.definition.figures import Figures, InCurrency, Rows, Test, beside, in_one_look
from segments.definition.near import Near, narrowed
from segments.definition.nodes import Aggregate, Group, Node, Related, Rule, segments_of, segments_used
from segments.definition.parsing import parse
from segments.definition.parts import Part
from segments.expressions import IdSet, Sql, every, fails, some

__all__ = ["Compiler", "DefinitionFaults", "Fault", "ids", "parse", "read_back", "segments_used"]


def ids(
    node: Group,
    organization: Organization,
    at: datetime,
    *,
    is_marketing: bool = False,
    near: Near | None = None,
) -> IdSet:
    """Who meets a parsed definition at the moment `at`: the ids of customers or accounts of `organization`.

    `node` comes from `parse` for the same organization; its population says which of the two. Dates are the
    organization's. Erased customers are left out, with `is_marketing` all who objected to profiling. What is asked of
    related rows alone gives ids by itself: nobody is looked up among everyone. With `near`, only those who meet it.
    """
    compiler = replace(Compiler.of(node, organization, at, near=near), kept=[])
    found = compiler.ids(compiler.whole(node, is_marketing))
    # Who shares an account with one of them is found by a part of their own rows.
    found = found if near is None else IdSet.all_of([near.members, found])
    return beside(found, compiler.kept or ())


@dataclass(frozen=True)
class Compiler:
    """Compiles the rules of one scope: `rows` are what they are asked of.

    `near` narrows related rows to those of some members by the column that says whose they are, `held` to the accounts
    they hold: their answer stays the same, and nobody else's rows are read. `kept` are the figures that stand beside
    the whole, so that tests of the same one share it; without it each test has its own. Who is asked for a segment, any
    one, is not asked for `own`, the one being defined: else whoever enters it would have to leave it.
    """

    organization: Organization
    at: datetime
    scope: str
    rows: "QuerySet[Any]"
    near: dict[str, Any] = field(default_factory=dict)
    held: IdSet | None = None
    kept: list[Figures] | None = None
    own: UUID | None = None

    @classmethod
    def of(
        cls, node: Group, organization: Organization, at: datetime, *, near: Near | None = None
    ) -> "Compiler":
        """The compiler for the population that a whole definition is about, or for some of its members."""
        is_customers = node.population == "customers"
        people: Any = organization.customers.all() if is_customers else organization.accounts.all()
        if near is None:
            return cls(organization, at, node.population, people, own=node.own)
        rows, beside = narrowed(people, "id", {"id": near.members}), near.by_column(node.population)
        return cls(organization, at, node.population, rows, beside, near.held, own=node.own)

    @property
    def key(self) -> str:
        """Where the id of the row's customer or account stands: what sets are asked about."""
        return "account_id" if self.scope == "holdings" else "id"

    @property
    def is_population(self) -> bool:
        return self.scope in ("customers", "accounts")

    def part(self, node: Node) -> Part:
        if isinstance(node, Group):
            return self.group(node)
        if isinstance(node, Related):
            return self.related(node)
        return self.aggregate(node) if isinstance(node, Aggregate) else self.rule(node)

    def whole(self, node: Group, is_marketing: bool) -> Part:
        """The part of a whole definition of those who are there: none erased or gone, for marketing no objectors."""
        part, is_customers = self.part(node), self.scope == "customers"
        # Who is erased has objected too.
        since = "profiling_objected_at" if is_marketing else "erased_at"
        if part.where or not part.within:
            there = Part(where=(Sql("{} IS NULL", F(since)),)) if is_customers else Part()
            return self.all_of([part, there])
        customers = self.organization.customers.filter(**{f"{since}__isnull": False})
        accounts = self.organization.accounts(manager="everything").filter(is_live=False)
        outside = IdSet.of((customers if is_customers else accounts).values("id"))
        return self.all_of([part, Part(without=(outside,))])

    def select(self, part: Part) -> "QuerySet[Any]":
        return self.rows.filter(*part.conditions(self.key))

    def group(self, group: Group) -> Part:
        parts = [self.part(each) for each in group.rules]
        whole = self.all_of(parts) if group.combinator == "and" else self.any_of(parts)
        return self.complement(whole) if group.negated else whole

    def all_of(self, parts: list[Part]) -> Part:
        within, without = in_one_look(
            [each for part in parts for each in part.within],
            [each for part in parts for each in part.without],
        )
        return Part(tuple(each for part in parts for each in part.where), within, without)

    def any_of(self, parts: list[Part]) -> Part:
        plain = [part for part in parts if not part.within and not part.without]
        sets = [part for part in parts if part.within or part.without]
        if not sets or not self.is_population:
            return Part(where=(some([every(part.conditions(self.key)) for part in parts]),))
        if plain:
            sets.append(Part(where=(some([every(part.where) for part in plain]),)))
        return Part(within=(IdSet.union([self.ids(part) for part in sets]),))

    def complement(self, part: Part) -> Part:
        if not part.within and not part.without:
            return Part(where=(fails(every(part.where)),))
        if part == Part(within=part.within[:1]):
            return Part(without=part.within)
        if part == Part(without=part.without[:1]):
            return Part(within=part.without)
        if self.is_population:
            return Part(without=(self.ids(part),))
        return Part(where=(fails(every(part.conditions(self.key))),))

    def ids(self, part: Part) -> IdSet:
        """The ids of those in the population who meet the part."""
        if part.where or not part.within:
            return replace(IdSet.of(self.select(part).values("id")), is_distinct=True)
        return IdSet.all_of(part.within, part.without)

    def rule(self, rule: Rule) -> Part:
        if rule.operator in NEGATIVE and rule.field.is_of_sets:
            return self.complement(self.rule(replace(rule, operator=NEGATIVE[rule.operator])))
        if rule.field.type == "segment":
            return self.segment(rule)
        if rule.field.key == "total_balance":
            return self.total_balance(rule)
        if rule.field.via:
            return self.via(rule, rule.field.via)
        scope = SCOPES[self.scope]
        row = Row("", self.organization, self.organization.local_date(self.at), rule.days)
        return Part(where=(condition(rule, row, scope.currency, self.at),))

    def segment(self, rule: Rule) -> Part:
        """Those in one of the segments, as last refreshed; null: in none at all."""
        is_customers = self.scope == "customers"
        kept: QuerySet[Any] = (
            self.organization.customer_memberships.all()
            if is_customers
            else self.organization.account_memberships.all()
        )
        if rule.field.key == "assigned_segment":
            kept = kept.filter(is_assigned=True)
        member = "customer_id" if is_customers else "account_id"
        kept = narrowed(kept, member, self.near)
        if rule.operator == "null":
            others = kept.exclude(segment=self.own) if self.own else kept
            return Part(without=(IdSet.of(others.values(member)),))
        return Part(within=(IdSet.of(kept.filter(segment__in=segments_of(rule)).values(member)),))

    def total_balance(self, rule: Rule) -> Part:
        """Those whose owned accounts in one currency come to the value together; who owns none in it has no total."""
        rows = self.near_rows("holdings")
        owned = rows.queryset.filter(role=AccountHolder.Role.OWNER, account__asset_code=rule.currency)
        test = Test("sum", rule.operator, rule.value)
        balance = SCOPES["holdings"].fields["ledger_balance"]
        return self.figure(replace(rows, queryset=owned), test, self.read(balance, 0), None)

    def via(self, rule: Rule, via: Via) -> Part:
        """Those with a related row whose field meets the rule; null: with no such row, which always has the field."""
        rows = self.near_rows(via.scope)
        rows = replace(rows, queryset=rows.queryset.filter(**via.rows))
        if rule.operator == "null":
            return Part(without=(rows.any(),))
        inner = self.inside(via.scope)
        there = inner.rule(replace(rule, field=SCOPES[via.scope].fields[via.field]))
        return Part(within=(replace(rows, where=there.where).any(),))

    def related(self, node: Related) -> Part:
        if node.mode == "none":
            return self.complement(self.at_least(node, 1))
        if node.mode == "all":
            return self.complement(self.at_least(node, 1, negated=True))
        if node.mode == "atMost":
            return self.complement(self.at_least(node, node.threshold + 1))
        if node.mode == "exactly":
            if node.threshold == 0:
                return self.complement(self.at_least(node, 1))
            rows = self.matching(node.scope.name, node.where)
            return Part(within=(rows.having(Test("count", "=", node.threshold), kept=self.kept),))
        return self.at_least(node, 1 if node.mode == "some" else node.threshold)

    def at_least(self, node: Related, threshold: int, *, negated: bool = False) -> Part:
        """Those with at least so many rows that meet the conditions; negated: rows that fail them."""
        if threshold == 0:
            return Part()
        rows = self.matching(node.scope.name, node.where, negated=negated)
        if threshold == 1 and node.scope.name == "transactions" and node.where.is_everything and not negated:
            # An account has a balance from its first transaction on, and never without one.
            balances = narrowed(self.organization.balances.all(), rows.subject, self.near)
            rows = replace(rows, queryset=balances, where=())
        return Part(
            within=(
                rows.any() if threshold == 1 else rows.having(Test("count", ">=", threshold), kept=self.kept),
            )
        )

    def aggregate(self, node: Aggregate) -> Part:
        if node.operator in NEGATIVE:
            return self.complement(self.aggregate(replace(node, operator=NEGATIVE[node.operator])))
        rows = self.added(node)
        is_date = node.of is not None and node.of.type == "date"
        value = self._dates(node.value) if is_date else node.value
        cast = ("text" if node.of and node.of.path else "date") if is_date else "numeric"
        expression = self.read(node.of, 0) if node.of else None
        return self.figure(
            rows,
            Test(node.fn, node.operator, value, cast),
            expression,
            0 if node.fn in ("sum", "count") else None,
        )

    def added(self, node: Aggregate) -> Rows:
        """The rows that a figure is taken of: those that meet its conditions, money in its currency only.

        A sum is of rows that have a number: where there is nothing to add up it is 0.
        """
        rows = self.matching(node.scope.name, node.where)
        if node.fn == "sum" and node.of and node.of.type == "number":
            return replace(rows, where=(*rows.where, Sql("{} IS NOT NULL", self.read(node.of, 0))))
        if not node.currency or not node.scope.currency:
            return rows
        return replace(rows, where=(*rows.where, InCurrency(node.scope.currency, node.currency)))

    def figure(self, rows: Rows, test: Test, expression: Any, without_rows: int | None) -> Part:
        """Those whose figure meets the test; `without_rows` is the figure of those without rows (None: no figure)."""
        if test.holds_for(without_rows):
            return Part(without=(rows.having(replace(test, is_failed=True), expression, self.kept),))
        return Part(within=(rows.having(test, expression, self.kept),))

    def matching(self, scope: str, where: Group | None, *, negated: bool = False) -> Rows:
        """The related rows that meet (or fail) conditions which all bind to the same row."""
        rows = self.near_rows(scope)
        if where is None:
            return rows
        inner = self.inside(scope)
        part = inner.part(where)
        if negated:
            part = inner.complement(part)
        return replace(rows, where=tuple(part.conditions(inner.key)))

    def inside(self, scope: str) -> "Compiler":
        """The compiler for what is asked of related rows."""
        return replace(self, scope=scope, rows=self.near_rows(scope).queryset)

    def near_rows(self, scope: str) -> Rows:
        """The related rows, of those members alone who are asked about."""
        rows = self.related_rows(scope)
        return replace(rows, queryset=narrowed(rows.queryset, rows.subject, self.near))

    def related_rows(self, scope: str) -> Rows:
        organization, kept = self.organization, SCOPES[scope]
        if kept.rows is not None:
            is_lifted = self.scope == "customers" and kept.whose == "account_id"
            return Rows(kept.rows(organization), kept.whose, is_lifted, organization, held=self.held)
        holders = organization.account_holders.all()
        return Rows(holders, "customer_id" if scope == "holdings" else "account_id", False, organization)

    def read(self, field: Any, days: int) -> Any:
        return field.read(Row("", self.organization, self.organization.local_date(self.at), days))

    def _dates(self, value: Any) -> Any:
        zone = self.organization.zone
        if isinstance(value, tuple):
            return tuple(local_day(each, self.at, zone) for each in value)
        return None if value is None else local_day(value, self.at, zone)
