"""A definition as a tree of clauses, each with whether it holds for one member and with the value that decides it.

Whether a rule holds is said by its own compiled condition, asked of that one row: there is no second reading of rules.
Two queries for each block of related rows and one for all the rest, however many members the bank has.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from console.customers.masking import Sight
from segments.definition import Compiler, english
from segments.definition.nodes import Aggregate, Group, Node, Related, Rule, segments_of
from segments.explaining import related
from segments.explaining.related import Examples
from segments.explaining.rows import Found, look
from segments.showing.said import Said, said

NAMED = 5


@dataclass(frozen=True)
class Clause:
    """One part of a definition.

    `path` is its place there (RFC 6901). `holds` is none inside related rows: there `met` of `total` rows hold. `tone`:
    it keeps the member "in" or "out", or "" where it decides nothing. `side` is what the group under it wants.
    """

    path: str
    kind: str
    words: str
    holds: bool | None = None
    value: str = ""
    note: str = ""
    met: int | None = None
    total: int | None = None
    tone: str = ""
    side: str = ""
    clauses: "tuple[Clause, ...]" = ()
    examples: Examples = field(default_factory=Examples)

    @property
    def is_met(self) -> bool:
        """Whether it holds, or holds of one of the related rows at least."""
        return bool(self.met) if self.holds is None else self.holds

    @property
    def total_rows(self) -> int:
        """How many related rows a block has."""
        return len(self.examples.rows) + self.examples.more

    @property
    def css(self) -> str:
        """The colour of its mark."""
        return {"in": "keeps-in", "out": "keeps-out"}.get(self.tone, "not-needed")

    @property
    def in_words(self) -> str:
        """What mark and colour say, for those who don't see them."""
        if self.holds is None:
            return "holds of some" if self.met else "holds of none"
        effect = {"in": ", keeps in", "out": ", keeps out"}.get(self.tone, ", decides nothing")
        return f"{'holds' if self.holds else 'does not hold'}{effect}"

    def walk(self) -> "Iterator[Clause]":
        """The clause and those under it, in the order in which they are read."""
        yield self
        for each in self.clauses:
            yield from each.walk()


@dataclass(frozen=True)
class Explainer:
    """Explains one definition for one member: the one that `compiler` is narrowed to."""

    compiler: Compiler
    names: dict[Any, str]
    sight: Sight
    memberships: list[tuple[Any, str, bool]]

    def whole(self, root: Group, is_marketing: bool) -> tuple[Clause, bool]:
        """The tree, and whether the definition as a whole lets the member in."""
        found = look(self.compiler, root, is_marketing)
        return self.clause(root, found, wanted=True, is_idle=False), found.belongs

    def clause(self, node: Node, found: Found, *, wanted: bool, is_idle: bool) -> Clause:
        """`wanted` is what would keep the member in; `is_idle` that the group above is decided without it."""
        holds = found.holds(node)
        tone = "" if is_idle else "in" if holds == wanted else "out"
        base = Clause(node.path, "rule", english.heading(node, self.names), holds, tone=tone)
        if isinstance(node, Group):
            wants = wanted != node.negated
            inner = [
                self.clause(
                    each,
                    found,
                    wanted=wants,
                    is_idle=is_idle or (holds == wanted and found.holds(each) != wants),
                )
                for each in node.rules
            ]
            value = f"{sum(each.is_met for each in inner)} of {len(inner)}"
            side = english.side(node)
            return replace(base, kind="group", value=value, side=side, clauses=tuple(inner))
        if isinstance(node, Rule):
            answer = self.answer(node, found)
            return replace(base, value=answer.value, note=answer.note)
        return self.block(self.compiler, node, base)

    def answer(self, rule: Rule, found: Found) -> Said:
        """What a rule about the member's own row found there."""
        if rule.field.type == "all":
            return Said()
        if rule.field.type == "segment":
            return self.segments(rule)
        if rule.field.via:
            return related.through(self.compiler, rule, rule.field.via, self.sight)
        if rule.path not in found.values:
            return Said()
        value, currency = found.values[rule.path]
        return said(
            rule, value, currency, found.ticks[rule.path], self.sight, self.compiler.organization.zone
        )

    def segments(self, rule: Rule) -> Said:
        """Those of the segments that a rule names in which the member is; of all, where it names none."""
        asked = segments_of(rule)
        held = [
            name
            for key, name, is_assigned in self.memberships
            if (key in asked or not asked) and (is_assigned or rule.field.key == "segment")
        ]
        if not held:
            return Said("not a member" if asked else "in none", "As last counted.")
        more = f" and {len(held) - NAMED} more" if len(held) > NAMED else ""
        return Said(f"in {', '.join(f'“{name}”' for name in held[:NAMED])}{more}", "As last counted.")

    def block(self, compiler: Compiler, node: Related | Aggregate, base: Clause) -> Clause:
        """Related rows: how many there are, how many meet the conditions, and the first few of them."""
        seen = related.look(compiler, node, self.sight)
        inside = compiler.inside(node.scope.name)
        where = node.where
        inner = [self.counted(inside, each, seen) for each in where.rules] if where else []
        value, note = f"{seen.met:,} of {seen.total:,}", ""
        if isinstance(node, Aggregate):
            value, note = related.figure(node, seen.figure, seen.values, self.sight, compiler)
            note = f"Over {seen.met:,} of {seen.total:,} rows. {note}".strip()
        return replace(
            base,
            kind="figure" if isinstance(node, Aggregate) else "related",
            value=value,
            note=note,
            side="related",
            clauses=() if where and where.is_everything else tuple(inner),
            examples=seen.examples,
        )

    def counted(self, compiler: Compiler, node: Node, seen: related.Seen) -> Clause:
        """A clause inside related rows: of how many of them it holds."""
        met = seen.counts[node.path]
        base = Clause(node.path, "rule", english.heading(node, self.names), met=met, total=seen.total)
        if isinstance(node, Related | Aggregate):
            return replace(self.block(compiler, node, base), value=f"{met:,} of {seen.total:,}", note="")
        base = replace(base, value=f"{met:,} of {seen.total:,}")
        if isinstance(node, Group):
            inner = tuple(self.counted(compiler, each, seen) for each in node.rules)
            return replace(base, kind="group", side=english.side(node), clauses=inner)
        return base
