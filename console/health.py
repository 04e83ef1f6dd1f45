"""For the machines that watch: alive, ready, figures. They come by address, so they are asked for no name, no HTTPS.

`/health` and `/version` are where clients of Midaz ask. None of the answers says more than kinds of errors.
"""

import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST
from redis import Redis, RedisError

from console.metrics import exposition

OK = "ok"


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers, else 503. A broker that is down delays work, loses none: no reason to go away."""
    said = _database()
    return JsonResponse({"database": said}, status=200 if said == OK else 503)


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """200 when database and broker answer, else 503; which of them does not is said."""
    found = {"database": _database(), "broker": _broker()}
    is_well = set(found.values()) == {OK}
    body = {"status": "available" if is_well else "degraded", "dependencies": found}
    return JsonResponse(body, status=200 if is_well else 503)


@require_safe
def version(request: HttpRequest) -> HttpResponse:
    """Which version answers, and when it was asked."""
    return JsonResponse({"version": own_version(), "requestDate": datetime.now(UTC)})


@cache
def own_version() -> str:
    """The version that pyproject.toml says."""
    said: str = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"]
    return said


def _database() -> str:
    """OK, or the kind of error."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return type(error).__name__
    return OK


def _broker() -> str:
    """OK, or the kind of error; a broker that is silent for half a second does not answer."""
    try:
        with Redis.from_url(settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5) as broker:
            broker.ping()
    except RedisError as error:
        return type(error).__name__
    return OK


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The bank's figures in Prometheus' text format. Keep the path inside: docs/operations.md says how."""
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)


ANSWERS = {
    "/healthz": healthz,
    "/readyz": readyz,
    "/metrics": metrics,
    "/health": health,
    "/version": version,
}


def for_machines(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer before any middleware asks which host was meant: ALLOWED_HOSTS names the bank's, not an address."""

    def middleware(request: HttpRequest) -> HttpResponse:
        answer = ANSWERS.get(request.path, get_response)
        return answer(request)

    return middleware
