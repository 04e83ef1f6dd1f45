"""For the machines that watch: alive, ready, figures. They come by address, so they are asked for no name, no HTTPS."""

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from console.metrics import exposition


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers, else 503. A broker that is down delays work, loses none: no reason to go away."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return JsonResponse({"database": type(error).__name__}, status=503)
    return JsonResponse({"database": "ok"})


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The bank's figures in Prometheus' text format. Keep the path inside: docs/operations.md says how."""
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)


ANSWERS = {"/healthz": healthz, "/readyz": readyz, "/metrics": metrics}


def for_machines(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer before any middleware asks which host was meant: ALLOWED_HOSTS names the bank's, not an address."""

    def middleware(request: HttpRequest) -> HttpResponse:
        answer = ANSWERS.get(request.path, get_response)
        return answer(request)

    return middleware
