"""Who calls the API: `Authorization: Bearer <API key>`, what the key opens, and how often it may ask."""

import time
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import HttpError
from ninja.security import HttpBearer
from redis import Redis, RedisError
from structlog.contextvars import get_contextvars

from console.organizations import scope
from console.organizations.callers import address_of
from console.organizations.models import ApiKey, KeyScope
from console.organizations.tokens import key_of

log = structlog.get_logger(__name__)
MINUTE = 60


class TooOften(HttpError):
    """More calls in this minute than the key may make; `seconds` until it may again."""

    def __init__(self, key: ApiKey, seconds: int) -> None:
        super().__init__(429, f"This key may call {key.calls_per_minute:,} times a minute. Wait {seconds} s.")
        self.seconds = seconds


class KeyAuth(HttpBearer):
    """The key says which organization; an operation says which scope the key must have, none for any live key."""

    def __init__(self, needs: KeyScope | None = None) -> None:
        super().__init__()
        self.needs = needs

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:
        """The live key, with the rest of the request in its scope. Raises HttpError 403 and 429."""
        now, address = timezone.now(), address_of(request)
        with scope.across():
            key = key_of(token, at=now)
        if key is None:
            return None
        scope.enter(key.organization)
        scope.act(key=key.pk, request=get_contextvars().get("request_id"), address=address)
        calls.count(key)  # refused ones too
        if self.needs and self.needs not in key.scopes:
            raise HttpError(
                403, f"This key lacks the scope “{self.needs}”. An admin of the bank gives scopes to keys."
            )
        key.note_use(at=now, address=address)
        return key


class Calls:
    """Counts each key's calls by the minute in the broker, for all web processes together.

    A broker that does not answer limits nobody: the bank's own systems are let in rather than kept out, and for some
    seconds it is not asked again.
    """

    rest = 5.0

    def __init__(self) -> None:
        self.client: Redis | None = None
        self.asked_again_at = 0.0

    def count(self, key: ApiKey) -> None:
        """One call more. Raises TooOften."""
        now = time.time()
        if now < self.asked_again_at:
            return
        try:
            made = self._made(f"tranche:calls:{key.pk}:{int(now // MINUTE)}")
        except RedisError as error:
            log.warning("calls_uncounted", error=str(error))
            self.asked_again_at = now + self.rest
            return
        if made > key.calls_per_minute:
            raise TooOften(key, seconds=MINUTE - int(now % MINUTE))

    def _made(self, name: str) -> int:
        self.client = self.client or Redis.from_url(
            settings.REDIS_URL, socket_timeout=0.25, socket_connect_timeout=0.25
        )
        with self.client.pipeline(transaction=False) as pipeline:
            pipeline.incr(name)
            pipeline.expire(name, 2 * MINUTE)
            answers: list[Any] = pipeline.execute()
        return int(answers[0])


calls = Calls()
