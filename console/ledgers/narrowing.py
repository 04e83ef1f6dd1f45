"""One ledger at a time: lists that know ledgers show the one that was chosen, until it is taken off.

The choice is the parameter `ledger` of the address, nothing else: whoever follows a link with it has chosen, an empty
one takes it off, and where it is missing the last choice stands in for it, for the session and the organization.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.http import HttpResponseBase

from console.ledgers.models import Ledger
from console.organizations.access import StaffRequest

Rest = ParamSpec("Rest")
View = Callable[Concatenate[StaffRequest, Rest], HttpResponseBase]


def narrowed(view: View[Rest]) -> View[Rest]:
    """Decorate the view of a list whose filters have `ledger`: the address names the ledger that was chosen."""

    @wraps(view)
    def inner(request: StaffRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        if "ledger" in request.GET:
            choose(request, request.GET["ledger"])
        elif ledger := chosen(request):
            query = request.GET.copy()
            query["ledger"] = str(ledger.pk)
            request.GET = query  # type: ignore[assignment]  # a QueryDict too: all that views ask of it
        return view(request, *args, **kwargs)

    return inner


def choose(request: StaffRequest, asked: str) -> None:
    """Remember the ledger of this id; "" takes the choice off, and what is no ledger here changes nothing."""
    if not asked:
        request.session.pop(_key(request), None)
    elif request.session.get(_key(request)) != asked and _found(request, asked):
        request.session[_key(request)] = asked


def chosen(request: StaffRequest) -> Ledger | None:
    """The ledger that was chosen here; None where none was, or it is deleted."""
    asked = request.session.get(_key(request), "")
    return _found(request, asked) if asked else None


def _key(request: StaffRequest) -> str:
    return f"ledger at {request.organization.pk}"


def _found(request: StaffRequest, asked: str) -> Ledger | None:
    try:
        found: Ledger | None = request.organization.ledgers.filter(pk=UUID(asked)).first()
    except ValueError:
        return None
    return found
