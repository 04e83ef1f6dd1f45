"""A letter on the wire: what a mail program sees, what can't be injected, the same bytes at every try."""

import email
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from typing import Any
from uuid import UUID

import pytest

from communications.channels.letter import Letter, Unsendable, mailbox
from tests.communications.sinks import body, recipient

LETTER = Letter(
    message=UUID("01a20178-b8ef-72ba-8487-7d97f7dda2a4"),
    sender_name="Nordbank, Anlagen",
    sender_address="news@nordbank.example",
    name="Nguyễn Thu Hà",
    address="ha@mail.example",
    subject="Grüße aus der Bank",
    html="<p>Řeč je o penězích.</p>" + "x" * 2000,
    text="Řeč je o penězích.",
    unsubscribe_url="https://bank.example/u/1/",
    written_at=datetime(2026, 11, 22, 9, 42, tzinfo=UTC),
)


def read(letter: Letter) -> EmailMessage:
    message = email.message_from_bytes(letter.build(), policy=default)
    assert isinstance(message, EmailMessage)
    return message


def test_a_mail_program_reads_names_words_and_the_way_out() -> None:
    mail = read(LETTER)
    assert mail["Subject"] == "Grüße aus der Bank"
    assert mail["From"] == '"Nordbank, Anlagen" <news@nordbank.example>'
    assert mail["To"].addresses[0].display_name == "Nguyễn Thu Hà"
    assert recipient(mail) == "ha@mail.example"
    assert mail["Message-ID"] == "<01a20178-b8ef-72ba-8487-7d97f7dda2a4@nordbank.example>"
    assert mail["List-Unsubscribe"] == "<https://bank.example/u/1/>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert body(mail, "plain").strip() == LETTER.text
    assert body(mail, "html").strip() == LETTER.html


def test_a_long_way_out_stays_one_address_on_one_line() -> None:
    url = f"https://{'communications.' * 8}bank.example/u/{LETTER.message}/"
    lines = replace(LETTER, unsubscribe_url=url).build().decode().split("\r\n")
    assert f"List-Unsubscribe: <{url}>" in lines


def test_the_same_letter_gives_the_same_bytes_in_short_ascii_lines() -> None:
    assert LETTER.build() == LETTER.build()
    assert LETTER.build().isascii()
    assert max(map(len, LETTER.build().splitlines())) < 998


@pytest.mark.parametrize("name", ["subject", "name", "address"])
@pytest.mark.parametrize("end", ["\r\nBcc: all@bank.example", "\nx", "\rx", "\x00"])
def test_a_line_break_is_refused(name: str, end: str) -> None:
    changes: dict[str, Any] = {name: f"{getattr(LETTER, name)}{end}"}
    with pytest.raises(Unsendable):
        replace(LETTER, **changes).build()


@pytest.mark.parametrize(
    "address", ["", "nobody", "@bank.example", "a b@bank.example", "jürgen@bank.example", "a@" + "x" * 70]
)
def test_an_address_that_servers_do_not_take_is_refused(address: str) -> None:
    with pytest.raises(Unsendable):
        mailbox(address)


def test_a_domain_beyond_ascii_goes_out_in_its_own_spelling() -> None:
    assert mailbox("info@müller.example").addr_spec == "info@xn--mller-kva.example"
