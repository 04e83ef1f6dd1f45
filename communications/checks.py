"""What must not be so in service."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.security, deploy=True)
def loopback_is_for_developers(app_configs: Any, **_: Any) -> list[Error]:
    """Webhooks that may reach this machine itself can be turned against it."""
    if not settings.WEBHOOK_ALLOW_LOOPBACK:
        return []
    hint = "Unset WEBHOOK_ALLOW_LOOPBACK: it lets webhooks reach services on this machine."
    return [Error("WEBHOOK_ALLOW_LOOPBACK is on.", hint=hint, id="communications.E001")]
