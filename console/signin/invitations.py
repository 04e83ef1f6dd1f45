"""Accepting an invitation: who reads the mail of the address chooses a password, or signs in, and is in."""

from allauth.account.internal.flows import login
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from console.organizations.models import Invitation, NotOpen, User
from console.signin.adapters import person
from console.signin.forms import NewcomerForm


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_not_required
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """What one is invited to, and the one thing that is left to do."""
    try:
        found = Invitation.objects.opened_by(token, at=timezone.now())
        known = User.objects.with_email(found.email)
        return welcomed(request, found) if known is None else recognized(request, found, known)
    except NotOpen:
        return render(request, "signin/invitation_gone.html", status=404)


def welcomed(request: HttpRequest, found: Invitation) -> HttpResponseBase:
    """Somebody new: a name and a password, then enrolment. Raises NotOpen."""
    form = NewcomerForm(request.POST or None, instance=User(email=User.objects.normalize_email(found.email)))
    if request.method != "POST" or not form.is_valid():
        context = {"invitation": found, "form": form, "known": None}
        return render(request, "signin/invitation.html", context, status=422 if form.is_bound else 200)
    with transaction.atomic():  # nobody gets an account by an invitation that was withdrawn meanwhile
        user = form.save()
        found.accept(user, at=timezone.now())
    if request.user.is_authenticated:
        login.get_adapter().logout(request)
    login.record_authentication(request, user, method="password", email=user.email)
    return login.perform_login(request, Login(user=user, redirect_url=found.organization.url("overview")))


def recognized(request: HttpRequest, found: Invitation, known: User) -> HttpResponse:
    """Somebody who has an account: they sign in to it, then press the button. Raises NotOpen."""
    if request.method == "POST" and request.user == known:
        found.accept(person(request), at=timezone.now())
        messages.success(request, f"You work at {found.organization.name} from now on")
        return redirect(found.organization.url("overview"))
    return render(request, "signin/invitation.html", {"invitation": found, "form": None, "known": known})
