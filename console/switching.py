"""Going over to another organization, or to one ledger: both are searched in all that there are."""

from typing import Any, cast
from urllib.parse import urlencode

from django.db.models import Value
from django.db.models.lookups import Contains
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from console.ledgers.models import Ledger
from console.ledgers.narrowing import chosen
from console.navigation import section_at, ways
from console.organizations.access import StaffRequest, allowed
from console.organizations.fields import Fold
from console.organizations.founding import may_found
from console.organizations.models import User

SHOWN = 20
# Sections whose lists know ledgers; on the page of a ledger the choice leads to that of another.
KNOWING = (
    "portfolios:account_list",
    "portfolios:portfolio_list",
    "segments:segment_list",
    "ledgers:ledger_list",
)
OFFERING = {*KNOWING[:3], "ledgers:ledger_detail"}


def ledger_switch(request: Any) -> dict[str, Any]:
    """Context of every page: the choice of a ledger on those pages that know ledgers, elsewhere None."""
    match = getattr(request, "resolver_match", None)
    is_here = (
        getattr(request, "staff", None) is not None and match is not None and match.view_name in OFFERING
    )
    return {"ledger_switch": SimpleLazyObject(lambda: choices(request, request.path)) if is_here else None}


@require_safe
def organization_list(request: HttpRequest) -> HttpResponse:
    """Where the person works, searched by name; `at` is the page they come from. One that is found alone is entered."""
    user, words = cast(User, request.user), request.GET.get("q", "").replace("\0", "").strip()
    found = ways(user.places(words, SHOWN + 1), request.GET.get("at", ""))
    is_part = request.htmx.target == "organization-choices"  # type: ignore[attr-defined]  # htmx's middleware sets it
    if words and len(found) == 1 and not is_part:
        return redirect(found[0]["url"])
    context = {"organizations": found[:SHOWN], "words": words, "is_more": len(found) > SHOWN}
    context |= {"at": request.GET.get("at", ""), "may_found": may_found(user)}
    template = "organizations/choices.html" if is_part else "organizations/choice.html"
    return render(request, template, context)


@require_safe
@allowed("view")
def ledger_choice(request: StaffRequest) -> HttpResponse:
    """The organization's ledgers, searched by name, each a link that narrows the section one comes from to it."""
    words, at = request.GET.get("q", "").replace("\0", "").strip(), request.GET.get("at", "")
    context = choices(request, at, words)
    if words and len(context["ledgers"]) == 1 and request.htmx.target != "ledger-choices":
        return redirect(context["ledgers"][0]["url"])
    template = "ledgers/choices.html" if request.htmx.target == "ledger-choices" else "ledgers/choice.html"
    return render(request, template, context)


def choices(request: StaffRequest, at: str, words: str = "") -> dict[str, Any]:
    """The ledgers that `words` find, with the address at which the section of the page `at` shows them."""
    rows = request.organization.ledgers.filter(Contains(Fold("name"), Fold(Value(words)))).order_by(
        "name", "pk"
    )
    found, now = list(rows[: SHOWN + 1]), shown(request)
    section = section_at(at)
    name = section.name if section and section.name in KNOWING else KNOWING[0]

    def url(ledger: Ledger) -> str:
        page = ledger.get_absolute_url() if name == "ledgers:ledger_list" else request.organization.url(name)
        return f"{page}?{urlencode({'ledger': ledger.pk})}"

    return {
        "ledgers": [{"name": str(one), "url": url(one), "is_here": one == now} for one in found[:SHOWN]],
        "every_url": f"{request.organization.url(name)}?ledger=",
        "now": now,
        "words": words,
        "at": at,
        "is_more": len(found) > SHOWN,
    }


def shown(request: StaffRequest) -> Ledger | None:
    """The ledger whose page this is, else the one that was chosen."""
    match = request.resolver_match
    if match is not None and match.view_name == "ledgers:ledger_detail":
        ledger: Ledger | None = request.organization.ledgers.filter(pk=match.kwargs["pk"]).first()
        return ledger
    return chosen(request)
