"""What the builder must know to read and lay out a draft: fields of each scope, currencies, segments by name."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from console.organizations.models import Organization
from segments import catalog
from segments.builder.tree import Draft, find
from segments.catalog import SCOPES, Field

SHOWN_SEGMENTS = 500
PATH_HELP = "A path that nobody declared is read as text."


@dataclass
class Lexicon:
    """The catalogue as one organization has it. Fields are read once for each scope that a draft uses."""

    population: str
    load: Callable[[str], dict[str, Field]]
    base_currency: str
    currencies: list[str] = field(default_factory=list)
    segments: dict[str, dict[str, str]] = field(default_factory=dict)
    name_of: Callable[[UUID], str | None] = lambda _: None
    tags: dict[str, str] = field(default_factory=dict)
    known: dict[str, dict[str, Field]] = field(default_factory=dict)

    @classmethod
    def of(cls, organization: Organization, population: str, *, without: str = "") -> "Lexicon":
        """The organization's own. The segment whose id is `without` is not offered: none may use itself."""
        codes = set(organization.assets.values_list("code", flat=True)) | {organization.base_currency}
        segments: dict[str, dict[str, str]] = {"customers": {}, "accounts": {}}
        live = organization.segments.filter(archived_at=None).order_by("name", "pk")
        tags: dict[str, str] = {}
        for pk, name, holds, kind in live.values_list("pk", "name", "population", "kind")[:SHOWN_SEGMENTS]:
            if str(pk) != without:
                segments[holds][str(pk)] = name
                tags |= {str(pk): name} if kind == "assigned" else {}
        return cls(
            population,
            partial(catalog.fields, organization),
            organization.base_currency,
            sorted(codes),
            segments,
            lambda segment: organization.segments.filter(pk=segment).values_list("name", flat=True).first(),
            tags,
        )

    def fields(self, scope: str) -> dict[str, Field]:
        if scope not in self.known:
            self.known[scope] = self.load(scope)
        return self.known[scope]

    def find(self, scope: str, key: str) -> Field | None:
        """The field, declared or by path; None for one that the catalogue does not know."""
        return catalog.find(self.fields(scope), scope, key)

    def inner(self, scope: str, key: str) -> str:
        """The scope of the rows that the related field `key` leads to; `scope` itself when there is no such field."""
        found = self.fields(scope).get(key)
        return found.scope if found and found.scope else scope

    def scope_at(self, draft: Draft, path: str) -> str:
        """The scope in which the node at `path` stands."""
        scope = self.population
        head, inside, rest = path.partition("/where")
        while inside:
            scope = self.inner(scope, str(find(draft, head).get("field") or ""))
            further, inside, rest = rest.partition("/where")
            head = f"{head}/where{further}"
        return scope

    def related(self, scope: str) -> list[Field]:
        return [each for each in self.fields(scope).values() if each.type == "related"]

    def figures(self, scope: str) -> list[Field]:
        """The fields of which a sum, an average, a least or a greatest can be asked for."""
        return [
            f
            for f in self.fields(scope).values()
            if f.type in {"money", "number", "date"} and not f.is_windowed
        ]

    def documents(self, scope: str) -> list[tuple[str, str]]:
        """("custom_data", "Custom data"): where a path may lead that nobody declared."""
        return [(name, label) for name, (_, label, _) in SCOPES[scope].documents.items()]

    def choices(self, scope: str, of: Field) -> list[tuple[str, str]]:
        """What a value can be chosen from: (value, label), or nothing where people write it."""
        if of.key == "assigned_segment":
            return list(self.tags.items())
        if of.type == "segment":
            own = "customers" if scope == "customers" else "accounts"
            return list(self.segments.get(own, {}).items())
        if of.type == "boolean":
            return [("true", "yes"), ("false", "no")]
        return list(of.choices or ())

    def has_segment(self, key: str) -> bool:
        """Whether the id is that of a segment of the organization's, archived or not."""
        found = _id(key)
        return bool(found and self.name_of(found))

    def called(self, of: Field, value: str) -> str:
        """What to show for a value that is not offered: an archived segment by its name, one not here as such."""
        found = _id(value) if of.type == "segment" else None
        return (self.name_of(found) or _strange(found)) if found else value

    def chosen(self, scope: str, of: Field, text: str) -> str:
        """The value that a person means who typed its label; the text itself where nothing is called so.

        The id of a segment that is not the organization's, not even an archived one, is not kept: its beginning is.
        """
        wanted = text.strip().casefold()
        for value, label in self.choices(scope, of):
            if wanted in {label.casefold(), value.casefold()}:
                return value
        found = _id(wanted) if of.type == "segment" else None
        return _strange(found) if found and not self.name_of(found) else text


def _strange(segment: UUID) -> str:
    """A segment that is not here: the beginning of its id, by which it is found in the file that names it."""
    return f"{str(segment)[:8]}…"


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
