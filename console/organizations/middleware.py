"""The wall at the door: `request.organization` from the address, for its staff only."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import structlog
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from structlog.contextvars import get_contextvars

from console.organizations import chain, proof, scope
from console.organizations.callers import address_of
from console.organizations.leading import lead_to_passkey
from console.organizations.models import Staff

log = structlog.get_logger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponse]
SAFE = ("GET", "HEAD", "OPTIONS")


def link(organization: str) -> None:
    """Give what was just committed its place in the audit trail's chain; the clock does it where we can't."""
    try:
        chain.extend(UUID(organization))
    except DatabaseError:
        log.exception("audit_link_failed", organization=organization)


def came(request: HttpRequest) -> dict[str, Any]:
    """How the logs know the request, and where it came from."""
    return {"request": get_contextvars().get("request_id"), "address": address_of(request)}


class OrganizationMiddleware:
    """Pages of an organization live under /o/<slug>/. Their views get `request.organization` and `request.staff`.

    A person who does not work there gets the same 404 as for an organization that does not exist. Whatever the request
    does is done in the scope of that organization, by that person; afterwards it is linked into the audit trail, and so
    is what a key of the API did. Django admin is for every organization, and for platform admins only.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with scope.outside():
            scope.act(**came(request))
            response: Any = self.get_response(request)
            organization = scope.present().organization
            if response.streaming:
                response.streaming_content = scope.carried(response.streaming_content)
        if request.method not in SAFE and organization:
            link(organization)
        return response

    def process_view(
        self, request: Any, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        slug = kwargs.pop("organization", None)
        if not request.user.is_authenticated:
            return None
        if slug is None:
            if request.user.is_staff and "admin" in request.resolver_match.app_names:
                scope.everywhere()
            scope.act(user=request.user.pk, **came(request))
            return None
        with scope.across():
            staff = (
                Staff.objects.working()
                .select_related("organization")
                .filter(user=request.user, organization__slug=slug, organization__deleted_at=None)
                .first()
            )
        if staff is None:
            raise Http404(f"No organization {slug}.")
        staff.user = request.user
        request.staff, request.organization = staff, staff.organization
        if proof.needs_passkey(request.user, staff) and not proof.has_passkey(request.session):
            return lead_to_passkey(request)
        scope.enter(staff.organization)
        scope.act(user=request.user.pk, staff=staff.pk, **came(request))
        return None
