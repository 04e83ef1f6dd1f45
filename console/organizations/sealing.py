"""Secrets at rest: AES with HMAC (Fernet), each with the id of the key that sealed it, so that keys can change.

settings.SEALING_KEYS maps ids to passphrases, the first seals. Without it the key comes from SECRET_KEY.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

OWN = "own"


class CantUnseal(Exception):
    """The key that sealed a secret is no longer in settings.SEALING_KEYS, or the text was changed."""


def seal(plain: str) -> str:
    """The secret as it may be stored: "key id:token"."""
    name = next(iter(_keys()))
    return f"{name}:{_box(name).encrypt(plain.encode()).decode()}"


def unseal(sealed: str) -> str:
    """The secret again. Raises CantUnseal."""
    name, _, token = sealed.partition(":")
    try:
        return _box(name).decrypt(token.encode()).decode()
    except (InvalidToken, KeyError) as fault:
        raise CantUnseal(f"This secret was sealed with the key “{name}”, which does not open it.") from fault


def is_newest(sealed: str) -> bool:
    """Whether the key that seals now sealed it."""
    return key_of(sealed) == next(iter(_keys()))


def is_known(sealed: str) -> bool:
    """Whether the key that sealed it is among settings.SEALING_KEYS."""
    return key_of(sealed) in _keys()


def key_of(sealed: str) -> str:
    """The id of the key that sealed it."""
    return sealed.partition(":")[0]


def _keys() -> dict[str, str]:
    return settings.SEALING_KEYS or {OWN: settings.SECRET_KEY}


def _box(name: str) -> Fernet:
    key = HKDF(SHA256(), length=32, salt=None, info=b"tranche secrets at rest").derive(_keys()[name].encode())
    return Fernet(base64.urlsafe_b64encode(key))
