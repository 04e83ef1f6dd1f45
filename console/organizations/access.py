"""Who may do what: one table, one decorator. A view says which permission it needs; nothing else decides."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from console.organizations import proof
from console.organizations.leading import prove_again
from console.organizations.models import ApiKey, Organization, Role, Staff, User

POLICY: dict[str, frozenset[str]] = {
    "view": frozenset(Role.values),
    # Who reads names and addresses as they are: those who mend imports and answer customers, and who answers for all.
    # The others work with groups of people; of one of them they may open named parts, for a reason that is kept.
    "personal.view": frozenset({Role.OPERATOR, Role.ADMIN}),
    "personal.reveal": frozenset({Role.ANALYST, Role.MARKETER, Role.APPROVER}),
    "customers.disclose": frozenset({Role.OPERATOR, Role.ADMIN}),
    "customers.erase": frozenset({Role.ADMIN}),
    "customers.export": frozenset({Role.ANALYST, Role.OPERATOR, Role.ADMIN}),
    "record.edit": frozenset({Role.OPERATOR, Role.ADMIN}),
    "billing.edit": frozenset({Role.OPERATOR, Role.ADMIN}),
    "monitors.edit": frozenset({Role.ANALYST, Role.ADMIN}),
    "attributes.edit": frozenset({Role.ADMIN}),
    "segments.edit": frozenset({Role.ANALYST, Role.ADMIN}),
    "communications.edit": frozenset({Role.MARKETER, Role.ADMIN}),
    "communications.send": frozenset({Role.MARKETER, Role.APPROVER, Role.ADMIN}),
    "campaigns.edit": frozenset({Role.MARKETER, Role.ADMIN}),
    "approvals.decide": frozenset({Role.APPROVER, Role.ADMIN}),
    "alerts.work": frozenset({Role.ANALYST, Role.MARKETER, Role.OPERATOR, Role.ADMIN}),
    "imports.run": frozenset({Role.OPERATOR, Role.ADMIN}),
    "staff.view": frozenset(Role.values) - {Role.VIEWER},
    "staff.manage": frozenset({Role.ADMIN}),
    "keys.view": frozenset({Role.ADMIN}),
    "keys.manage": frozenset({Role.ADMIN}),
    "audit.view": frozenset({Role.APPROVER, Role.ADMIN}),
    "audit.export": frozenset({Role.APPROVER, Role.ADMIN}),
    "settings": frozenset({Role.ADMIN}),
    "organizations.found": frozenset({Role.ADMIN}),
}

# What is so sensitive that the person must have proved who they are within the last settings.FRESH_SECONDS; who needs a
# passkey to come in, by that.
FRESH: frozenset[str] = frozenset(
    {
        "approvals.decide",
        "audit.export",
        "keys.manage",
        "staff.manage",
        "settings",
        "organizations.found",
        "personal.reveal",
        "customers.disclose",
        "customers.erase",
        "customers.export",
    }
)


class StaffRequest(HttpRequest):
    """A request on a page of an organization; the middleware sets `organization` and `staff`."""

    organization: Organization
    staff: Staff
    user: User
    htmx: HtmxDetails


class KeyRequest(HttpRequest):
    """A call of the API by one of the bank's systems; the key says which organization."""

    auth: ApiKey


Rest = ParamSpec("Rest")
View = Callable[Concatenate[StaffRequest, Rest], HttpResponseBase]


def may(staff: Staff, permission: str) -> bool:
    """Whether the person's role grants `permission`. Raises KeyError for a permission that the table lacks."""
    return staff.role in POLICY[permission]


def demand(staff: Staff, permission: str) -> None:
    """Raises PermissionDenied where the person's role does not grant `permission`."""
    if not may(staff, permission):
        raise PermissionDenied(
            f"Your role at {staff.organization} is {staff.get_role_display()}. "
            "An admin of the organization can change it."
        )


def allowed(
    permission: str, *, is_file: bool = False
) -> Callable[[View[Rest]], Callable[..., HttpResponseBase]]:
    """Decorate a view with the permission it needs: 403 without it, proof anew where it is sensitive.

    A view that hands out a file (`is_file`) shows no page: after the proof one is back where the link was.
    Raises KeyError for a permission that the table lacks.
    """
    if permission not in POLICY:
        raise KeyError(permission)

    def decorate(view: View[Rest]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def inner(request: StaffRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
            demand(request.staff, permission)
            if permission in FRESH:
                by_passkey = proof.needs_passkey(request.user, request.staff)
                if not proof.is_fresh(request.session, at=timezone.now(), by_passkey=by_passkey):
                    return prove_again(request, is_file=is_file, by_passkey=by_passkey)
            return view(request, *args, **kwargs)

        vars(inner)["permission"] = permission
        return inner

    return decorate
