"""Caught messages in one SQLite file: committed before the sender hears 250, so that no kill of ours loses one."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY AUTOINCREMENT, received_at REAL NOT NULL,
    sender TEXT NOT NULL, recipients TEXT NOT NULL, raw BLOB NOT NULL
)
"""
LONGEST_HEAD = 16384


@dataclass(frozen=True)
class Caught:
    """One message as it came: the envelope's addresses and the raw bytes (in lists only the head of them)."""

    id: int
    received_at: datetime
    sender: str
    recipients: tuple[str, ...]
    raw: bytes


class Store:
    """Messages by arrival. `add` joins the transaction that `commit` ends: a burst costs one commit."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path)
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute(
            "PRAGMA synchronous = OFF"
        )  # survives our death, not the machine's: it is a catcher
        self.connection.execute(SCHEMA)

    def add(self, sender: str, recipients: Iterable[str], raw: bytes, *, at: datetime) -> None:
        """Keep a message once `commit` is called."""
        self.connection.execute(
            "INSERT INTO message (received_at, sender, recipients, raw) VALUES (?, ?, ?, ?)",
            (at.timestamp(), sender, "\n".join(recipients), raw),
        )

    def commit(self) -> None:
        """Make everything added so far last."""
        self.connection.commit()

    def page(
        self, *, to: str = "", before: int | None = None, after: int = 0, size: int = 50
    ) -> list[Caught]:
        """Newest first: those that went to an address containing `to`, with an id below `before` and above `after`."""
        rows = self.connection.execute(
            "SELECT id, received_at, sender, recipients, substr(raw, 1, ?) FROM message"
            " WHERE id < ? AND id > ? AND recipients LIKE ? ESCAPE '\\' ORDER BY id DESC LIMIT ?",
            (LONGEST_HEAD, before or 2**62, after, _contains(to), size),
        )
        return [_caught(row) for row in rows]

    def count(self, *, to: str = "") -> int:
        """How many messages went to an address containing `to`."""
        if not to:
            row = self.connection.execute("SELECT count(*) FROM message").fetchone()
        else:
            query = "SELECT count(*) FROM message WHERE recipients LIKE ? ESCAPE '\\'"
            row = self.connection.execute(query, (_contains(to),)).fetchone()
        return int(row[0])

    def get(self, number: int) -> Caught | None:
        """One message whole."""
        query = "SELECT id, received_at, sender, recipients, raw FROM message WHERE id = ?"
        row = self.connection.execute(query, (number,)).fetchone()
        return _caught(row) if row else None

    def clear(self) -> None:
        """Forget every message."""
        self.connection.execute("DELETE FROM message")
        self.connection.commit()


def _contains(text: str) -> str:
    for special in ("\\", "%", "_"):
        text = text.replace(special, f"\\{special}")
    return f"%{text}%"


def _caught(row: tuple[int, float, str, str, bytes]) -> Caught:
    number, received_at, sender, recipients, raw = row
    return Caught(
        number, datetime.fromtimestamp(received_at, UTC), sender, tuple(recipients.split("\n")), raw
    )
