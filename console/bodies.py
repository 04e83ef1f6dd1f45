"""Bodies of requests to our own API, /api/v1/: what is said is put on a record, and kept by the rules of the record."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from ninja import Schema, Status
from pydantic import AfterValidator, ConfigDict

from console import keeping
from console.keeping import Refusal
from console.problems import Conflict, Unusable, one_of

UNSEEN = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


def _plain(text: str) -> str:
    if UNSEEN.search(text):
        raise ValueError("has a character that can't be seen, such as a line break or NUL: take it out")
    return text


# A text of one line.
PLAIN = AfterValidator(_plain)


class Said(Schema):
    """A body. Fields that are not known are refused. What a change (RFC 7396) does not name stays."""

    model_config = ConfigDict(extra="forbid")


def put(record: Any, said: Said, *, leaving: tuple[str, ...] = ()) -> None:
    """Put what is said on the record, all but what is `leaving`, and see that it fits. Raises Unusable."""
    given = said.dict(exclude_unset=True, exclude=set(leaving))
    for name, value in given.items():
        setattr(record, name, merged(record.metadata, value) if name == "metadata" else value)
    others = [field.name for field in record._meta.fields if field.name not in given]
    try:
        record.clean_fields(exclude=others)
    except ValidationError as error:
        raise Unusable.of(error, given) from error


def merged(metadata: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """Metadata after a change (RFC 7396): null takes a key out."""
    return {key: value for key, value in {**metadata, **change}.items() if value is not None}


@contextmanager
def kept(*conflicts: type[Exception]) -> Iterator[None]:
    """One transaction; what the rules refuse, as the API says it. Raises Conflict, Unusable.

    `conflicts` are those that come of what the record, or another, is by now, not of what was written wrongly.
    """
    try:
        with transaction.atomic():
            yield
    except conflicts as refusal:
        raise Conflict(str(refusal)) from refusal
    except Refusal as refusal:
        raise Unusable((f"/body/{refusal.field}" if refusal.field else "/body", str(refusal))) from refusal


def held(rows: "QuerySet[Any]", pk: UUID, what: str) -> Any:
    """The row of this id, locked until the transaction ends. Raises Http404."""
    return one_of(rows.select_for_update(of=("self",), no_key=True), pk, what)


def ended(rows: "QuerySet[Any]", pk: UUID, what: str) -> "Status[None]":
    """Delete a record with what goes with it. Whatever keeps it is a conflict. Raises Http404, Conflict."""
    with kept(Refusal):
        keeping.end(held(rows, pk, what), at=timezone.now())
    return Status(204, None)


def said_of(rows: "QuerySet[Any]", pk: UUID | None, name: str) -> Any:
    """The row that the field `name` of a body means; None for none. Raises Unusable where there is no such row."""
    found = rows.filter(pk=pk).first() if pk else None
    if pk and found is None:
        what = name.removesuffix("_id").replace("_", " ")
        raise Unusable((f"/body/{name}", f"There is no {what} with this id."))
    return found


def asked(query: Schema, *names: str, **renamed: str) -> dict[str, Any]:
    """The filters that a query names; `renamed`, those called otherwise in the database."""
    given = query.dict(include={*names, *renamed})
    return {renamed.get(name, name): value for name, value in given.items() if value not in ("", None)}
