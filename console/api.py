"""The versioned API, /api/v1/: on top of everything, for the bank's own systems.

Conventions: `Authorization: Bearer <API key>`, and the key says which organization: what belongs to another one does
not exist (404). Errors are problem details (RFC 9457, application/problem+json) with `type`, `title`, `status`,
`detail`, `instance`; a 422 lists in `errors` where each fault is (`pointer`) and what to do (`detail`). Times are
ISO 8601 in UTC, money is a string, ids are UUIDs.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.core.signals import got_request_exception
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    JsonResponse,
)
from django.views.decorators.csrf import csrf_exempt
from ninja import Router
from ninja.errors import AuthenticationError, HttpError, ValidationError

from alerts.api import router as alerts
from alerts.reading import router as campaigns
from communications.api import router as communications
from console.bearer import KeyAuth, TooOften
from console.billing.api import routers as billing
from console.customers.api import router as customers
from console.document import DocumentedAPI
from console.exact import ExactParser, why_unreadable
from console.midaz import api as midaz
from console.midaz import exchange
from console.midaz.faults import Refused
from console.portfolios.api import router as holdings
from console.problems import Unusable
from segments.api import router as segments
from segments.attributes.api import router as attributes
from segments.explaining.api import router as explanations
from segments.history.api import router as past
from segments.history.versions_api import router as versions

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
OWN, MIDAZ = "api/v1", "v1"

api = DocumentedAPI(
    title="Tranche",
    version="1.0.0",
    auth=KeyAuth(),
    docs_url=None,
    openapi_url="/api/openapi.json",
    parser=ExactParser(),
)


def problem(request: HttpRequest, status: int, detail: str, **more: Any) -> HttpResponse:
    """An error as RFC 9457 says it: what kind, and what happened this time."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": request.path,
        **more,
    }
    return JsonResponse(body, status=status, content_type="application/problem+json")


def _problem_of(request: HttpRequest, error: Any) -> HttpResponse:
    if isinstance(error, AuthenticationError):
        return problem(request, 401, "Send a live API key as “Authorization: Bearer …”.")
    if isinstance(error, Http404):
        return problem(request, 404, str(error) or "There is nothing at this address.")
    if isinstance(error, ValidationError):
        faults = [
            {"pointer": "/" + "/".join(str(part) for part in fault["loc"]), "detail": fault["msg"]}
            for fault in error.errors
        ]
        return problem(request, 422, "Some values can't be used.", errors=faults)
    if isinstance(error, Unusable):
        faults = [{"pointer": pointer, "detail": words} for pointer, words in error.faults]
        return problem(request, 422, "Some values can't be used.", errors=faults)
    if isinstance(error, RequestDataTooBig):
        return problem(request, 413, "The body is larger than 5 MB. Send it in parts.")
    if error.status_code == HTTPStatus.BAD_REQUEST and error.__cause__:
        return problem(request, 400, why_unreadable(error.__cause__))
    return problem(request, error.status_code, str(error))


def answer(request: HttpRequest, error: Any) -> HttpResponse:
    """Any error of a request, in the form that its part of the API has."""
    response = midaz.answer(request, error) if midaz.is_here(request) else _problem_of(request, error)
    if response.status_code == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="Tranche"'
    if isinstance(error, TooOften):
        response["Retry-After"] = str(error.seconds)
    return response


def failed(request: HttpRequest, error: Any) -> HttpResponse:
    """What nobody foresaw: told to whoever listens for faults, as on pages, and to the caller in the API's own form."""
    got_request_exception.send(sender=None, request=request)
    if midaz.is_here(request):
        return midaz.answer(request, error)
    return problem(request, 500, "Something went wrong here. It was noted; try again.")


api.add_exception_handler(Exception, failed)
ANSWERED = (
    AuthenticationError,
    Http404,
    RequestDataTooBig,
    ValidationError,
    HttpError,
    TooOften,
    Refused,
    Unusable,
)
for kind in ANSWERED:
    api.add_exception_handler(kind, answer)


nothing = Router()


@nothing.api_operation(METHODS, "/{path:rest}", include_in_schema=False)
def nothing_here(request: HttpRequest, rest: str) -> None:
    """What no other operation answers."""
    raise Http404("There is nothing at this address.")


OWN_ROUTERS = (
    *(customers, holdings, *billing),
    *(segments, attributes, explanations, past, versions, communications, alerts, campaigns),
)
for router in OWN_ROUTERS:
    api.add_router(f"/{OWN}", router)
api.add_router(f"/{MIDAZ}/organizations", midaz.router)
api.add_router(f"/{MIDAZ}/login/oauth", exchange.router)
for prefix in (OWN, MIDAZ):  # the last: they take every address
    api.add_router(f"/{prefix}", nothing, url_name_prefix=prefix)


def for_systems(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Systems come with a key, not with a session; also a wrong method is told them as a problem."""

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **values: Any) -> HttpResponseBase:
        response = view(request, *args, **values)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        why = f"{request.method} does not work here."
        refusal = midaz.wrong_method(why) if midaz.is_here(request) else problem(request, 405, why)
        refusal["Allow"] = response["Allow"]
        return refusal

    return inner


def urls() -> Any:
    """The addresses of the API, to be mounted at the root."""
    mounted: Any = api.urls
    for pattern in mounted[0]:
        pattern.callback = for_systems(pattern.callback)
    return mounted
