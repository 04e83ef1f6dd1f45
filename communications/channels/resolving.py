"""Names become addresses here, once, and only addresses that were checked are connected to."""

import asyncio
import ipaddress
import socket
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

from communications.channels.addresses import check_address


class GuardedResolver(AbstractResolver):
    """Resolves by the system and refuses a name as soon as one of its addresses is not public."""

    def __init__(self, *, allow_loopback: bool) -> None:
        self.allow_loopback = allow_loopback

    async def resolve(self, host: str, port: int = 0, family: Any = socket.AF_UNSPEC) -> list[ResolveResult]:
        """The checked addresses of `host`. Raises RefusedAddress, OSError."""
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
        for *_, where in found:
            check_address(
                ipaddress.ip_address(str(where[0]).split("%")[0]), allow_loopback=self.allow_loopback
            )
        flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
        return [
            ResolveResult(hostname=host, host=str(where[0]), port=port, family=kind, proto=proto, flags=flags)
            for kind, _, proto, _, where in found
        ]

    async def close(self) -> None:
        """Nothing is kept."""
