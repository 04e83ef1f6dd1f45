"""The letter that invites."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from console.organizations.models import Invitation

log = logging.getLogger(__name__)


def send_invitation(invitation: Invitation, token: str) -> bool:
    """Send it; False when the mail server did not take it, which the log explains."""
    link = settings.PUBLIC_URL + reverse("invitation", args=[token])
    body = render_to_string("staff/invitation.txt", {"invitation": invitation, "link": link})
    subject = f"Your invitation to {invitation.organization.name}"
    try:
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [invitation.email])
    except (OSError, SMTPException):
        log.exception("An invitation was not sent")
        return False
    return True
