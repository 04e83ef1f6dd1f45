"""Keys that the outside sees, and text as people compare it."""

from typing import Any
from uuid import UUID

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import connection, models
from django.db.models import Func, Q


class UuidV7(Func):
    """PostgreSQL 18's uuidv7() (RFC 9562): unique, and in the order of creation, so indexes grow at their end."""

    function = "uuidv7"
    output_field = models.UUIDField()

    def __init__(self, *expressions: Any, **extra: Any) -> None:
        super().__init__(*expressions, **extra)


def uuid_key() -> "models.UUIDField[Any, Any]":
    """A primary key made by the database, safe to show outside."""
    return models.UUIDField(primary_key=True, db_default=UuidV7(), editable=False)


def new_keys(number: int) -> list[UUID]:
    """So many keys as the database makes them, in order: for rows that name each other before they are written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT uuidv7() FROM generate_series(1, %s)", [number])
        return [key for (key,) in cursor.fetchall()]


class Fold(Func):
    """Text without case and accents, by the database's own function `fold` (lower + unaccent): "Říha" = "riha"."""

    function = "fold"
    arity = 1
    output_field = models.TextField()


def metadata_index(name: str) -> GinIndex:
    """An index for lists by metadata; rows without any, which are most where a core system keeps them, cost nothing.

    A question that it is to answer says that the metadata are not empty.
    """
    return GinIndex(OpClass("metadata", "jsonb_path_ops"), condition=~Q(metadata={}), name=name)


class InSample(Func):
    """Whether a row belongs to a sample of 1 in 64, by a hash of its id: always the same rows, whatever they hold."""

    function = "uuid_hash"
    template = "(%(function)s(%(expressions)s) & 63) = 0"
    arity = 1
    output_field = models.BooleanField()


def sample_index(name: str, condition: Q | None = None) -> models.Index:
    """An index that finds the sample of an organization's rows without looking at the others."""
    sampled = Q(InSample("id"))
    return models.Index(
        fields=["organization", "id"], condition=sampled & condition if condition else sampled, name=name
    )
