"""Second factors for tests: an app that shows codes, a passkey that was registered."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value

from console.organizations.factors import PASSKEY
from console.organizations.models import User
from console.organizations.sealing import unseal
from tests.factories import PASSWORD


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    return user


def an_app(user: User) -> Authenticator:
    return TOTP.activate(user, generate_totp_secret()).instance


def code_of(app: Authenticator) -> str:
    """What the person's app shows now."""
    return code_for(unseal(app.data["secret"]))


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def a_passkey(user: User) -> Authenticator:
    return Authenticator.objects.create(user=user, type=PASSKEY, data={"name": "Key", "credential": {}})
