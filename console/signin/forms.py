"""The forms of the door: allauth's own, with our words and labels."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as factors
from allauth.mfa.totp import forms as totp
from django import forms

from console.organizations.models import User
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


class NewPasswordForm(Worded, account.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        new_password(self)


class PasswordAgainForm(Worded, account.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self.fields["password"], "Password", autofocus=True)
        self.fields["password"].help_text = ""


class CodeForm(Worded, factors.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self.fields["code"], "Code", **CODE)


class CodeAgainForm(Worded, factors.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self.fields["code"], "Code", **CODE)


class ActivateForm(Worded, totp.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self.fields["code"], "Code of 6 digits", **CODE)


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
