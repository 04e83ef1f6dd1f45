"""The way in: the demo's one click, the first factor, proof once more for what is sensitive, the way out."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows import login, logout
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.base.views import ReauthenticateView as CodeAgainView
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.views import AddWebAuthnView, ReauthenticateWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse_lazy
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from console.demo import bank
from console.organizations import founding, proof
from console.organizations.factors import APP, CODES, PASSKEY, is_spare, kinds_of
from console.organizations.leading import WAITING, lead_to_passkey
from console.organizations.models import SignInEvent, User
from console.signin.adapters import LAST_FACTOR, person

AFTERWARDS = "page after the codes"
OTHERWISE = {
    "reauthenticate": "Use your password",
    "mfa_reauthenticate": "Use a code of your app, or a recovery code",
    "mfa_reauthenticate:webauthn": "Use your passkey",
}
LOST = "It is lost: use a recovery code, then add another passkey"
CLEARED = '"cache", "cookies", "storage"'


@require_POST
@login_not_required
def demo_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Come in as one of the demo bank's people, on a demonstration only: the button stands for password and passkey."""
    user = bank.user_at_the_door(request.POST.get("email", ""))
    if user is None:
        raise Http404("There are no such people here.")
    login.record_authentication(request, user, method="mfa", type=PASSKEY, passwordless=True)
    return login.perform_login(request, Login(user=user, redirect_url=get_next_redirect_url(request)))


@require_POST
@login_not_required
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, and let the browser forget what it kept of it."""
    if request.user.is_authenticated:
        SignInEvent.note(person(request), SignInEvent.What.OUT, at=timezone.now())
    logout.logout(request)
    response = redirect("account_login")
    response.headers["Clear-Site-Data"] = CLEARED
    return response


@require_safe
def enrol(request: HttpRequest) -> HttpResponse:
    """The first sign-in: choose what to prove oneself with from now on."""
    if kinds_of(person(request)):
        return redirect(onward(request))
    context = {"next": onward(request), "needs_passkey": needs_passkey(person(request))}
    return render(request, "signin/enrol.html", context)


@require_safe
def send_again(request: HttpRequest) -> HttpResponse:
    """The form that waited while its sender proved who they are: shown with a button, so nothing is sent unseen."""
    waiting = request.session.pop(WAITING, None)
    if waiting is None:
        return redirect("home")
    form = QueryDict(waiting["form"])
    fields = [(name, value) for name in form for value in form.getlist(name) if name != "csrfmiddlewaretoken"]
    return render(
        request,
        "signin/send_again.html",
        {"path": waiting["path"], "back": waiting["back"], "fields": fields},
    )


@require_safe
def codes_kept(request: HttpRequest) -> HttpResponse:
    """Go on to where the person wanted to be before they got recovery codes."""
    return redirect(request.session.pop(AFTERWARDS, None) or "mfa_index")


class Factor(AuthenticateView):
    """The second factor, after the password."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "kinds": kinds_of(self.stage.login.user)}


class Again:
    """What the three ways to prove oneself anew share: one page."""

    request: HttpRequest
    template_name = "signin/again.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]  # the view that it is mixed into has it
        options = context.get("js_data", {}).get("request_options")
        others = [(one["url"], OTHERWISE[one["id"]]) for one in context["reauthentication_alternatives"]]
        return {**context, "options": options, "alternatives": others}


class PasswordAgain(Again, ReauthenticateView):
    pass


class CodeAgain(Again, CodeAgainView):
    pass


class PasskeyAgain(Again, ReauthenticateWebAuthnView):
    """Whose role needs the passkey is offered nothing that would not do instead, but a way out where it is lost."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        user = person(self.request)
        if needs_passkey(user):
            way_out = f"{resolve_url('mfa_reauthenticate')}?{urlencode({'next': resolve_url('mfa_index')})}"
            context["alternatives"] = [(way_out, LOST)] if CODES in kinds_of(user) else []
        return context


class Firm:
    """Whoever has a passkey changes their factors only after proving it, or a recovery code.

    Else a password and an app that were talked out of somebody would be enough to become a checker: by a passkey more,
    by one less, or by fresh recovery codes.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        has_proved = proof.factors(request.session) & {PASSKEY, CODES}
        if not has_proved and PASSKEY in kinds_of(person(request)):
            return lead_to_passkey(request)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # the view that it is mixed into has it
        return response


class AddApp(Firm, ActivateTOTPView):
    """Add the authenticator app; the code that shows it works is its first proof."""

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        proof.record(self.request.session, APP)
        return response

    def get_success_url(self) -> str:
        return after_adding(self.request, has_codes=self.did_generate_recovery_codes)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "next": onward(self.request)}


class RemoveApp(Firm, DeactivateTOTPView):
    pass


class NewCodes(Firm, GenerateRecoveryCodesView):
    pass


class RemovePasskey(Firm, RemoveWebAuthnView):
    """Remove a passkey, unless it is the last factor."""

    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        if not is_spare(self.object):
            messages.error(self.request, LAST_FACTOR)
            return redirect(self.success_url)
        return super().form_valid(form)


class AddPasskey(Firm, AddWebAuthnView):
    """Add a passkey that names its owner by itself and asks for a finger, a face or a PIN."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Who was led here although the demo's button has just stood for their passkey goes on."""
        is_offered = bank.user_at_the_door(person(request).email) is not None
        is_proven = is_offered and proof.is_fresh(request.session, at=timezone.now(), by_passkey=True)
        if is_proven and (wanted := get_next_redirect_url(request)):
            return redirect(wanted)
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        proof.record(self.request.session, PASSKEY)
        return response

    def get_success_url(self) -> str:
        return after_adding(self.request, has_codes=self.did_generate_recovery_codes)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        options = webauthn.begin_registration(person(self.request), passwordless=True)
        needs = needs_passkey(person(self.request)) and not proof.has_passkey(self.request.session)
        led = {"is_led": get_next_redirect_url(self.request) is not None, "next": onward(self.request)}
        return {**context, **led, "options": options, "needs_passkey": needs}


def needs_passkey(user: User) -> bool:
    """Whether a passkey is asked of the person anywhere: also of who is about to make the first organization."""
    return founding.is_new() or any(proof.needs_passkey(user, staff) for staff in [None, *user.places()])


def after_adding(request: HttpRequest, *, has_codes: bool) -> str:
    """Recovery codes come first, shown once; then on to where the person wanted to go."""
    if not has_codes:
        return onward(request, default="mfa_index")
    request.session[AFTERWARDS] = onward(request)
    return resolve_url("mfa_view_recovery_codes")


def onward(request: HttpRequest, default: str = "home") -> str:
    """Where the person wanted to go, as `next` says; of our own pages only, by their path."""
    wanted = get_next_redirect_url(request) or ""
    return wanted if wanted.startswith("/") else resolve_url(default)
