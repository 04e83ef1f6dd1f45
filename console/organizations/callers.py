"""Where a request comes from: one answer for limits, sessions, keys, logs and the audit trail."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The caller's address; "" where the server knows none, as behind a socket of the machine.

    Each proxy writes at the end of X-Forwarded-For who spoke to it. So with settings.PROXY_COUNT proxies of ours the
    caller stands so many places from the end; what stands before it anybody can have made up. A request with fewer
    came past them, and is from who spoke to us.
    """
    spoke = request.META.get("REMOTE_ADDR", "")
    passed = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if settings.PROXY_COUNT and len(passed) >= settings.PROXY_COUNT:
        return _read(passed[-settings.PROXY_COUNT]) or _read(spoke)
    return _read(spoke)


def _read(text: str) -> str:
    """The address in 10.0.0.7, 10.0.0.7:443 or [2001:db8::7]:443, as proxies write it; "" if there is none."""
    host = text.strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        return str(ip_address(host))
    except ValueError:
        return ""
