"""Keys that the outside sees, and text as people compare it."""

from typing import Any

from django.db import models
from django.db.models import Func


class UuidV7(Func):
    """PostgreSQL 18's uuidv7() (RFC 9562): unique, and in the order of creation, so indexes grow at their end."""

    function = "uuidv7"
    output_field = models.UUIDField()

    def __init__(self, *expressions: Any, **extra: Any) -> None:
        super().__init__(*expressions, **extra)


def uuid_key() -> "models.UUIDField[Any, Any]":
    """A primary key made by the database, safe to show outside."""
    return models.UUIDField(primary_key=True, db_default=UuidV7(), editable=False)


class Fold(Func):
    """Text without case and accents, by the database's own function `fold` (lower + unaccent): "Říha" = "riha"."""

    function = "fold"
    arity = 1
    output_field = models.TextField()
