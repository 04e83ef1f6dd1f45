"""The operations of Midaz's API, and how what goes wrong under its addresses is answered."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Path, Router
from ninja.errors import AuthenticationError, HttpError, ValidationError

from console.bearer import TooOften
from console.exact import why_unreadable
from console.midaz import balances, operations, transactions
from console.midaz.accounts import AccountOut, Accounts
from console.midaz.faults import Refused, of_validation
from console.midaz.ledgers import Assets, Ledgers
from console.midaz.organizations import Organizations
from console.midaz.places import AliasPath, CodePath, find
from console.midaz.portfolios import AccountTypes, Portfolios
from console.midaz.resources import READS, mount
from console.midaz.segments import Segments
from console.organizations.access import KeyRequest
from console.portfolios.assets import external_alias
from console.problems import Unusable

PREFIX = "/v1/"
router = Router()
accounts = Accounts()
for resource in (Organizations(), Ledgers(), Assets(), Portfolios(), AccountTypes(), Segments(), accounts):
    mount(router, resource)
named = Router(tags=["accounts"])  # its addresses take a slash, encoded or not, so they come last
for kind in (balances.router, transactions.router, operations.router, named):
    router.add_router("", kind)


@named.get(
    f"{accounts.path}/alias/{{path:alias}}",
    response=AccountOut,
    summary="Get an account by its alias",
    **READS,
)
def account_by_alias(request: KeyRequest, ids: Path[AliasPath]) -> Any:
    return accounts.answer(accounts.named(find(request, ids), ids.alias))


@named.get(
    f"{accounts.path}/external/{{asset_code}}",
    response=AccountOut,
    summary="Get the external account of an asset",
    **READS,
)
def external_account(request: KeyRequest, ids: Path[CodePath]) -> Any:
    return accounts.answer(accounts.named(find(request, ids), external_alias(ids.asset_code)))


def is_here(request: HttpRequest) -> bool:
    """Whether the request's address is one of this API's."""
    return request.path.startswith(PREFIX)


def answer(request: HttpRequest, error: Exception) -> HttpResponse:
    """Any error of a request, as clients of Midaz know them."""
    refused = _refusal(request, error)
    return JsonResponse(refused.body(), status=refused.fault.status)


def wrong_method(why: str) -> HttpResponse:
    """The address is right, the method is not."""
    refused = Refused("0405", why=why)
    return JsonResponse(refused.body(), status=refused.fault.status)


def _refusal(request: HttpRequest, error: Exception) -> Refused:
    if isinstance(error, Refused):
        return error
    if isinstance(error, ValidationError):
        return of_validation(error.errors, body=request.body)
    if isinstance(error, Unusable):
        return Refused("0047", fields={pointer.rpartition("/")[2]: words for pointer, words in error.faults})
    if isinstance(error, AuthenticationError):
        return Refused("0042" if "Authorization" in request.headers else "0041")
    if isinstance(error, Http404):
        return Refused("0007", "resource")
    if isinstance(error, TooOften):
        return Refused("0429", why=str(error))
    if isinstance(error, HttpError) and error.status_code == 403:
        return Refused("0043", why=str(error))
    if isinstance(error, RequestDataTooBig):
        return Refused("0094", why="The body is larger than 5 MB.")
    if isinstance(error, HttpError):
        return Refused("0094", why=why_unreadable(error.__cause__))
    return Refused("0046")
