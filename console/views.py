"""What belongs to no app: home, search, settings, error pages. The overview is next door."""

import sys
from typing import cast

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from console import switching
from console.customers.masking import sight_of
from console.customers.models import Attribute
from console.metadata import in_words
from console.organizations.access import StaffRequest, allowed, may
from console.organizations.countries import named_countries
from console.organizations.founding import may_found
from console.organizations.models import Organization, User
from console.overview import money_of, overview_of
from console.searching import found_in
from console.statuses import status_words

LAST = "last organization"
RETRY_AFTER = 30


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the organization the person works for, or was in last; with several ask which, with none to the first."""
    user = cast(User, request.user)
    staff = user.places()
    if not staff and may_found(user):
        return redirect("organization_create")
    if not staff:
        return render(request, "organizations/none.html", status=404)
    last = [one for one in staff if one.organization.slug == request.session.get(LAST)]
    if len(staff) == 1 or last:
        return redirect("overview", (last or staff)[0].organization.slug)
    return switching.organization_list(request)


@login_not_required
def admin_door(request: HttpRequest) -> HttpResponse:
    """Django admin has no sign-in of its own: it sends here whom it does not know, or who is no platform admin."""
    if request.user.is_authenticated:
        raise PermissionDenied("This is for the platform’s own admins.")
    return redirect_to_login(request.GET.get("next", ""), "account_login")


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the person's choice of light or dark colours; the button says which it asks for."""
    user, asked = cast(User, request.user), request.POST.get("theme", "")
    user.theme = asked if asked in ("light", "dark") else ""
    user.save(update_fields=["theme"])
    back = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(back if is_ours else reverse("home"))


@require_safe
@allowed("view")
def overview(request: StaffRequest) -> HttpResponse:
    """What is broken, moved, fires and goes out; for an empty organization how to begin."""
    if request.session.get(LAST) != request.organization.slug:
        request.session[LAST] = request.organization.slug
    is_asked = "balances" in request.GET
    if request.htmx.target == "money":
        money = money_of(request.organization, is_asked=is_asked)
        return render(request, "overview.html#money", {"money": money})
    context = overview_of(request.organization, request.staff, at=timezone.now(), is_money_asked=is_asked)
    return render(request, "overview.html", context)


@require_safe
@allowed("view")
def search(request: StaffRequest) -> HttpResponse:
    """Customers, accounts, segments and portfolios by name or id, the first few of each."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    sight = sight_of(request.staff)
    groups = found_in(request.organization, words, sight) if words else []
    is_empty = not any(group.rows for group in groups)
    context = {"search_query": words, "groups": groups, "is_empty": is_empty, "is_masked": not sight.is_clear}
    return render(request, "search.html", context)


@require_safe
@allowed("view")
def settings_page(request: StaffRequest) -> HttpResponse:
    """The organization's facts, its declared data, who has access, and the person's own profile."""
    profile = [
        ("Name", request.user.name or None),
        ("Email", request.user.email),
        ("Role", request.staff.get_role_display()),
    ]
    context = {
        "facts": facts_of(request.organization),
        "profile": profile,
        "declared": declared_by(request.organization),
        "may_see_keys": may(request.staff, "keys.view"),
        "may_change": may(request.staff, "settings"),
        "may_declare": may(request.staff, "attributes.edit"),
        "may_found": may(request.staff, "organizations.found"),
    }
    return render(request, "settings.html", context)


def declared_by(organization: Organization) -> list[tuple[str, int, str]]:
    """How many attributes are declared of which records, and where they are listed."""
    numbers = organization.attributes.order_by("entity").values_list("entity").annotate(number=Count("pk"))
    url = organization.url("attributes:attribute_list")
    return [(Attribute.Entity(entity).label, number, f"{url}?entity={entity}") for entity, number in numbers]


def facts_of(organization: Organization) -> list[tuple[str, str]]:
    """What the organization is, by name and value."""
    waits = "sending is off: they are planned and wait"
    country = dict(named_countries()).get(organization.address.get("country", ""), "")
    seat = [organization.address.get(part, "") for part in ("line1", "line2", "zipCode", "city", "state")]
    known = [
        ("Legal name", organization.name),
        ("Doing business as", organization.doing_business_as),
        ("Legal document", organization.legal_document),
        ("Seat", ", ".join(filter(None, [*seat, country]))),
        (
            "Status",
            " · ".join(filter(None, [status_words(organization.status), organization.status_description])),
        ),
        ("In addresses", organization.slug),
        ("Base currency", organization.base_currency),
        ("Time zone", organization.time_zone),
        ("Messages", "sending is on" if organization.is_sending else waits),
    ]
    return [(name, value) for name, value in [*known, *in_words(organization.metadata)] if value]


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {"reason": str(exception)}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """503 with a time to try again where the database does not answer, else 500. Drawn without asking for anything."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        response = render(None, "503.html", status=503)
        response.headers["Retry-After"] = str(RETRY_AFTER)
        return response
    return render(None, "500.html", status=500)
