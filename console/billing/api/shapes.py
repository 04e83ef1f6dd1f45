"""What requests about billing have in common: days, amounts and metadata; what is said is put on a record and kept."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from ninja import Schema, Status
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

from console import keeping as records
from console.bearer import KeyAuth
from console.billing import keeping
from console.billing.models import NoAmount, NotPossible
from console.customers.api import PLAIN, ExternalId
from console.keeping import Refusal, StillUsed
from console.metadata import KEY_BYTES, as_row
from console.organizations.models import KeyScope, Organization
from console.problems import Conflict, Unusable, one_of

READ, WRITE = KeyAuth(KeyScope.BILLING_READ), KeyAuth(KeyScope.BILLING_WRITE)
# What the record is by now, not what was written wrongly.
CONFLICTS = (
    StillUsed,
    keeping.ConnectorGone,
    keeping.ContactTaken,
    keeping.Erased,
    keeping.IdTaken,
    keeping.NameTaken,
    keeping.NotNow,
    keeping.Overtaken,
    keeping.ReferenceTaken,
)
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
WHOLE = r"[0-9]{1,18}(\.[0-9]{1,8})?"
UNKEPT = re.compile("[\x00\ud800-\udfff]")


def _day(said: Any) -> Any:
    if not isinstance(said, str) or not DAY.fullmatch(said):
        raise ValueError("is no day such as 2026-11-22")
    return said


def _amount(pattern: str) -> BeforeValidator:
    def exact(said: Any) -> Decimal:
        if not isinstance(said, str) or not re.fullmatch(pattern, said):
            raise ValueError('is no amount, which is a text such as "1234.50"')
        return Decimal(said)

    return BeforeValidator(exact)


def _written(pattern: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"^{pattern}$", "examples": [example]})


def _flat(metadata: dict[str, Any]) -> dict[str, Any]:
    for key, value in metadata.items():
        if UNKEPT.search(key) or (isinstance(value, str) and UNKEPT.search(value)):
            raise ValueError("has a character that can't be kept, such as NUL: take it out")
        if value is not None and (fault := as_row(key, value).judged(()).fault):
            raise ValueError(fault)
    return metadata


Day = Annotated[date, BeforeValidator(_day)]
Amount = Annotated[Decimal, _amount(WHOLE), _written(WHOLE, "10.00")]
Threshold = Annotated[Decimal, _amount(f"-?{WHOLE}"), _written(f"-?{WHOLE}", "500")]
Code = Annotated[str, StringConstraints(max_length=3, strip_whitespace=True), PLAIN]
Short = Annotated[str, StringConstraints(max_length=100, strip_whitespace=True), PLAIN]
Name = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True), PLAIN]
Long = Annotated[str, StringConstraints(max_length=500, strip_whitespace=True), PLAIN]
Metadata = Annotated[
    dict[str, str | bool | int | float | None],
    AfterValidator(_flat),
    Field(json_schema_extra={"propertyNames": {"minLength": 1, "maxLength": KEY_BYTES}}),
]
OwnId = Annotated[ExternalId, Field(examples=["B-2026-1"])]


class Said(Schema):
    """A body. What a change (RFC 7396) does not name stays; in metadata, null takes a key out."""

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
    """Metadata after a change: null takes a key out."""
    return {key: value for key, value in {**metadata, **change}.items() if value is not None}


@contextmanager
def kept() -> Iterator[None]:
    """One transaction; what the rules refuse, as the API says it. Raises Conflict, Unusable."""
    try:
        with transaction.atomic():
            yield
    except NoAmount as refusal:
        raise Unusable(("/body/amount", str(refusal))) from refusal
    except (*CONFLICTS, NotPossible) as refusal:
        raise Conflict(str(refusal)) from refusal
    except Refusal as refusal:
        raise Unusable((f"/body/{refusal.field}" if refusal.field else "/body", str(refusal))) from refusal


def held(rows: "QuerySet[Any]", pk: UUID, what: str) -> Any:
    """The row of this id, locked until the transaction ends. Raises Http404."""
    return one_of(rows.select_for_update(of=("self",), no_key=True), pk, what)


def held_of_customer(rows: "QuerySet[Any]", pk: UUID, what: str) -> Any:
    """The row of this id, locked after the customer whose it is. Raises Http404."""
    keeping.hold_customer(one_of(rows, pk, what))
    return held(rows, pk, what)


def said_of(rows: "QuerySet[Any]", pk: UUID | None, name: str) -> Any:
    """The row that the field `name` of a body means; None for none. Raises Unusable where there is no such row."""
    found = rows.filter(pk=pk).first() if pk else None
    if pk and found is None:
        what = name.removesuffix("_id").replace("_", " ")
        raise Unusable((f"/body/{name}", f"There is no {what} with this id."))
    return found


def ended(rows: "QuerySet[Any]", pk: UUID, what: str) -> "Status[None]":
    """Delete a record with what goes with it. Raises Http404, Conflict."""
    with kept():
        records.end(held(rows, pk, what), at=timezone.now())
    return Status(204, None)


def asked(query: Schema, *names: str, **renamed: str) -> dict[str, Any]:
    """The filters that a query names; `renamed`, those called otherwise in the database."""
    given = query.dict(include={*names, *renamed})
    return {renamed.get(name, name): value for name, value in given.items() if value not in ("", None)}


def today_at(organization: Organization) -> date:
    """The local date of the organization."""
    return organization.local_date(timezone.now())
