"""Rows of a CSV file as a stream that can be taken up again at any batch: each with the line it begins on.

Python's csv module reads; this module feeds it lines and mends what it can't: a quote that is never closed swallows
the rows after it, so a record over several lines that has the wrong width is taken apart again, its first line given
up and the others read anew. A line longer than LINE_LIMIT is given up without being held in memory.
"""

import codecs
import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

LINE_LIMIT = 16 * 1024 * 1024
RECORD_LIMIT = 32 * 1024 * 1024
UNCLOSED = (
    "A quote opens here and is not closed in its row. Close it, or double a quote that is part of the text."
)
MISQUOTED = "A quote stands inside the row where none may. Double a quote that is part of the text."
TOO_LONG = f"The line is longer than {LINE_LIMIT // 1024 // 1024} MB. Shorten it."
STRAY_RETURN = "A carriage return stands inside the row. Quote the text that it belongs to, or remove it."
CUT = "\udfff\n"  # can't be in a file: ends what is kept of a line that is too long

csv.field_size_limit(RECORD_LIMIT)


@dataclass(frozen=True, slots=True)
class Place:
    """Where reading goes on: the byte after the last row read, and the number of the line that begins there."""

    byte: int = 0
    line: int = 1


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that can't be told apart into cells."""

    line: int
    text: str
    reason: str


@dataclass(slots=True)
class Batch:
    """Rows in a row. `lines[n]` is where `rows[n]` begins; `place` is where the next batch begins."""

    lines: list[int] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    place: Place = field(default_factory=Place)

    def __len__(self) -> int:
        return len(self.rows) + len(self.broken)


def batches(
    file: BinaryIO, encoding: str, delimiter: str, width: int, start: Place, *, rows: int, size: int
) -> Iterator[Batch]:
    """Batches of at most `rows` rows and about `size` bytes from `start` on; the header (line 1) is left out."""
    lines = _Lines(file, encoding, start)
    batch = Batch()
    for line, record in _records(lines, delimiter, width):
        if line == 1:
            continue
        if isinstance(record, Broken):
            batch.broken.append(record)
        else:
            batch.lines.append(line)
            batch.rows.append(record)
        if len(batch) >= rows or lines.given - start.byte >= size:
            batch.place = start = Place(lines.given, lines.line)
            yield batch
            batch = Batch()
    batch.place = Place(lines.given, lines.line)
    yield batch


class _Lines:
    """Decoded lines. Keeps those of the record being read, so that it can be taken apart and read anew."""

    def __init__(self, file: BinaryIO, encoding: str, start: Place) -> None:
        self.file, self.encoding = file, encoding
        self.given, self.line = start.byte, start.line  # after the last whole record
        self.open: list[tuple[str, int]] = []  # lines of the present record, with their sizes
        self.open_size = 0
        self.again: deque[tuple[str, int]] = deque()
        self.is_over = False
        file.seek(start.byte)

    def __iter__(self) -> Iterator[str]:
        while not self.is_over:
            text, size = self.again.popleft() if self.again else self._read()
            if not size:
                return
            self.open.append((text, size))
            self.open_size += size
            if self.open_size > RECORD_LIMIT and len(self.open) > 1:
                raise csv.Error("unexpected end of data")
            yield text

    def _read(self) -> tuple[str, int]:
        raw = self.file.readline(LINE_LIMIT)
        size = len(raw)
        if size == LINE_LIMIT and not raw.endswith(b"\n"):
            while part := self.file.readline(LINE_LIMIT):
                size += len(part)
                if part.endswith(b"\n"):
                    break
            return raw[:500].decode(self.encoding, "replace").replace('"', "'") + CUT, size
        if self.given == 0 and not self.open:
            raw = raw.removeprefix(codecs.BOM_UTF8)
        return raw.decode(self.encoding, "surrogateescape"), size

    def close(self, count: int | None = None) -> str:
        """The record is read: its lines (or the first `count`) are done, the others come again. Returns its text."""
        count = len(self.open) if count is None else count
        done = self.open[:count]
        self.again.extendleft(reversed(self.open[count:]))
        self.open, self.open_size = [], 0
        self.given += sum(size for _, size in done)
        self.line += count
        return done[0][0] if done else ""


def _records(lines: _Lines, delimiter: str, width: int) -> Iterator[tuple[int, list[str] | Broken]]:
    """Each record with its first line; blank lines are no records."""
    while True:
        reader = csv.reader(iter(lines), delimiter=delimiter, strict=True)
        try:
            for cells in reader:
                line, text = lines.line, lines.open[0][0]
                if len(lines.open) > 1 and len(cells) != width:
                    yield line, Broken(line, lines.close(1), UNCLOSED)
                    break
                lines.close()
                if text.endswith(CUT):
                    yield line, Broken(line, text.removesuffix(CUT), TOO_LONG)
                elif cells:
                    yield line, cells
            else:
                return
        except csv.Error:
            line = lines.line
            reason = UNCLOSED if len(lines.open) > 1 else _why(lines.open[0][0])
            yield line, Broken(line, lines.close(1), reason)


def _why(text: str) -> str:
    if "\r" in text.rstrip("\r\n"):
        return STRAY_RETURN
    return UNCLOSED if text.count('"') % 2 else MISQUOTED
