"""Email by SMTP over a few connections that are used again and again."""

import asyncio
import re
import time
from dataclasses import dataclass
from typing import Any

import aiosmtplib
from aiosmtplib import SMTP, SMTPResponseException

from communications.channels.letter import Letter, Unsendable, mailbox
from communications.channels.outcome import Kind, Outcome, clean
from communications.models import Suppression

CONNECTIONS = 10
SECONDS = 30.0


@dataclass(frozen=True)
class MailServer:
    """Where mail leaves the house. With `start_tls` a server that can't encrypt gets nothing."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    use_tls: bool = False
    start_tls: bool = False

    @classmethod
    def of(cls, settings: Any) -> "MailServer":
        """The one that Django's EMAIL_… settings name."""
        return cls(
            host=settings.EMAIL_HOST,
            port=settings.EMAIL_PORT,
            user=settings.EMAIL_HOST_USER,
            password=settings.EMAIL_HOST_PASSWORD,
            use_tls=settings.EMAIL_USE_SSL,
            start_tls=settings.EMAIL_USE_TLS,
        )

    def client(self) -> SMTP:
        return SMTP(
            hostname=self.host,
            port=self.port,
            username=self.user or None,
            password=self.password or None,
            use_tls=self.use_tls,
            start_tls=self.start_tls,
            timeout=SECONDS,
        )


class MailRoom:
    """The connections. `send` waits for a free one; each try on it ends within 30 seconds."""

    def __init__(self, server: MailServer, connections: int = CONNECTIONS) -> None:
        self.server = server
        self.free: asyncio.Queue[SMTP | None] = asyncio.Queue()
        for _ in range(connections):
            self.free.put_nowait(None)

    async def send(self, letter: Letter) -> Outcome:
        """Hand one letter to the mail server and say what it answered."""
        try:
            body, sender, recipient = letter.build(), mailbox(letter.sender_address), mailbox(letter.address)
        except Unsendable as fault:
            return Outcome(Kind.FAILED, str(fault))
        client = await self.free.get()
        dialogue = Dialogue(self.server, client)
        try:
            return await dialogue.run(sender.addr_spec, recipient.addr_spec, body)
        finally:
            self.free.put_nowait(dialogue.client)

    async def close(self) -> None:
        """Say goodbye on every connection that is free."""
        while not self.free.empty():
            if client := self.free.get_nowait():
                try:
                    async with asyncio.timeout(2):
                        await client.quit()
                except (aiosmtplib.SMTPException, OSError, TimeoutError):
                    client.close()


class Dialogue:
    """One letter over one connection: what was said last decides what a failure means."""

    def __init__(self, server: MailServer, client: SMTP | None) -> None:
        self.server = server
        self.client = client
        self.step = "connecting"

    async def run(self, sender: str, recipient: str, body: bytes) -> Outcome:
        """Connect if need be, then MAIL, RCPT, DATA."""
        began = time.monotonic()
        try:
            async with asyncio.timeout(SECONDS):
                reply = await self._talk(sender, recipient, body)
        except SMTPResponseException as refusal:
            await self._after_refusal(refusal.code)
            return refused(self.step, refusal.code, refusal.message)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as failure:
            self._drop()
            return broken(self.step, failure)
        return Outcome(
            Kind.SENT,
            f"accepted by {self.server.host}, {time.monotonic() - began:.1f} s",
            code=reply.code,
            answer=clean(reply.message),
        )

    async def _talk(self, sender: str, recipient: str, body: bytes) -> aiosmtplib.SMTPResponse:
        client = await self._greeted(sender)
        self.step = "RCPT"
        await client.rcpt(recipient)
        self.step = "DATA"
        return await client.data(body)

    async def _greeted(self, sender: str) -> SMTP:
        """A connection on which MAIL was accepted. One that was used before may have been closed: then a new one."""
        if self.client is not None and self.client.is_connected:
            try:
                self.step = "MAIL"
                await self.client.mail(sender)
                return self.client
            except (aiosmtplib.SMTPServerDisconnected, ConnectionError):
                self._drop()
            except SMTPResponseException as refusal:
                if refusal.code != 421:
                    raise
                self._drop()
        self.step = "connecting"
        self.client = self.server.client()
        await self.client.connect()
        self.step = "MAIL"
        await self.client.mail(sender)
        return self.client

    async def _after_refusal(self, code: int) -> None:
        """Make the connection fit for the next letter, or drop it."""
        if self.client is None or code == 421 or self.step == "connecting":
            return self._drop()
        try:
            async with asyncio.timeout(5):
                await self.client.rset()
        except (aiosmtplib.SMTPException, OSError, TimeoutError):
            self._drop()
        return None

    def _drop(self) -> None:
        if self.client is not None:
            self.client.close()
        self.client = None


def refused(step: str, code: int, message: str) -> Outcome:
    """What a refusal means. 4xx: later. Before MAIL the server means us, not the letter: later too.

    5xx at RCPT, or with an enhanced status 5.1.x, is about the address, which then gets nothing more (5.7.x is policy).
    """
    words = clean(f"{code} {message}")
    if code < 500 or step == "connecting":
        where = "the mail server refused us" if step == "connecting" else "put off by the mail server"
        return Outcome(Kind.DEFERRED, f"{where}: {words}"[:300], code=code, answer=words)
    status = re.match(r"5\.(\d+)\.\d+", message.strip())
    subject = status[1] if status else ""
    if subject == "1" or (step == "RCPT" and subject != "7"):
        note = f"{words[:260]}; address suppressed"
        return Outcome(Kind.FAILED, note, code=code, answer=words, suppress=Suppression.Reason.BOUNCED)
    return Outcome(Kind.FAILED, words[:300], code=code, answer=words)


def broken(step: str, failure: BaseException) -> Outcome:
    """What a lost connection or a silence means: after DATA nobody knows, before it nothing left."""
    words = clean(str(failure) or type(failure).__name__)
    if step == "DATA":
        note = "the connection broke after the letter was handed over; waits for a person"
        return Outcome(Kind.UNCERTAIN, note, answer=words)
    silence = isinstance(failure, TimeoutError)
    what = f"no answer within {SECONDS:.0f} s" if silence else "the mail server can't be reached"
    return Outcome(Kind.DEFERRED, f"{what} ({step}): {words}"[:300], answer=words)
