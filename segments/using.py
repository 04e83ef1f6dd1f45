"""What uses a segment: other segments, and whatever the apps above point to it with. It can't be archived meanwhile."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from segments.models import Segment

LIMIT = 20


class InUse(Exception):
    """Something still uses the segment, so it can't be archived."""


class NameTaken(Exception):
    """Another segment took the name while this one was archived."""


@dataclass(frozen=True)
class Usage:
    """Something that uses a segment: what it is, its name, and its page where it has one."""

    kind: str
    name: str
    url: str


def users_of(segment: Segment) -> list[Usage]:
    """The first of those that use it. The apps above are found through their foreign keys: none is imported."""
    found = [Usage("segment", str(each), each.get_absolute_url()) for each in segment.dependents()[:LIMIT]]
    for relation in segment._meta.related_objects:
        model: Any = relation.related_model
        if model._meta.app_label != "segments" and hasattr(model, "get_absolute_url"):
            rows = model._default_manager.filter(**{relation.field.name: segment}).distinct()[:LIMIT]
            found += [Usage(str(model._meta.verbose_name), str(row), row.get_absolute_url()) for row in rows]
    return found


def archive(segment: Segment, *, at: datetime) -> None:
    """Take a segment out of use; its members and history stay. Raises InUse."""
    if users := users_of(segment):
        names = ", ".join(user.name for user in users[:3])
        raise InUse(f"{segment} can't be archived: {names} still use{'s' if len(users) == 1 else ''} it.")
    segment.archived_at = at
    segment.save(update_fields=["archived_at"])


def restore(segment: Segment) -> None:
    """Put an archived segment back into use. Raises NameTaken."""
    segment.archived_at = None
    try:
        with transaction.atomic():
            segment.save(update_fields=["archived_at"])
    except IntegrityError as error:
        raise NameTaken(f"Another segment is called “{segment}” already. Rename that one first.") from error
