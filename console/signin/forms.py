"""The forms of the door: allauth's own, with our words and labels."""

from typing import Any

from allauth.account import forms as account
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings as app
from allauth.mfa.base import forms as factors
from allauth.mfa.totp import forms as totp
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone

from console.organizations.factors import APP
from console.organizations.models import SignInEvent, User
from console.signin.adapters import WRONG_CODE
from console.signin.letters import send_letter
from console.wording import ModelForm, Worded

CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True, "class": "code"}
LENGTH = "At least 15 characters; a few words are easier to keep than signs."


class SignInForm(Worded, account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self.fields["login"], "Email address", autocomplete="username")
        dress(self.fields["password"], "Password")
        # After a refusal the emptied password is what to write again.
        self.fields["password" if self.is_bound else "login"].widget.attrs["autofocus"] = True
        self.fields["password"].help_text = ""


class ChangePasswordForm(Worded, account.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self.fields["oldpassword"], "Present password")
        self.fields["oldpassword"].help_text = ""
        new_password(self)


class ForgottenPasswordForm(Worded, account.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self.fields["email"], "Email address", autofocus=True)

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """A letter either way: who reads along learns neither from the page nor from its time whose address it is."""
        if self.users:
            return str(super().save(request, **kwargs))
        email: str = self.cleaned_data["email"]
        send_letter("account/email/unknown_account", email, {})
        return email


class NewPasswordForm(Worded, account.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        new_password(self)


class PasswordAgainForm(Worded, account.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self.fields["password"], "Password", autofocus=True)
        self.fields["password"].help_text = ""


class Noted:
    """Lets a code work once, and keeps that one was wrong, or that there were too many."""

    user: User

    def clean_code(self) -> str:
        try:
            code: str = unused(self, super().clean_code())  # type: ignore[misc]  # the form that it is mixed into has it
        except ValidationError as fault:
            what = SignInEvent.What
            is_locked = fault.code == "too_many_login_attempts"
            SignInEvent.note(self.user, what.LOCKED if is_locked else what.CODE, at=timezone.now())
            raise
        return code


class CodeForm(Noted, Worded, factors.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self.fields["code"], "Code", **CODE)


class CodeAgainForm(Noted, Worded, factors.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self.fields["code"], "Code", **CODE)


class ActivateForm(Worded, totp.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self.fields["code"], "Code of 6 digits", **CODE)

    def clean_code(self) -> str:
        code: str = super().clean_code()
        spend(self.user, code)
        return code


def unused(form: Any, code: str) -> str:
    """The code that was right, unless it is one of the app's that was used before. Raises ValidationError."""
    if form.authenticator.type == APP and not spend(form.user, code):
        raise ValidationError(WRONG_CODE)
    return code


def spend(user: User, code: str) -> bool:
    """Note that a code of the person's app is used; False when it was before.

    A code is good for its own half minute and, since clocks differ, for those around it. allauth remembers it for one
    only, so that it would work once more (RFC 6238, 5.2: never accepted a second time).
    """
    seconds = app.TOTP_PERIOD * (1 + 2 * app.TOTP_TOLERANCE)
    return bool(cache.add(f"code:{user.pk}:{normalize_user_code(code)}", 1, seconds))


def dress(field: forms.Field, label: str, **attributes: Any) -> None:
    """Our label, no placeholder in its stead."""
    field.label = label
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attributes)


def new_password(form: forms.Form) -> None:
    """The two fields of a password that is chosen."""
    dress(form.fields["password1"], "New password")
    dress(form.fields["password2"], "New password once more")
    form.fields["password1"].help_text = LENGTH


class ProfileForm(ModelForm):
    """What colleagues see, and the colours one works in."""

    class Meta:
        model = User
        fields = ["name", "theme"]
        labels = {"theme": "Colours"}


class NewcomerForm(ModelForm):
    """Who comes by an invitation: a name, and a password twice. The address is the invitation's."""

    password1 = account.SetPasswordField(label="Password")
    password2 = account.PasswordField(label="Password once more", autocomplete="new-password")

    class Meta:
        model = User
        fields = ["name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        if not self.is_bound:
            self.fields["name"].widget.attrs["autofocus"] = True
        dress(self.fields["name"], "Name", autocomplete="name")
        dress(self.fields["password1"], "Password")
        dress(self.fields["password2"], "Password once more")
        self.fields["password1"].help_text = LENGTH

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        first, second = said.get("password1"), said.get("password2")
        if first and second and first != second:
            self.add_error("password2", "The two passwords differ. Write both again.")
        elif first:
            self.check(first, said.get("name", ""))
        return said

    def check(self, password: str, name: str) -> None:
        """The rules of settings.AUTH_PASSWORD_VALIDATORS: length, common ones, likeness to the person."""
        try:
            email = self.cleaned_data.get("email", self.instance.email)
            validate_password(password, User(email=email, name=name))
        except ValidationError as fault:
            self.add_error("password1", fault)

    def save(self, commit: bool = True) -> User:
        user: User = super().save(commit=False)
        user.set_password(self.cleaned_data["password1"])
        user.save()
        return user
