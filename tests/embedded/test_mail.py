"""The mail catcher: takes mail as a server would, keeps each message, shows it without letting it do anything."""

import asyncio
import smtplib
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from console.embedded.broker import free_port
from console.embedded.mail.layout import message
from console.embedded.mail.pages import parse
from console.embedded.mail.smtp import Session
from console.embedded.mail.store import Store
from tests.embedded.test_processes import wait_until

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


class Catcher:
    """A running one: where it takes mail, and what its pages say."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.smtp, self.pages = folder, free_port(), free_port()
        self.start()

    def start(self) -> None:
        command = [
            sys.executable,
            "-m",
            "console.embedded.mail.catcher",
            str(self.folder),
            str(self.smtp),
            str(self.pages),
        ]
        self.process = subprocess.Popen(command)
        wait_until(lambda: all(map(listens, (self.smtp, self.pages))), seconds=30)

    def page(self, path: str, **headers: str) -> tuple[str, dict[str, str]]:
        request = urllib.request.Request(f"http://127.0.0.1:{self.pages}{path}", headers=headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.read().decode(), dict(answer.headers)

    def send(
        self, to: str = "jana@example.cz", subject: str = "Your account", html: str = "<p>Hello</p>"
    ) -> None:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "bank@nordbank.cz", to, subject
        mail.set_content("Hello\n.\n..two dots\n")
        mail.add_alternative(html, subtype="html")
        with smtplib.SMTP("127.0.0.1", self.smtp, timeout=10) as connection:
            connection.send_message(mail)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def catcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catcher]:
    running = Catcher(tmp_path_factory.mktemp("mail"))
    yield running
    running.process.terminate()
    assert running.process.wait(10) == 0


def test_a_message_is_listed_and_found_by_recipient(catcher: Catcher) -> None:
    catcher.send(to="petr@example.cz", subject="Konec měsíce")
    page, _ = catcher.page("/?to=petr")
    assert "Konec měsíce" in page
    assert "1 message to petr" in page
    assert "Nothing went to an address with “100%”" in catcher.page("/?to=100%25")[0]


def test_what_a_message_brings_can_do_nothing(catcher: Catcher) -> None:
    catcher.send(
        to="x@example.cz", subject="<script>alert(1)</script>", html="<script>alert(2)</script><b>Bold</b>"
    )
    found = catcher.page("/messages.json?size=1")[0]
    number = found.split('"id": ')[1].split(",")[0]
    page, headers = catcher.page(f"/messages/{number}")
    assert "<script>" not in page
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    html, headers = catcher.page(f"/messages/{number}/html")
    assert "<b>Bold</b>" in html
    assert headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    source = catcher.page(f"/messages/{number}/source")[0]
    assert {".", "..two dots"} <= set(source.splitlines())


def test_it_answers_to_loopback_names_only(catcher: Catcher) -> None:
    with pytest.raises(urllib.error.HTTPError, match="421"):
        catcher.page("/", Host="bank.example")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        catcher.page("/messages/999999")


def test_nothing_that_was_taken_is_lost_by_a_kill(catcher: Catcher) -> None:
    before = catcher.page("/messages.json?size=1")[0].split(",")[0]
    for number in range(20):
        catcher.send(to=f"killed{number}@example.cz")
    catcher.process.kill()
    catcher.process.wait()
    catcher.start()
    assert catcher.page("/messages.json?size=1")[0].split(",")[0] != before
    assert '{"count": 20,' in catcher.page("/messages.json?to=killed&size=1")[0]


def test_pages_of_fifty_reach_every_message_once(tmp_path: Path) -> None:
    store = Store(tmp_path / "mail.sqlite3")
    for number in range(120):
        store.add("bank@nordbank.cz", [f"c{number}@example.cz"], b"Subject: n\r\n\r\n", at=AT)
    store.commit()
    seen, before = [], None
    while page := store.page(before=before, size=50):
        seen += [caught.id for caught in page]
        before = page[-1].id
    assert seen == list(range(120, 0, -1))
    assert store.count(to="c11") == 11
    store.connection.close()


class Wire(asyncio.Transport):
    """What a session would have written to its connection."""

    def __init__(self) -> None:
        super().__init__()
        self.written, self.closed = b"", False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += bytes(data)

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True


def talk(*said: bytes) -> tuple[list[bytes], list[tuple[str, list[str], bytes]]]:
    """The codes that a session answers, and the messages that it kept."""
    kept: list[tuple[str, list[str], bytes]] = []

    def keep(sender: str, recipients: list[str], raw: bytes, done: Callable[[], None]) -> None:
        kept.append((sender, recipients, raw))
        done()

    session, wire = Session(keep), Wire()
    session.connection_made(wire)
    for part in said:
        session.data_received(part)
    return [line[:3] for line in wire.written.split(b"\r\n") if line[3:4] == b" "], kept


def test_pipelined_commands_and_split_data_are_one_conversation() -> None:
    text = b"MAIL FROM:<a@b.cz> SIZE=9\r\nRCPT TO:<c@d.cz>\r\nRCPT TO:<e@f.cz>\r\nDATA\r\n..dot\r\nend\r\n.\r\nQUIT\r\n"
    pieces = [text[at : at + 1] for at in range(len(text))]
    for said in ([text], pieces):
        codes, kept = talk(*said)
        assert codes == [b"220", b"250", b"250", b"250", b"354", b"250", b"221"]
        assert kept == [("a@b.cz", ["c@d.cz", "e@f.cz"], b".dot\r\nend\r\n")]


def test_an_empty_message_is_a_message() -> None:
    assert talk(b"MAIL FROM:<>\r\nRCPT TO:<c@d.cz>\r\nDATA\r\n.\r\n")[1] == [("", ["c@d.cz"], b"")]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (b"DATA\r\n", b"503"),
        (b"RCPT TO:<a@b.cz>\r\n", b"503"),
        (b"MAIL a@b.cz\r\n", b"501"),
        (b"TURN\r\n", b"502"),
    ],
)
def test_what_is_out_of_turn_is_refused(said: bytes, code: bytes) -> None:
    assert talk(said)[0] == [b"220", code]


def test_a_line_without_end_is_cut_off() -> None:
    assert talk(b"x" * 5000)[0] == [b"220", b"500"]


def test_a_broken_message_is_shown_as_far_as_it_goes(tmp_path: Path) -> None:
    store = Store(tmp_path / "mail.sqlite3")
    store.add("a@b.cz", ["c@d.cz"], b"\xff\xfe no headers at all", at=AT)
    store.commit()
    caught = store.get(1)
    assert caught
    assert "(no subject)" in message(caught, parse(caught.raw))
    store.connection.close()
