"""Who comes in: whose session has proved a second factor and is not over. Everybody else is led to what lacks."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import auth, messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from console.organizations import proof
from console.organizations.factors import kinds_of
from console.organizations.leading import lead, lead_to_passkey
from console.organizations.models import SignInEvent
from console.organizations.sessions import note_seen
from console.signin.adapters import person

# A page that asks by itself, again and again or once it is there, says so: static/js/requests.js.
UNATTENDED = "Unattended"
PROVING = {"account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "account_logout"}
ENROLLING = {"enrol", "mfa_activate_totp", "mfa_add_webauthn"}
AWAY = "You were away for a while, so you were signed out. What you built is kept."


class SignedInMiddleware(LoginRequiredMiddleware):
    """Instead of Django's own. A view marked @login_not_required is for all; a session that is over ends there too."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        at = timezone.now()
        if request.user.is_authenticated and proof.is_over(request.session, at=at):
            SignInEvent.note(person(request), SignInEvent.What.AWAY, at=at)
            auth.logout(request)
            messages.info(request, AWAY)
        if not getattr(view_func, "login_required", True):
            return None
        if not request.user.is_authenticated:
            return lead(request, "account_login", and_back=True)
        if UNATTENDED not in request.headers:
            note(request, at=at)
        return ask_more(request)


def note(request: HttpRequest, *, at: datetime) -> None:
    """Keep that the person did something, for the limit of idleness and for the list of sessions."""
    if proof.note(request.session, at=at):
        note_seen(request.session.session_key, at=at)


def ask_more(request: HttpRequest) -> HttpResponseBase | None:
    """Lead to the proof that the session still lacks: enrolment where there is nothing to prove, else the factor."""
    match = request.resolver_match
    if match is None or match.url_name in PROVING:
        return None
    if not proof.factors(request.session):
        has_any = bool(kinds_of(person(request)))
        if has_any or match.url_name not in ENROLLING:
            return lead(request, "mfa_reauthenticate" if has_any else "enrol", and_back=True)
    if "admin" in match.app_names and not proof.has_passkey(request.session):
        return lead_to_passkey(request)
    return None
