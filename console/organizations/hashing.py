"""Hashes that nobody can try addresses against without a key that is not in the database: HMAC-SHA-256 (RFC 2104).

The database computes them too, for whole audiences at once: every connection is given the two halves of the padded key
as settings of its session (`pads`), so that no statement, and no log of statements, has the key in it.
"""

import hashlib
import hmac

from django.conf import settings

BLOCK = 64
INNER, OUTER = "tranche.inner_pad", "tranche.outer_pad"


def keyed_hash(text: str) -> str:
    """64 hexadecimal digits, the same for the same text as long as settings.HASHING_KEY stays."""
    return hmac.new(_key(settings.HASHING_KEY), text.encode(), hashlib.sha256).hexdigest()


def pads(passphrase: str) -> dict[str, str]:
    """The settings of a session in which `sql` works."""
    key = _key(passphrase).ljust(BLOCK, b"\0")
    return {INNER: bytes(b ^ 0x36 for b in key).hex(), OUTER: bytes(b ^ 0x5C for b in key).hex()}


def sql(text: str) -> str:
    """SQL for `keyed_hash` of an expression of type text."""
    inner = f"decode(current_setting('{INNER}'), 'hex') || convert_to({text}, 'UTF8')"
    return f"encode(sha256(decode(current_setting('{OUTER}'), 'hex') || sha256({inner})), 'hex')"


def _key(passphrase: str) -> bytes:
    return hashlib.sha256(f"tranche hashes {passphrase}".encode()).digest()
