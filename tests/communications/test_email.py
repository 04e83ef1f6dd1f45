"""The dialogue with the mail server: what each of its answers, and each of its silences, means for a message."""

import asyncio
import ssl
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from communications.channels import email as channel
from communications.channels.email import MailRoom, MailServer
from communications.channels.outcome import Kind, Outcome
from tests.communications.sinks import MailSink, apart, free_port, mail_server, raw_server
from tests.communications.test_letters import LETTER


def send(server: MailServer, *letters: Any, connections: int = 1) -> list[Outcome]:
    """Send letters one after the other over the same room."""

    async def run() -> list[Outcome]:
        room = MailRoom(server, connections)
        outcomes = [await room.send(letter) for letter in letters or [LETTER]]
        await room.close()
        return outcomes

    return apart(run())


def answering(verb: str, reply: str) -> MailSink:
    return MailSink(lambda asked, address: reply if asked == verb else None)


def test_one_connection_carries_many_letters() -> None:
    sink = MailSink()
    with mail_server(sink) as port:
        outcomes = send(MailServer("127.0.0.1", port), *[LETTER] * 20)
    assert {outcome.kind for outcome in outcomes} == {Kind.SENT}
    assert len(sink.letters) == 20
    assert sink.sessions == 1
    assert outcomes[0].note.startswith("accepted by 127.0.0.1, 0.")


@pytest.mark.parametrize(
    ("verb", "reply", "kind", "is_suppressed"),
    [
        ("RCPT", "450 4.2.1 mailbox busy", Kind.DEFERRED, False),
        ("RCPT", "452 4.2.2 over quota", Kind.DEFERRED, False),
        ("RCPT", "550 5.1.1 no such mailbox", Kind.FAILED, True),
        ("RCPT", "554 no", Kind.FAILED, True),
        ("RCPT", "550 5.7.1 policy", Kind.FAILED, False),
        ("DATA", "451 4.3.0 later", Kind.DEFERRED, False),
        ("DATA", "554 5.6.0 content refused", Kind.FAILED, False),
        ("DATA", "550 5.1.1 no such mailbox after all", Kind.FAILED, True),
        ("DATA", "421 4.3.2 shutting down", Kind.DEFERRED, False),
    ],
)
def test_what_a_refusal_means(verb: str, reply: str, kind: Kind, is_suppressed: bool) -> None:
    with mail_server(answering(verb, reply)) as port:
        [outcome] = send(MailServer("127.0.0.1", port))
    assert outcome.kind == kind
    assert outcome.code == int(reply[:3])
    assert bool(outcome.suppress) == is_suppressed


def test_a_refusal_leaves_the_connection_fit_for_the_next() -> None:
    sink = MailSink(lambda verb, address: "550 5.1.1 unknown" if address.startswith("gone") else None)
    with mail_server(sink) as port:
        outcomes = send(MailServer("127.0.0.1", port), replace(LETTER, address="gone@mail.example"), LETTER)
    assert [outcome.kind for outcome in outcomes] == [Kind.FAILED, Kind.SENT]
    assert sink.sessions == 1


def test_nobody_there_is_tried_again() -> None:
    [outcome] = send(MailServer("127.0.0.1", free_port()))
    assert outcome.kind == Kind.DEFERRED
    assert "can't be reached" in outcome.note


def test_without_encryption_where_it_is_asked_for_nothing_is_sent() -> None:
    sink = MailSink()
    with mail_server(sink) as port:
        [outcome] = send(MailServer("127.0.0.1", port, start_tls=True))
    assert outcome.kind == Kind.DEFERRED
    assert sink.letters == []


def test_a_certificate_that_is_not_trusted_is_no_encryption(certificate: ssl.SSLContext) -> None:
    sink = MailSink()
    with mail_server(sink, tls_context=certificate) as port:
        [outcome] = send(MailServer("127.0.0.1", port, start_tls=True))
    assert outcome.kind == Kind.DEFERRED
    assert sink.letters == []


@pytest.fixture
def certificate(tmp_path: Any) -> ssl.SSLContext:
    """A certificate that signed itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
    pem = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "both.pem").write_bytes(pem + private)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "both.pem")
    return context


class Dropping(MailSink):
    """Takes the letter, then hangs up instead of saying so."""

    async def data(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await super().data(server, session, envelope)
        assert server.transport
        server.transport.close()
        return "250 nobody hears this"


class Silent(MailSink):
    """Answers one verb only after a long time."""

    def __init__(self, verb: str) -> None:
        super().__init__()
        self.verb = verb

    async def rcpt(self, *args: Any) -> str:
        await asyncio.sleep(30 if self.verb == "RCPT" else 0)
        return await super().rcpt(*args)

    async def data(self, *args: Any) -> str:
        await asyncio.sleep(30 if self.verb == "DATA" else 0)
        return await super().data(*args)


def test_a_connection_that_breaks_after_the_letter_leaves_it_uncertain() -> None:
    with mail_server(Dropping()) as port:
        [outcome] = send(MailServer("127.0.0.1", port))
    assert outcome.kind == Kind.UNCERTAIN
    assert outcome.suppress is None


@pytest.mark.parametrize(("verb", "kind"), [("RCPT", Kind.DEFERRED), ("DATA", Kind.UNCERTAIN)])
def test_silence_ends_with_the_time_of_a_try(verb: str, kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel, "SECONDS", 0.5)
    with mail_server(Silent(verb)) as port:
        began = time.monotonic()
        [outcome] = send(MailServer("127.0.0.1", port))
        assert time.monotonic() - began < 5
    assert outcome.kind == kind


def test_one_byte_a_second_is_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel, "SECONDS", 0.5)

    async def drip(writer: asyncio.StreamWriter) -> None:
        for byte in b"220 welcome to the slow server\r\n":
            writer.write(bytes([byte]))
            await asyncio.sleep(0.2)

    with raw_server(drip) as port:
        [outcome] = send(MailServer("127.0.0.1", port))
    assert outcome.kind == Kind.DEFERRED
    assert "no answer within" in outcome.note


def test_a_connection_that_was_closed_meanwhile_is_opened_again() -> None:
    async def run(port: int) -> list[Outcome]:
        room = MailRoom(MailServer("127.0.0.1", port), 1)
        first = await room.send(LETTER)
        client = room.free.get_nowait()
        assert client
        assert client.transport
        client.transport.close()
        room.free.put_nowait(client)
        second = await room.send(LETTER)
        await room.close()
        return [first, second]

    sink = MailSink()
    with mail_server(sink) as port:
        outcomes = apart(run(port))
    assert [outcome.kind for outcome in outcomes] == [Kind.SENT, Kind.SENT]
    assert sink.sessions == 2


def test_what_can_not_be_put_on_the_wire_fails_before_it() -> None:
    sink = MailSink()
    with mail_server(sink) as port:
        [outcome] = send(MailServer("127.0.0.1", port), replace(LETTER, subject="a\r\nBcc: b@bank.example"))
    assert outcome.kind == Kind.FAILED
    assert outcome.note == "The subject has a line break in it."
    assert sink.sessions == 0
