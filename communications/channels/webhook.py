"""Webhooks by HTTP: signed, thin, never following where they are led."""

import asyncio
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp

from communications.channels.addresses import RefusedAddress, check_url
from communications.channels.call import Call
from communications.channels.outcome import Kind, Outcome, clean
from communications.channels.resolving import GuardedResolver
from communications.channels.signature import headers

SECONDS = 15.0
LARGEST_REPLY = 64 * 1024
LONGEST_WAIT = 24 * 60 * 60.0


class Switchboard:
    """The HTTP session of a dispatcher: no proxies, no cookies, no redirects, addresses checked and pinned."""

    def __init__(self, *, allow_loopback: bool) -> None:
        self.allow_loopback = allow_loopback
        self.session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=GuardedResolver(allow_loopback=allow_loopback),
                use_dns_cache=False,
                limit=0,
                limit_per_host=50,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=SECONDS),
            auto_decompress=False,
            trust_env=False,
        )

    async def send(self, call: Call) -> Outcome:
        """Post one webhook and say what the endpoint answered."""
        began = time.monotonic()
        try:
            check_url(call.url, allow_loopback=self.allow_loopback)
            signed = headers(call.identity, call.body, call.secrets, datetime.now(UTC))
            async with asyncio.timeout(SECONDS), self._post(call, signed) as response:
                answer = await read(response)
                return judged(response, answer, time.monotonic() - began)
        except RefusedAddress as refusal:
            return Outcome(Kind.DEFERRED, f"not sent: {refusal}"[:300])
        except TimeoutError:
            return Outcome(Kind.DEFERRED, f"no answer within {SECONDS:.0f} s")
        except (aiohttp.ClientError, OSError, ValueError) as failure:
            if isinstance(cause := failure.__cause__, RefusedAddress):
                return Outcome(Kind.DEFERRED, f"not sent: {cause}"[:300])
            return Outcome(Kind.DEFERRED, f"the endpoint can't be reached: {clean(str(failure))}"[:300])

    def _post(self, call: Call, signed: dict[str, str]) -> "aiohttp.client._RequestContextManager":
        sent = {**signed, "Content-Type": "application/json", "User-Agent": "Tranche-Webhooks/1"}
        return self.session.post(call.url, data=call.body, headers=sent, allow_redirects=False)

    async def close(self) -> None:
        """Close the connections."""
        await self.session.close()


async def read(response: aiohttp.ClientResponse) -> bytes:
    """The beginning of the reply, 64 kB at most; a reply that stays silent does not change what its status said."""
    pieces = b""
    try:
        async with asyncio.timeout(2):
            while len(pieces) < LARGEST_REPLY and (
                piece := await response.content.read(LARGEST_REPLY - len(pieces))
            ):
                pieces += piece
    except (TimeoutError, aiohttp.ClientError):
        pass
    if not response.content.at_eof():
        response.close()
    return pieces


def judged(response: aiohttp.ClientResponse, answer: bytes, seconds: float) -> Outcome:
    """2xx is success and nothing else is; 410 ends the endpoint; Retry-After is honoured."""
    code, words = response.status, clean(answer)
    said = f"HTTP {code}, {seconds:.1f} s"
    if 200 <= code < 300:
        return Outcome(Kind.SENT, f"accepted: {said}", code=code, answer=words)
    if code == 410:
        return Outcome(Kind.FAILED, f"{said}: the endpoint is gone", code=code, answer=words, is_gone=True)
    wait = retry_after(response.headers.get("Retry-After", ""), datetime.now(UTC))
    led = " leads elsewhere, which is never followed" if 300 <= code < 400 else ""
    return Outcome(Kind.DEFERRED, f"{said}{led}", code=code, answer=words, retry_after=wait)


def retry_after(value: str, now: datetime) -> float | None:
    """The seconds that a Retry-After header asks for (a number, or a date of RFC 9110), a day at most."""
    try:
        seconds = (
            float(value) if value.strip().isdigit() else (parsedate_to_datetime(value) - now).total_seconds()
        )
    except (ValueError, TypeError):
        return None
    return min(max(seconds, 0.0), LONGEST_WAIT)
