"""The first person comes in by the link of the set-up; organizations are made and changed."""

from collections.abc import Callable
from copy import copy
from functools import wraps
from typing import Any

from allauth.account.internal.flows import login
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from console.founding.forms import FirstPersonForm, NewOrganizationForm, OrganizationForm, unmade
from console.organizations import founding, proof, scope
from console.organizations.access import StaffRequest, allowed
from console.organizations.leading import lead_to_passkey, prove_again
from console.organizations.models import Organization, User
from console.signin.adapters import person

ELSEWHERE = (
    "Organizations are made by platform admins, and by admins of an organization on its Settings page."
)
METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@never_cache
@login_not_required
def set_up(request: HttpRequest, token: str) -> HttpResponseBase:
    """The first person says who they are, and is led to a second factor, then to the first organization."""
    form = FirstPersonForm(request.POST or None, instance=User())
    try:
        founding.check(token)
        if request.method != "POST" or not form.is_valid():
            status = 422 if form.is_bound else 200
            return render(request, "founding/set_up.html", {"form": form}, status=status)
        user = founding.come_first(token, form.save)
    except founding.NotOpen:
        return render(request, "founding/set_up_gone.html", status=404)
    if request.user.is_authenticated:
        login.get_adapter().logout(request)
    login.record_authentication(request, user, method="password", email=user.email)
    return login.perform_login(request, Login(user=user, redirect_url=reverse("organization_create")))


def founders_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For who may make an organization by themselves, with a passkey as whoever administers one, just proved."""

    @wraps(view)
    def inner(request: HttpRequest) -> HttpResponse:
        if not founding.may_found(person(request)):
            raise PermissionDenied(ELSEWHERE)
        if not proof.has_passkey(request.session):
            return lead_to_passkey(request)
        if not proof.is_fresh(request.session, at=timezone.now(), by_passkey=True):
            return prove_again(request, by_passkey=True)
        return view(request)

    return inner


@require_http_methods(METHODS)
@founders_only
def organization_create(request: HttpRequest) -> HttpResponse:
    """The first organization, or one that a platform admin makes."""
    form = NewOrganizationForm(request.POST or None, instance=unmade())
    context: dict[str, Any] = {"form": form, "back": "", "is_first": founding.is_new(), "founder": None}
    if request.method != "POST" or not form.is_valid():
        return render(
            request, "founding/organization_form.html", context, status=422 if form.is_bound else 200
        )
    try:
        made = founding.found(form.filled(), by=person(request), at=timezone.now()).organization
    except founding.NotYours as refusal:
        raise PermissionDenied(ELSEWHERE) from refusal
    scope.enter(made)  # so that what was just written gets its place in the audit trail
    return begin(request, made)


@require_http_methods(METHODS)
@allowed("organizations.found")
def organization_add(request: StaffRequest) -> HttpResponse:
    """A further organization, made by an admin of this one."""
    home = request.organization
    usual = {"base_currency": home.base_currency, "time_zone": home.time_zone}
    usual["country"] = home.address.get("country", "")
    form = NewOrganizationForm(request.POST or None, instance=unmade(), initial=usual)
    context = {"form": form, "back": home.url("settings"), "is_first": False, "founder": home}
    if request.method != "POST" or not form.is_valid():
        return render(
            request, "founding/organization_form.html", context, status=422 if form.is_bound else 200
        )
    staff = founding.found(form.filled(), by=request.user, at=timezone.now(), founder=home)
    return begin(request, staff.organization)


@require_http_methods(METHODS)
@allowed("settings")
def organization_edit(request: StaffRequest) -> HttpResponse:
    """The organization's own facts."""
    organization = copy(request.organization)  # the page around the form goes on with the facts as they are
    others = [place.organization for place in request.user.places()]
    form = OrganizationForm(request.POST or None, instance=organization, others=others)
    if request.method == "POST" and form.is_kept():
        messages.success(request, "Saved")
        return redirect(organization.url("settings"))
    status = 422 if form.errors else 200
    return render(request, "founding/organization_edit.html", {"form": form}, status=status)


def begin(request: HttpRequest, made: Organization) -> HttpResponse:
    """On to what comes next in an organization that was just made."""
    messages.success(request, f"{made.name} is there, and you are its admin")
    return redirect(made.url("begin"))
