"""One email as it goes over the wire: text and HTML, headers that can't be injected, one click to unsubscribe."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
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
        mail = EmailMessage(policy=SMTP)
        mail["Date"] = format_datetime(self.written_at)
        mail["From"] = mailbox(self.sender_address, self.sender_name)
        mail["To"] = mailbox(self.address, self.name)
        mail["Subject"] = self.subject
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(self.text, cte="quoted-printable")
        mail.add_alternative(self.html, subtype="html", cte="quoted-printable")
        mail.set_boundary(f"part-{self.message.hex}")
        return self._unfolded() + mail.as_bytes()

    def _unfolded(self) -> bytes:
        """Headers that must stay on one line: the library would encode an address that is longer than a line."""
        identity = f"{self.message}@{mailbox(self.sender_address).domain}"
        lines = [
            f"Message-ID: <{identity}>",
            f"List-Unsubscribe: <{self.unsubscribe_url}>",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        ]
        return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def mailbox(address: str, name: str = "") -> Address:
    """An address of a header; a domain beyond ASCII is written in its IDNA form. Raises Unsendable."""
    local, at, domain = address.strip().rpartition("@")
    try:
        if not (local and at and local.isascii() and local.isprintable() and " " not in local):
            raise ValueError
        return Address(name, local, domain.encode("idna").decode())
    except (ValueError, UnicodeError) as error:
        raise Unsendable(f"“{address}” is not an address that mail servers take.") from error
