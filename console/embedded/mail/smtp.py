"""As much SMTP as a sender on the same machine needs (RFC 5321; PIPELINING, 8BITMIME, SMTPUTF8, SIZE), and fast."""

import asyncio
import re
from collections.abc import Callable
from typing import cast

LONGEST_LINE = 4096
LARGEST_MESSAGE = 25 * 1024 * 1024
END_OF_DATA = b"\r\n.\r\n"
PATH = re.compile(rb"^(?:FROM|TO):\s*<([^<>]*)>", re.IGNORECASE)
GREETING = (
    b"250-mail catcher\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE %d\r\n" % LARGEST_MESSAGE
)

# Keeps a message and calls back when it is kept: (sender, recipients, raw, kept).
Keep = Callable[[str, list[str], bytes, Callable[[], None]], None]


class Session(asyncio.Protocol):
    """One connection. Commands are answered in order; while a message is being kept the next ones wait."""

    def __init__(self, keep: Keep) -> None:
        self.keep = keep
        self.buffer = bytearray()
        self.sender: str | None = None
        self.recipients: list[str] = []
        self.is_reading_data = False
        self.is_keeping = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        self.transport = cast(asyncio.Transport, transport)
        self.transport.write(b"220 mail catcher\r\n")

    def data_received(self, data: bytes) -> None:
        """Take what came and do what is complete."""
        searched = max(0, len(self.buffer) - len(END_OF_DATA))
        self.buffer += data
        self._advance(searched)

    def _advance(self, searched: int = 0) -> None:
        while not self.is_keeping and not self.transport.is_closing():
            done = self._take_data(searched) if self.is_reading_data else self._take_line()
            searched = 0
            if not done:
                return

    def _take_line(self) -> bool:
        end = self.buffer.find(b"\r\n")
        if end < 0:
            if len(self.buffer) > LONGEST_LINE:
                self._reply(b"500 Line too long")
                self.transport.close()
            return False
        line = bytes(self.buffer[:end])
        del self.buffer[: end + 2]
        verb, _, rest = line.partition(b" ")
        answer = self.VERBS.get(verb.upper())
        self._reply(answer(self, rest) if answer else b"502 Not known here")
        return True

    def _take_data(self, searched: int) -> bool:
        end = self.buffer.find(END_OF_DATA, searched)
        if end < 0:
            if len(self.buffer) > LARGEST_MESSAGE + len(END_OF_DATA):
                self._reply(b"552 Message too large")
                self.transport.close()
            return False
        raw = bytes(self.buffer[: end + 2]).replace(b"\r\n..", b"\r\n.")[2:]
        del self.buffer[: end + len(END_OF_DATA)]
        self.is_reading_data, self.is_keeping = False, True
        sender, recipients = self.sender or "", self.recipients
        self._reset()
        self.keep(sender, recipients, raw, self._kept)
        return True

    def _kept(self) -> None:
        self.is_keeping = False
        self._reply(b"250 Kept")
        self._advance()

    def _reply(self, answer: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(answer if answer.endswith(b"\r\n") else answer + b"\r\n")

    def _reset(self) -> None:
        self.sender, self.recipients = None, []

    def _helo(self, rest: bytes) -> bytes:
        self._reset()
        return b"250 mail catcher"

    def _ehlo(self, rest: bytes) -> bytes:
        self._reset()
        return GREETING

    def _mail(self, rest: bytes) -> bytes:
        found = PATH.match(rest)
        if not found:
            return b"501 MAIL FROM:<address>"
        if self.sender is not None:
            return b"503 One message at a time"
        self.sender = found[1].decode(errors="replace")
        return b"250 OK"

    def _rcpt(self, rest: bytes) -> bytes:
        found = PATH.match(rest)
        if not found or not found[1]:
            return b"501 RCPT TO:<address>"
        if self.sender is None:
            return b"503 MAIL first"
        self.recipients.append(found[1].decode(errors="replace"))
        return b"250 OK"

    def _data(self, rest: bytes) -> bytes:
        if not self.recipients:
            return b"503 RCPT first"
        self.is_reading_data = True
        self.buffer[:0] = b"\r\n"  # so that a first line looks like any other
        return b"354 End with a dot on its own line"

    def _rset(self, rest: bytes) -> bytes:
        self._reset()
        return b"250 OK"

    def _noop(self, rest: bytes) -> bytes:
        return b"250 OK"

    def _quit(self, rest: bytes) -> bytes:
        self._reply(b"221 Bye")
        self.transport.close()
        return b""

    VERBS: dict[bytes, Callable[["Session", bytes], bytes]] = {
        b"HELO": _helo,
        b"EHLO": _ehlo,
        b"MAIL": _mail,
        b"RCPT": _rcpt,
        b"DATA": _data,
        b"RSET": _rset,
        b"NOOP": _noop,
        b"QUIT": _quit,
    }
