"""Bodies of requests about billing: days, amounts, metadata, and what of the rules is a conflict."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema

from console import bodies
from console.bearer import KeyAuth
from console.billing import keeping
from console.billing.models import NoAmount, NotPossible
from console.bodies import PLAIN
from console.customers.api import ExternalId
from console.metadata import KEY_BYTES, as_row
from console.organizations.models import KeyScope, Organization
from console.problems import Unusable, one_of

READ, WRITE = KeyAuth(KeyScope.BILLING_READ), KeyAuth(KeyScope.BILLING_WRITE)
# What the record is by now, not what was written wrongly.
CONFLICTS = (
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


@contextmanager
def kept() -> Iterator[None]:
    """One transaction; what the rules of billing refuse, as the API says it. Raises Conflict, Unusable."""
    with bodies.kept(*CONFLICTS, NotPossible):
        try:
            yield
        except NoAmount as refusal:
            raise Unusable(("/body/amount", str(refusal))) from refusal


def held_of_customer(rows: "QuerySet[Any]", pk: UUID, what: str) -> Any:
    """The row of this id, locked after the customer whose it is. Raises Http404."""
    keeping.hold_customer(one_of(rows, pk, what))
    return bodies.held(rows, pk, what)


def today_at(organization: Organization) -> date:
    """The local date of the organization."""
    return organization.local_date(timezone.now())
