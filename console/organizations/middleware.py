"""The wall at the door: `request.organization` from the address, for its staff only."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from structlog.contextvars import get_contextvars

from console.organizations import scope
from console.organizations.models import Staff

GetResponse = Callable[[HttpRequest], HttpResponse]


class OrganizationMiddleware:
    """Pages of an organization live under /o/<slug>/. Their views get `request.organization` and `request.staff`.

    A person who does not work there gets the same 404 as for an organization that does not exist. Whatever the request
    does is done in the scope of that organization, by that person.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with scope.kept():
            response: Any = self.get_response(request)
            if response.streaming:
                response.streaming_content = scope.carried(response.streaming_content)
            return response

    def process_view(
        self, request: Any, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        slug = kwargs.pop("organization", None)
        if not request.user.is_authenticated:
            return
        came = {"request": get_contextvars().get("request_id"), "address": request.META.get("REMOTE_ADDR")}
        if slug is None:
            scope.act(user=request.user.pk, **came)
            return
        with scope.across():
            staff = (
                Staff.objects.select_related("organization")
                .filter(user=request.user, organization__slug=slug)
                .first()
            )
        if staff is None:
            raise Http404(f"No organization {slug}.")
        staff.user = request.user
        request.staff, request.organization = staff, staff.organization
        scope.enter(staff.organization)
        scope.act(user=request.user.pk, staff=staff.pk, **came)
