"""Access tokens of the API: short-lived, signed, each standing for a key that must be live when it is used."""

from datetime import datetime

from django.core import signing

from console.organizations.models import ApiKey

LIFE = 3600
PREFIX = "ta_"
SALT = "tranche access token"


def token_for(key: ApiKey) -> str:
    """A token that opens what the key opens, for LIFE seconds."""
    return PREFIX + signing.dumps(str(key.pk), salt=SALT)


def key_of(text: str, *, at: datetime) -> ApiKey | None:
    """The live key that a bearer's text, a token or a key itself, stands for at the moment `at`."""
    if not text.startswith(PREFIX):
        return ApiKey.verify(text, at=at)
    try:
        pk = signing.loads(text.removeprefix(PREFIX), salt=SALT, max_age=LIFE)
    except signing.BadSignature:
        return None
    key = ApiKey.objects.select_related("organization").filter(pk=pk).first()
    return key if key and key.is_live(at=at) else None
