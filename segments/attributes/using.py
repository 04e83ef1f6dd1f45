"""Which segments ask for which attributes: by the rules in force, read as they are stored."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from console.customers.models import Attribute
from console.keeping import Part, StillUsed, Tie
from console.organizations.models import Organization
from segments.catalog import SCOPES
from segments.catalog.birth_fields import BIRTHDAY, KEY
from segments.models import Segment

Named = tuple[str, str]


def named_in(node: Any, scope: str) -> Iterator[Named]:
    """What a definition names of attributes, as (entity, key): declared or not, each as often as it stands there."""
    if not isinstance(node, dict):
        return
    for each in node.get("rules") or []:
        yield from named_in(each, scope)
    key = node.get("field")
    if isinstance(key, str):
        yield from _named(key, scope)
        field = SCOPES[scope].fields.get(key)
        if field and field.scope:
            yield from _inside(node, field.scope)


def _inside(node: dict[str, Any], scope: str) -> Iterator[Named]:
    """What is asked of related rows: the conditions on them, and the field of theirs that a figure is made of."""
    yield from named_in(node.get("value"), scope)
    yield from named_in((node.get("meta") or {}).get("where"), scope)
    for each in (node.get("lhs") or {}).get("args") or []:
        yield from named_in(each, scope)


def _named(key: str, scope: str) -> Iterator[Named]:
    name, _, path = key.partition(".")
    documents = SCOPES[scope].documents
    if path and name in documents:
        yield documents[name][2].value, path
    elif key == BIRTHDAY and any(entity == Attribute.Entity.CUSTOMERS for *_, entity in documents.values()):
        yield Attribute.Entity.CUSTOMERS.value, KEY


def asking(organization: Organization, *words: str) -> "QuerySet[Segment]":
    """The live segments in whose rules one of the words stands, in whatever place; by name."""
    segments: QuerySet[Segment] = organization.segments.filter(archived_at=None)
    stands = Q()
    for word in words:
        stands |= Q(written__contains=word)
    written = Cast("version__definition", TextField())
    return segments.annotate(written=written).filter(stands).order_by("name", "pk")


def users_by_attribute(organization: Organization) -> dict[Named, int]:
    """How many segments ask for each attribute that any asks for."""
    found: dict[Named, int] = defaultdict(int)
    segments = asking(organization, '"custom_data.', '"metadata.', f'"{BIRTHDAY}"')
    for population, rules in segments.values_list("population", "version__definition"):
        for named in set(named_in(rules, population)):
            found[named] += 1
    return found


def users_of(attribute: Attribute) -> "QuerySet[Segment]":
    """The live segments whose rules ask for it, by name."""
    segments = asking(attribute.organization, f'.{attribute.key}"', f'"{BIRTHDAY}"')
    rules = segments.values_list("pk", "population", "version__definition")
    asked = (attribute.entity, attribute.key)
    pks = [pk for pk, population, node in rules if asked in set(named_in(node, population))]
    return segments.filter(pk__in=pks)


def _of_attribute(attribute: Attribute) -> Iterator[Tie]:
    segments = users_of(attribute)
    names = [segment.name for segment in segments[:4]]
    keeps = StillUsed.by("segment", names, "asks for it", "ask for it") if names else None
    yield Tie("Segments that ask for it", "keep it from being deleted", segments, keeps=keeps)


def _ends(_: Attribute, __: datetime) -> None:
    """What stands in records under its key stays there; the index goes when the next one looks."""


HANGING = {"customers.Attribute": Part(_of_attribute, _ends)}
