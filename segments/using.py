"""What uses a segment: other segments, and whatever the apps above point to it with. It can't be archived meanwhile."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from console.audit.words import kind_of

if TYPE_CHECKING:
    from segments.models import Segment

LIMIT = 20
# What uses a segment without pointing to it itself, such as a communication by its version in force: the apps above put
# here what finds it when they are ready (in their AppConfig).
USERS: "list[Callable[[Segment], Any]]" = []


@dataclass(frozen=True)
class Usage:
    """Something that uses a segment: what it is, its name, and its page where it has one."""

    kind: str
    name: str
    url: str


def named(users: Sequence[Usage]) -> str:
    """Such as “Gold and Silver still use”: three of them by name."""
    names = [user.name for user in users[:3]]
    if len(users) > len(names):
        return f"{', '.join(names)} and others still use"
    return (
        f"{' and '.join(filter(None, [', '.join(names[:-1]), names[-1]]))} still use{'s' * (len(users) == 1)}"
    )


def users_of(segment: "Segment") -> list[Usage]:
    """The first of those that use it. The apps above are found by their foreign keys and by USERS: none is imported."""
    found = [Usage("segment", str(each), each.get_absolute_url()) for each in segment.dependents()[:LIMIT]]
    for relation in segment._meta.related_objects:
        model: Any = relation.related_model
        if model._meta.app_label != "segments" and hasattr(model, "get_absolute_url"):
            rows = model._default_manager.filter(**{relation.field.name: segment}).distinct()[:LIMIT]
            found += [Usage(kind_of(model._meta.label), str(row), row.get_absolute_url()) for row in rows]
    for users in USERS:
        rows = users(segment)[:LIMIT]
        found += [Usage(kind_of(row._meta.label), str(row), row.get_absolute_url()) for row in rows]
    return found
