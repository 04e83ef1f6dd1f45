"""The letters of the door: what changed in somebody's account, and the link to a new password."""

import logging
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import send_mail

log = logging.getLogger(__name__)
ENTRY = "account/email/"
# By the names that allauth gives them: subject, and what to say.
LETTERS = {
    ENTRY + "password_reset_key": (
        "Set a new password",
        (
            "Somebody asked to set a new password for your account. This link works for an hour, once:\n\n"
            "{password_reset_url}\n\nYou did not ask? Then do nothing; your password stays as it is."
        ),
    ),
    ENTRY + "unknown_account": (
        "Set a new password",
        (
            "Somebody asked to set a new password for this address, which nobody has here. If it was you, try another "
            "address of yours, or ask an admin of your organization to invite you. Else do nothing."
        ),
    ),
    ENTRY + "password_changed": ("Your password was changed", "Your password was changed."),
    ENTRY + "password_reset": ("Your password was changed", "A new password was set by a link in a letter."),
    "mfa/email/totp_activated": ("An app was added", "An authenticator app was added to your account."),
    "mfa/email/totp_deactivated": (
        "An app was removed",
        "The authenticator app was removed from your account.",
    ),
    "mfa/email/webauthn_added": ("A passkey was added", "A passkey was added to your account."),
    "mfa/email/webauthn_removed": ("A passkey was removed", "A passkey was removed from your account."),
    "mfa/email/recovery_codes_generated": (
        "New recovery codes",
        "New recovery codes were made for your account. The old ones stopped working.",
    ),
}
FROM = "\n\nIt was done from {ip} with {user_agent}."
NOT_YOU = "\n\nIt was not you? Set a new password at once, and tell an admin of your organization."


def send_letter(name: str, email: str, context: dict[str, Any]) -> None:
    """Send one of LETTERS. A mail server that does not take it is written in the log: nobody is kept from their work.

    Raises KeyError for a name that is not there.
    """
    subject, text = LETTERS[name]
    if "ip" in context:
        text += FROM + NOT_YOU
    try:
        send_mail(f"{subject} · Tranche", text.format(**context), settings.DEFAULT_FROM_EMAIL, [email])
    except (OSError, SMTPException):
        log.exception("A letter was not sent: %s", subject)
