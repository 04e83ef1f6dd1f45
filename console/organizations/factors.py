"""A person's second factors: one of the few look-ups that come before an organization is known."""

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from console.organizations.models import User

PASSKEY, APP, CODES = Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES


def factors_of(user: User) -> QuerySet[Authenticator]:
    """The person's factors, passkeys by age."""
    return Authenticator.objects.filter(user=user).order_by("created_at", "pk")


def kinds_of(user: User) -> set[str]:
    """Which kinds of factor the person has."""
    return set(factors_of(user).values_list("type", flat=True))


def is_spare(factor: Authenticator) -> bool:
    """Whether its owner has another passkey or app."""
    return factors_of(factor.user).exclude(pk=factor.pk).exclude(type=CODES).exists()
