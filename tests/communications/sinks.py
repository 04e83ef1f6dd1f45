"""A mail server and a webhook receiver in the test's own process: real sockets, answers as the test wants them."""

import asyncio
import email
import socket
import threading
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from typing import Any, TypeVar

from aiohttp import web
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

Result = TypeVar("Result")
Refuse = Callable[[str, str], str | None]


class MailSink:
    """Keeps every letter. `refuse(verb, address)` may answer RCPT or DATA with a refusal instead."""

    def __init__(self, refuse: Refuse | None = None, *, keeps: bool = True) -> None:
        self.letters: list[EmailMessage] = []
        self.arrivals: Counter[str] = Counter()
        self.sessions = 0
        self.refuse = refuse or (lambda verb, address: None)
        self.keeps = keeps
        for verb in ("EHLO", "RCPT", "DATA"):  # the names by which aiosmtpd calls
            setattr(self, f"handle_{verb}", getattr(self, verb.lower()))

    async def ehlo(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.sessions += 1
        return responses

    async def rcpt(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if refusal := self.refuse("RCPT", address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def data(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if refusal := self.refuse("DATA", envelope.rcpt_tos[0]):
            return refusal
        content = envelope.content
        assert isinstance(content, bytes)
        head = content[: content.index(b"\r\n\r\n")].decode()
        identity = next(line for line in head.splitlines() if line.lower().startswith("message-id:"))
        self.arrivals[identity.split("<")[1].split("@")[0]] += 1
        if self.keeps:
            letter = email.message_from_bytes(content, policy=default)
            assert isinstance(letter, EmailMessage)
            self.letters.append(letter)
        return "250 taken"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def mail_server(sink: MailSink, **options: Any) -> Iterator[int]:
    """Run `sink` as a mail server; yields its port."""
    port = free_port()
    controller = Controller(sink, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


class HookSink:
    """Keeps every webhook: headers and body. `answer` makes the response."""

    def __init__(self, answer: Callable[[web.Request], Any] | None = None) -> None:
        self.calls: list[tuple[dict[str, str], bytes]] = []
        self.answer = answer or (lambda request: web.Response(text="ok"))
        self.url = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.calls.append(
            ({name.lower(): value for name, value in request.headers.items()}, await request.read())
        )
        answer = self.answer(request)
        response: web.StreamResponse = await answer if asyncio.iscoroutine(answer) else answer
        return response


@contextmanager
def loop_in_thread() -> Iterator[asyncio.AbstractEventLoop]:
    """An event loop that runs beside the test and is closed after it, with everything in it."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def end() -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    try:
        yield loop
    finally:
        asyncio.run_coroutine_threadsafe(end(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def apart(work: Coroutine[Any, Any, Result]) -> Result:
    """Run `work` in a loop of its own beside the test, in whose thread a browser may have one already."""
    with loop_in_thread() as loop:
        return asyncio.run_coroutine_threadsafe(work, loop).result()


@contextmanager
def hook_server(sink: HookSink) -> Iterator[HookSink]:
    """Run `sink` as an HTTP server on loopback; its address stands in `sink.url`."""

    async def begin() -> web.AppRunner:
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", sink.handle)
        runner = web.AppRunner(application, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        sink.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        return runner

    with loop_in_thread() as loop:
        runner = asyncio.run_coroutine_threadsafe(begin(), loop).result()
        try:
            yield sink
        finally:
            asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result()


@contextmanager
def raw_server(talk: Callable[[asyncio.StreamWriter], Any]) -> Iterator[int]:
    """A server that writes whatever `talk(writer)` writes; yields its port."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(writer)
        except ConnectionError:
            pass
        finally:
            writer.close()

    async def begin() -> asyncio.Server:
        return await asyncio.start_server(handle, "127.0.0.1", 0)

    with loop_in_thread() as loop:
        server = asyncio.run_coroutine_threadsafe(begin(), loop).result()
        yield server.sockets[0].getsockname()[1]
        loop.call_soon_threadsafe(server.close)


def recipient(letter: EmailMessage) -> str:
    """The address that a letter is for."""
    return str(letter["To"].addresses[0].addr_spec)


def body(letter: EmailMessage, kind: str) -> str:
    """The "plain" or "html" part of a letter."""
    part = letter.get_body((kind,))
    assert part is not None
    return str(part.get_content())
