"""How django-allauth is told to work here. What a bank may change are variables, in console/settings.py."""

from typing import Any


def signin_options(*, is_https: bool, fresh_seconds: int) -> dict[str, Any]:
    """Its settings by name."""
    return {
        "ACCOUNT_ADAPTER": "console.signin.adapters.AccountAdapter",
        "ACCOUNT_EMAIL_NOTIFICATIONS": True,
        "ACCOUNT_EMAIL_SUBJECT_PREFIX": "",
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_FORMS": {
            "login": "console.signin.forms.SignInForm",
            "change_password": "console.signin.forms.ChangePasswordForm",
            "reset_password": "console.signin.forms.ForgottenPasswordForm",
            "reset_password_from_key": "console.signin.forms.NewPasswordForm",
            "reauthenticate": "console.signin.forms.PasswordAgainForm",
        },
        "ACCOUNT_LOGIN_METHODS": {"email"},
        "ACCOUNT_LOGIN_ON_PASSWORD_RESET": True,
        # Ten wrong passwords or codes lock an account for half an hour. An address has more: many people share one.
        "ACCOUNT_RATE_LIMITS": {"login_failed": "60/30m/ip,10/30m/key", "login": "600/30m/ip"},
        "ACCOUNT_REAUTHENTICATION_TIMEOUT": fresh_seconds,
        "ACCOUNT_SESSION_REMEMBER": False,
        "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*"],
        "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
        "MFA_ADAPTER": "console.signin.adapters.FactorAdapter",
        "MFA_FORMS": {
            "authenticate": "console.signin.forms.CodeForm",
            "reauthenticate": "console.signin.forms.CodeAgainForm",
            "activate_totp": "console.signin.forms.ActivateForm",
        },
        "MFA_PASSKEY_LOGIN_ENABLED": True,
        "MFA_RECOVERY_CODES_SHOW_ONCE": True,
        "MFA_SUPPORTED_TYPES": ["webauthn", "totp", "recovery_codes"],
        "MFA_TOTP_ISSUER": "Tranche",
        "MFA_TOTP_TOLERANCE": 1,
        # Over plain HTTP, which a browser lets passkeys only on localhost do.
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": not is_https,
        "MFA_WEBAUTHN_USER_VERIFICATION": "required",
        "USERSESSIONS_TRACK_ACTIVITY": False,
    }
