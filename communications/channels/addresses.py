"""Where a webhook may go: out into the world, never into the house. Checked when saved and again when sent.

A name is resolved once, every answer is looked at, and the connection goes to exactly the address that was checked, so
that a name that changes its answer in between gains nothing.
"""

import ipaddress
from urllib.parse import urlsplit

from yarl import URL

PORTS = frozenset({443, 8443})
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# IPv6 that carries an IPv4 address inside, by which a private one could be reached: compatible, mapped, 6to4, Teredo,
# NAT64 (RFC 6052, RFC 8215), ISATAP is caught by its interface id.
CARRIERS = tuple(
    ipaddress.ip_network(network)
    for network in ("::/96", "::ffff:0:0/96", "2002::/16", "2001::/32", "64:ff9b::/96", "64:ff9b:1::/48")
)


class RefusedAddress(OSError):
    """We do not send there; the words say why."""


def check_url(url: str, *, allow_loopback: bool = False) -> None:
    """Raise RefusedAddress unless `url` is https on port 443 or 8443 of a public host. Does not resolve names.

    The host is the one that our HTTP client would connect to: it reads １２７.0.0.1 and 127。0。0。1 as 127.0.0.1.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        host = URL(url).host or ""
    except ValueError as error:
        raise RefusedAddress("This is not an address.") from error
    if not host or parts.scheme not in ("http", "https"):
        raise RefusedAddress("Write an address that begins with https://.")
    if parts.username or parts.password:
        raise RefusedAddress("Take name and password out of the address; the signature says who we are.")
    if allow_loopback and is_loopback(host):
        return
    if parts.scheme != "https" or port not in PORTS:
        raise RefusedAddress("Webhooks go by https to port 443 or 8443.")
    if address := literal(host):
        check_address(address, allow_loopback=allow_loopback)


def check_address(address: Address, *, allow_loopback: bool = False) -> None:
    """Raise RefusedAddress unless `address` is public (RFC 6890 and what hides IPv4 in IPv6)."""
    if allow_loopback and address.is_loopback:
        return
    hidden = isinstance(address, ipaddress.IPv6Address) and (
        any(address in carrier for carrier in CARRIERS)
        or int(address) >> 32 & 0xFFFFFFFF in (0x5EFE, 0x02005EFE)
    )
    if hidden or not address.is_global or address.is_multicast or address.is_reserved:
        raise RefusedAddress(
            f"{address} is inside a private network or set aside; webhooks go to public addresses."
        )


def literal(host: str) -> Address | None:
    """The address that `host` is, or None when it is a name."""
    try:
        return ipaddress.ip_address(host.split("%")[0])
    except ValueError:
        return None


def is_loopback(host: str) -> bool:
    address = literal(host)
    return host == "localhost" or bool(address and address.is_loopback)
