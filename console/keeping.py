"""Keeping records: why what is said of one is refused, and what hangs on one that is to be deleted.

The rules of a kind of record stand once, in its app's `keeping.py`; pages and the API tell what they refuse each in its
own way. What hangs on a record and belongs to an app above it, that app says in PARTS.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from console.counts import Count, count_of


class Refusal(Exception):
    """What is said of a record can't be so, in words for staff. `field` is what to put right, "" where it is none."""

    field = ""
    is_for_staff = True


class StillUsed(Refusal):
    """Something that hangs on the record must go first."""

    @classmethod
    def by(cls, kind: str, names: Sequence[str], one: str, many: str) -> "StillUsed":
        """The refusal that names them, three at most: “The segments “Gold” and “New” ask for it.”"""
        quoted = [f"“{name}”" for name in names[:3]]
        if len(names) > len(quoted):
            return cls(f"The {kind}s {', '.join(quoted)} and others {many}.")
        if len(quoted) == 1:
            return cls(f"The {kind} {quoted[0]} {one}.")
        return cls(f"The {kind}s {', '.join(quoted[:-1])} and {quoted[-1]} {many}.")


@dataclass(frozen=True)
class Tie:
    """What hangs on a record: the `rows`, or a `figure` in words; where they are, and what becomes of them with it.

    `keeps` is why the record can't be deleted as long as they are there.
    """

    label: str
    then: str
    rows: "QuerySet[Any] | None" = None
    figure: str = ""
    url: str = ""
    keeps: Refusal | None = None

    @cached_property
    def count(self) -> Count:
        """How many rows."""
        return Count() if self.rows is None else count_of(self.rows)

    @property
    def is_there(self) -> bool:
        """Whether there is anything."""
        return bool(self.figure or self.count.value)


@dataclass(frozen=True)
class Part:
    """What one app has hanging on a kind of record, and what becomes of it at the moment the record is deleted."""

    ties: Callable[[Any], Iterable[Tie]]
    end: Callable[[Any, datetime], None]


# By the model's label, such as "ledgers.Ledger", the lowest app first.
PARTS: dict[str, list[Part]] = defaultdict(list)
# By the model's label: begins the work by which a record goes that too much hangs on to go at once, and gives the
# address where that is shown; "" where it is not too much.
WORKS: dict[str, Callable[[Any, datetime], str]] = {}


def ties_of(record: Any) -> list[Tie]:
    """Everything that hangs on the record, from all apps."""
    return [tie for part in PARTS[record._meta.label] for tie in part.ties(record)]


def held(record: Any) -> Any:
    """The record as it is now, locked until the transaction ends; None where it was deleted."""
    rows = type(record)._base_manager.select_for_update(of=("self",), no_key=True)
    return rows.filter(pk=record.pk, deleted_at=None).first()


def end(record: Any, *, at: datetime) -> str:
    """Delete the record with what goes with it: "", or where too much hangs on it, the address of the work that does.

    The caller holds its row; it is held for update here, which waits for those who are just adding what points to it.
    Raises the Refusal of what keeps it.
    """
    type(record)._base_manager.select_for_update(of=("self",)).get(pk=record.pk)
    for tie in ties_of(record):
        if tie.keeps is not None:
            raise tie.keeps
    work = WORKS.get(record._meta.label)
    if work and (url := work(record, at)):
        return url
    finish(record, at=at)
    return ""


def finish(record: Any, *, at: datetime) -> None:
    """Delete the record, which nothing keeps, with what still goes with it. The caller holds its row."""
    for part in PARTS[record._meta.label]:
        part.end(record, at)
    record.deleted_at = at
    record.save(update_fields=["deleted_at"])


@contextmanager
def once(**refusals: Refusal) -> Iterator[None]:
    """Where the database has something already that it has once, raise the refusal by the name of the constraint."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if name in refusals:
            raise refusals[name] from error
        raise


def stays(rows: "QuerySet[Any]") -> bool:
    """Whether there is such a row; if so nobody changes or deletes it until the transaction ends."""
    statement, parameters = rows.order_by().values("pk")[:1].query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} FOR SHARE", parameters)
        return cursor.fetchone() is not None
