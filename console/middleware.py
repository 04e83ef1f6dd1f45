"""What every answer carries: headers, and words where Django has none; and what is logged of each request."""

import re
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django_structlog.middlewares import RequestMiddleware
from structlog.contextvars import bind_contextvars, get_contextvars

from console.organizations.callers import address_of

PLAIN = re.compile(r"[\x21-\x7e]{1,200}")
GetResponse = Callable[[HttpRequest], HttpResponse]


def method_page(get_response: GetResponse) -> GetResponse:
    """Put words into the empty answer with which a view refuses a method."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if (
            response.status_code == HTTPStatus.METHOD_NOT_ALLOWED
            and not response.streaming
            and not response.content
        ):
            response.content = render_to_string("405.html").encode()
        return response

    return middleware


def content_security_policy(get_response: GetResponse) -> GetResponse:
    """Send the strict policy of settings.SECURE_CSP (the setting's name in Django 6) and keep pages out of caches."""
    policy = "; ".join(f"{name} {' '.join(sources)}" for name, sources in settings.SECURE_CSP.items())

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy)
        if not request.path.startswith(f"/{settings.STATIC_URL.strip('/')}/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


class RequestLog(RequestMiddleware):
    """Logs when a request begins and ends, under the id that the audit trail knows it by."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Without the query: what staff search for is often a name."""
        return f"{request.method} {request.path}"

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        """Log the end. The caller gets their own id of the request, or ours, by which logs and trail have it."""
        own = request.headers.get("X-Request-Id", "")
        response["X-Request-Id"] = own if PLAIN.fullmatch(own) else get_contextvars()["request_id"]
        super().handle_response(request, response)

    @classmethod
    def bind_ip(cls, request: HttpRequest) -> None:
        """The caller's address as everything else here has it."""
        bind_contextvars(ip=address_of(request))
