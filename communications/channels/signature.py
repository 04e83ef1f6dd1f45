"""Standard Webhooks 1.0: the three headers, and HMAC-SHA256 with each secret that is live."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

PREFIX = "whsec_"


def headers(identity: str, body: bytes, secrets: Sequence[str], at: datetime) -> dict[str, str]:
    """The headers that sign `body` as message `identity` at the moment `at` with every one of `secrets`."""
    timestamp = str(int(at.timestamp()))
    return {
        "webhook-id": identity,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(signature(identity, timestamp, body, secret) for secret in secrets),
    }


def signature(identity: str, timestamp: str, body: bytes, secret: str) -> str:
    """`v1,` and the base64 of HMAC-SHA256 over "id.timestamp.body"; the key is what follows whsec_, decoded."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{identity}.{timestamp}.".encode() + body
    return f"v1,{base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()}"
