"""One email as it goes over the wire: text and HTML, headers that can't be injected, one click to unsubscribe."""

import binascii
import re
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.utils import format_datetime
from functools import lru_cache
from uuid import UUID


class Unsendable(Exception):
    """This letter can't be put on the wire as it is; the words say why."""


@dataclass(frozen=True)
class Letter:
    """Everything an email needs. The same letter gives the same bytes, however often it is built."""

    message: UUID
    sender_name: str
    sender_address: str
    name: str
    address: str
    subject: str
    html: str
    text: str
    unsubscribe_url: str
    written_at: datetime

    def build(self) -> bytes:
        """The email, RFC 5322 with RFC 8058's one-click header. Raises Unsendable."""
        for what, value in (("subject", self.subject), ("name", self.name), ("address", self.address)):
            if "\r" in value or "\n" in value or "\x00" in value:
                raise Unsendable(f"The {what} has a line break in it.")
        boundary = f"part-{self.message.hex}"
        headers = [
            f"Message-ID: <{self.message}@{mailbox(self.sender_address).domain}>",
            f"Date: {format_datetime(self.written_at)}",
            f"From: {_written(mailbox(self.sender_address), self.sender_name)}",
            f"To: {_written(mailbox(self.address), self.name)}",
            f"Subject: {_words(self.subject, 9)}",
            f"List-Unsubscribe: <{self.unsubscribe_url}>",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
            f'Content-Type: multipart/alternative; boundary="{boundary}"',
        ]
        mark = f"--{boundary}".encode()
        parts = [
            "\r\n".join(headers).encode("ascii") + b"\r\n",
            *(mark, _part("plain", self.text), mark, _part("html", self.html), mark + b"--\r\n"),
        ]
        return b"\r\n".join(parts)


def _written(address: Address, name: str) -> str:
    """A mailbox as a header says it: the name quoted or encoded, the address as it is."""
    if not name:
        return address.addr_spec
    if name.isascii():
        return str(Address(name, address.username, address.domain))
    return f"{_words(name, 6)} <{address.addr_spec}>"


def _words(text: str, taken: int) -> str:
    """Words of a header: as they are while they are plain and short, else encoded (RFC 2047) and folded."""
    if text.isascii() and len(text) < 900 and "=?" not in text:
        return text
    return Header(text, "utf-8", maxlinelen=76 - taken).encode(linesep="\r\n")


def _part(kind: str, text: str) -> bytes:
    """One part, quoted-printable, so that any line is short and any letter plain."""
    lines = re.sub(r"\r\n?", "\n", text).encode()
    head = (
        f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    )
    return head.encode() + binascii.b2a_qp(lines, istext=True).replace(b"\n", b"\r\n")


@lru_cache(maxsize=1000)
def mailbox(address: str) -> Address:
    """An address of a header; a domain beyond ASCII is written in its IDNA form. Raises Unsendable."""
    local, at, domain = address.strip().rpartition("@")
    try:
        if not (local and at and local.isascii() and local.isprintable() and " " not in local):
            raise ValueError
        return Address("", local, domain.encode("idna").decode())
    except (ValueError, UnicodeError) as error:
        raise Unsendable(f"“{address}” is not an address that mail servers take.") from error
