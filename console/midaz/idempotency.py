"""A creation that is sent twice under one key happens once, and is answered twice."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Status

from console.midaz.faults import Refused
from console.midaz.places import Place
from console.midaz.schemas import Out
from console.organizations.models import IdempotencyKey

HEADERS = ("X-Idempotency", "Idempotency-Key")
REPLAYED = "X-Idempotency-Replayed"
USUAL, LONGEST = 300, 86_400


def once(request: HttpRequest, place: Place, make: Callable[[], Out]) -> Any:
    """What `make` answers, 201; under a key that was used before, what was answered then, for X-TTL seconds (300).

    A key is one of a ledger, as Midaz has it: what others name theirs in another ledger is their own affair. Of what is
    not in a ledger it is one of the organization.

    Raises Refused 0084 where the key was used there for another request, 0047 for headers that can't be used.
    """
    name = next((request.headers[header] for header in HEADERS if header in request.headers), "")
    if not name:
        return Status(HTTPStatus.CREATED, make())
    until = place.at + timedelta(seconds=_seconds(request, name))
    digest = hashlib.sha256(b"\0".join([request.path.encode(), request.body])).hexdigest()
    with transaction.atomic():
        within = (place.ledger or place.organization).pk
        row, is_new = IdempotencyKey.hold(place.organization, within, name, digest, at=place.at, until=until)
        if row.digest != digest:
            raise Refused("0084")
        if is_new:
            row.status, row.body = (
                HTTPStatus.CREATED,
                make().model_dump(mode="json", by_alias=True, exclude_unset=True),
            )
            row.save(update_fields=["status", "body"])
    return _answered(row, is_replayed=not is_new)


def _seconds(request: HttpRequest, name: str) -> int:
    """How long the key is kept."""
    said = request.headers.get("X-TTL", str(USUAL))
    is_number = said.isascii() and said.isdecimal() and len(said) <= len(str(LONGEST))
    if len(name) > 255 or "\0" in name or not (is_number and 0 < int(said) <= LONGEST):
        raise Refused(
            "0047", fields={"X-TTL": f"from 1 to {LONGEST} seconds", "X-Idempotency": "255 characters"}
        )
    return int(said)


def _answered(row: IdempotencyKey, *, is_replayed: bool) -> HttpResponse:
    headers = {REPLAYED: str(is_replayed).lower()}
    return JsonResponse(row.body, status=row.status or HTTPStatus.CREATED, headers=headers)
