"""The thread in which mail and webhooks travel: who keeps the books never waits for a slow stranger."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future
from types import TracebackType
from typing import Self, TypeVar

from communications.channels.call import Call
from communications.channels.email import MailRoom, MailServer
from communications.channels.letter import Letter
from communications.channels.outcome import Kind, Outcome
from communications.channels.webhook import Switchboard
from communications.fault_points import fault_point

Outgoing = Letter | Call
Result = TypeVar("Result")


class Wire:
    """An event loop of its own with the mail connections and the HTTP session. Use it as a context manager."""

    def __init__(self, server: MailServer, *, allow_loopback: bool) -> None:
        self.server = server
        self.allow_loopback = allow_loopback
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, name="wire", daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        self._call(self._open)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._call(self._close)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def send(self, several: Sequence[Outgoing]) -> "Future[list[Outcome]]":
        """Send all of them side by side; the outcomes come in the same order."""
        return asyncio.run_coroutine_threadsafe(self._send(several), self.loop)

    async def _send(self, several: Sequence[Outgoing]) -> list[Outcome]:
        return list(await asyncio.gather(*(self._one(each) for each in several)))

    async def _one(self, outgoing: Outgoing) -> Outcome:
        try:
            if isinstance(outgoing, Letter):
                return await self.mail.send(outgoing)
            return await self.http.send(outgoing)
        except Exception as error:
            # A fault of ours must not take the other letters of the group with it; nobody knows how far this one came.
            return Outcome(
                Kind.UNCERTAIN, f"a fault of ours while sending: {type(error).__name__}: {error}"[:300]
            )
        finally:
            fault_point("mid_group")

    async def _open(self) -> None:
        self.mail = MailRoom(self.server)
        self.http = Switchboard(allow_loopback=self.allow_loopback)

    async def _close(self) -> None:
        await self.mail.close()
        await self.http.close()

    def _call(self, work: Callable[[], Awaitable[Result]]) -> Result:
        async def awaited() -> Result:
            return await work()

        return asyncio.run_coroutine_threadsafe(awaited(), self.loop).result()
