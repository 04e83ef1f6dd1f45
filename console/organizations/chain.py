"""The chain that holds the audit trail together: HMAC-SHA256 over each event and the one before, by organization.

The keys stand outside the database: settings.AUDIT_KEYS maps ids to passphrases, the first makes new links, all prove
old ones. Without it the key comes from SECRET_KEY. Whoever can do everything in the database still can't make a link.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import connection, transaction
from django.db.models import TextField
from django.db.models.functions import Cast

from console.organizations import scope
from console.organizations.models import AuditEvent

OWN = "own"
BEGINNING = b""
BATCH = 10_000
# What is linked, in this order. A column that comes later stands behind a new form.
FORM = 1
LINKED: tuple[str, ...] = (
    *("id", "organization_id", "at", "user_id", "staff_id", "key_id", "task", "request", "address", "login"),
    *("action", "model", "object_id", "whole", "whole_id", "name"),
)
# An event that waits longer for its link than the clock's tick and a long transaction take was put in by hand.
PATIENCE = timedelta(minutes=5)
Chain = UUID | None


class NoKey(Exception):
    """The key that made a link is no longer in settings.AUDIT_KEYS."""


def newest_key() -> str:
    """The id of the key that makes new links."""
    return next(iter(_keys()))


def sign(key: str, purpose: str, text: bytes) -> bytes:
    """HMAC-SHA256 by one of the keys; what was made for one `purpose` proves nothing for another. Raises NoKey."""
    if key not in _keys():
        raise NoKey(key)
    return hmac.digest(_derived(_keys()[key], purpose), text, hashlib.sha256)


def link(row: Iterable[Any], changes: str, *, seq: int, key: str, before: bytes) -> bytes:
    """The link of an event: `row` has the columns LINKED, `before` the link of the event before it."""
    said = [FORM, before.hex(), seq, key, *map(_written, row), changes]
    return sign(key, "links", json.dumps(said, ensure_ascii=False).encode())


def rows(chain: Chain) -> Any:
    """The events of a chain as tuples of the columns LINKED, with the changes as text."""
    text = Cast("changes", TextField())
    return AuditEvent.objects.of_chain(chain).annotate(said=text).values_list(*LINKED, "said")


def extend_all() -> int:
    """Link whatever waits, in every chain. How many events it was."""
    with scope.across():
        waiting = list(
            AuditEvent.objects.unlinked().order_by().values_list("organization_id", flat=True).distinct()
        )
    return sum(extend(chain) for chain in waiting)


def extend(chain: Chain) -> int:
    """Link what waits in one chain, a batch a transaction. How many events it was; 0 while somebody else does it."""
    total = done = _extend(chain)
    while done == BATCH:
        total += (done := _extend(chain))
    return total


def _extend(chain: Chain) -> int:
    with scope.across(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 11))", [f"audit {chain}"])
        if cursor.fetchone() != (True,):
            return 0
        seq, before = last(chain)
        key, links = newest_key(), []
        for *row, changes in rows(chain).filter(seq__isnull=True).order_by("id")[:BATCH]:
            seq += 1
            before = link(row, changes, seq=seq, key=key, before=before)
            links.append((row[0], seq, before))
        if links:
            ids, places, macs = map(list, zip(*links, strict=True))
            cursor.execute(
                "UPDATE organizations_auditevent e SET seq = made.seq, mac = made.mac, mac_key = %s"
                " FROM unnest(%s::uuid[], %s::bigint[], %s::bytea[]) AS made (id, seq, mac) WHERE e.id = made.id",
                [key, ids, places, macs],
            )
    return len(links)


def last(chain: Chain) -> tuple[int, bytes]:
    """Number and link of a chain's newest event; 0 and its beginning where there is none."""
    linked = AuditEvent.objects.of_chain(chain).filter(seq__isnull=False)
    for seq, mac in linked.order_by("-seq").values_list("seq", "mac")[:1]:
        return seq or 0, bytes(mac or BEGINNING)
    return 0, BEGINNING


def overdue(chain: Chain, *, at: datetime) -> UUID | None:
    """The first event that waited too long for its link: nobody makes links, or it was put in by hand."""
    late = AuditEvent.objects.of_chain(chain).unlinked().filter(at__lt=at - PATIENCE)
    return late.order_by("id").values_list("id", flat=True).first()


def _written(value: Any) -> str | None:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return None if value is None else str(value)


def _keys() -> dict[str, str]:
    return settings.AUDIT_KEYS or {OWN: settings.SECRET_KEY}


@lru_cache(maxsize=32)
def _derived(passphrase: str, purpose: str) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=f"tranche audit {purpose}".encode()).derive(
        passphrase.encode()
    )
