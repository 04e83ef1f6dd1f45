"""What django-allauth asks us: who may do what at the door, in which words, and how secrets are kept."""

from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from console.organizations import proof
from console.organizations.callers import address_of
from console.organizations.factors import is_spare
from console.organizations.models import SignInEvent, User
from console.organizations.sealing import seal, unseal
from console.signin.letters import send_letter

MISFIT = "This email address and this password don’t fit together. Capital letters in the password count."
LOCKED = "10 tries failed, so signing in is locked for 30 minutes. Wait, or set a new password by email."
WRONG_CODE = "This code is not right. A code of the app lasts 30 seconds and works once."
LAST_FACTOR = "This is your last factor. Add another one first."
# What is said when something was done; of the rest allauth would say, the page itself tells.
DONE = {
    "account/messages/password_changed.txt": "Your password is changed. All your other sessions have ended.",
    "mfa/messages/totp_activated.txt": "The app is added",
    "mfa/messages/totp_deactivated.txt": "The app is removed",
    "mfa/messages/webauthn_added.txt": "The passkey is added",
    "mfa/messages/webauthn_removed.txt": "The passkey is removed",
    "usersessions/messages/sessions_logged_out.txt": "All other sessions have ended",
}


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: people are invited."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": MISFIT,
        "too_many_login_attempts": LOCKED,
        "incorrect_password": "This is not your password. Capital letters count.",
        "enter_current_password": "This is not your present password. Capital letters count.",
        "incorrect_code": WRONG_CODE,
        "rate_limited": LOCKED,
        "invalid_password_reset": "This link was used already, or is too old. Ask for another one.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Of whom tries are counted and in whose session it stands. Raises PermissionDenied where nobody knows."""
        address = address_of(request)
        if not address:
            raise PermissionDenied("The address of the caller is not known.")
        return address

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse who failed too often, and keep that it came so far."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            SignInEvent.note(named(credentials), SignInEvent.What.LOCKED, at=timezone.now())
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        SignInEvent.note(named(credentials), SignInEvent.What.PASSWORD, at=timezone.now())

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Any proof counts that is fresh, the sign-in itself too."""
        return not proof.is_fresh(context.request.session, at=timezone.now())

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        words = message or DONE.get(message_template or "")
        if words:
            messages.add_message(request, level, words, extra_tags=extra_tags)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """An account has one count of tries, by whatever name of this host and in whatever letters it is asked for.

        allauth would count by the Host header, whose port anybody can choose. Upper case first: the database compares
        addresses so, and takes a dotless i or a long s for the letters that they look like.
        """
        return str(credentials.get("email", "")).strip().upper().casefold()

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link of a letter leads to our own address, whatever the Host header said of whoever asked for it."""
        return settings.PUBLIC_URL + reverse("account_reset_password_from_key", args=key.split("-", 1))

    def set_password(self, user: Any, password: str) -> None:
        """A new password opens an account that wrong ones had locked."""
        super().set_password(user, password)
        self._delete_login_attempts_cached_email(context.request, email=user.email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        send_letter(template_prefix, email, context)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        messages.error(request, MISFIT)
        return redirect("account_login")


class FactorAdapter(DefaultMFAAdapter):
    """Second factors: their secrets lie sealed in the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "cannot_delete_authenticator": LAST_FACTOR,
    }

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Not the last one: without it the next sign-in would have to begin anew."""
        return is_spare(authenticator)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return "Passkey"

    def _get_site_name(self) -> str:
        return "Tranche"


def named(credentials: dict[str, Any]) -> User | None:
    """Whom somebody says they are; None where nobody has that address."""
    return User.objects.with_email(credentials.get("email") or "")


def person(request: HttpRequest) -> User:
    """The person who is signed in."""
    return cast(User, request.user)
