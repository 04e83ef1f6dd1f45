"""What a CSV file is: its encoding, its delimiter, its header. One fast pass over the bytes, in constant memory."""

import codecs
import csv
import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from typing import BinaryIO

CHUNK = 1024 * 1024
MAX_COLUMNS = 300
DELIMITERS = {",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Bar"}
ENCODINGS = {
    "utf-8": "UTF-8",
    "cp1252": "Windows-1252 (Western Europe)",
    "cp1250": "Windows-1250 (Central Europe)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "iso8859-2": "ISO 8859-2 (Central Europe)",
    "iso8859-15": "ISO 8859-15 (Western Europe)",
}
UNDEFINED_IN_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
# Lines that are not UTF-8 in a file that otherwise is: up to this share they are bad rows, above it another encoding.
STRAY = 0.005


class NotCsv(Exception):
    """The file can't be read as CSV at all. The text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a look at the whole file found. `lines` are physical lines, the header's included."""

    encoding: str
    delimiter: str
    header: list[str]
    size: int
    lines: int
    digest: str


def look(file: BinaryIO, encoding: str = "", delimiter: str = "") -> Found:
    """Read the file once. An encoding or delimiter that is given is kept. Raises NotCsv."""
    if delimiter and delimiter not in DELIMITERS:
        raise NotCsv(
            f"“{delimiter}” does not part columns. There are: {', '.join(DELIMITERS.values()).lower()}."
        )
    file.seek(0)
    start = file.read(CHUNK)
    _refuse_what_is_not_text(start)
    scan = _Scan()
    digest, chunk = hashlib.sha256(), start
    while chunk:
        digest.update(chunk)
        scan.feed(chunk)
        chunk = file.read(CHUNK)
    scan.finish()
    encoding = encoding or scan.encoding
    try:
        text = start.removeprefix(codecs.BOM_UTF8).decode(encoding, "surrogateescape")
    except (LookupError, UnicodeError) as fault:
        raise NotCsv(f"The file can't be read as {encoding}. Choose another encoding.") from fault
    delimiter = delimiter or delimiter_of(text)
    return Found(encoding, delimiter, header_of(text, delimiter), scan.size, scan.lines, digest.hexdigest())


def _refuse_what_is_not_text(start: bytes) -> None:
    if not start.strip(b"\0 \r\n\t\xef\xbb\xbf"):
        raise NotCsv("The file is empty. Its first line must name the columns.")
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise NotCsv("The file is UTF-16. Save it as “CSV UTF-8” and try again.")
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise NotCsv("This is a spreadsheet or an archive, not a CSV file. Save the sheet as “CSV UTF-8”.")
    if b"\0" in start.partition(b"\n")[0]:
        raise NotCsv("The first line is not text. A table is saved as “CSV UTF-8”.")
    if b"\n" not in start and b"\r" in start:
        raise NotCsv("Lines end with a lone carriage return. Save the file with Windows or Unix line ends.")


class _Scan:
    """Counts lines, and those that UTF-8 would refuse or needs several bytes for."""

    def __init__(self) -> None:
        self.size = self.lines = self.wide = self.bad = 0
        self.is_cp1252 = True
        self._rest = b""

    def feed(self, chunk: bytes) -> None:
        self.size += len(chunk)
        self.lines += chunk.count(b"\n")
        if chunk.isascii() and self._rest.isascii():
            self._rest = b""
            return
        whole, mark, self._rest = (self._rest + chunk).rpartition(b"\n")
        if len(self._rest) > 32 * CHUNK:
            whole, self._rest = whole + mark + self._rest, b""
        self._judge(whole)

    def _judge(self, block: bytes) -> None:
        for line in block.split(b"\n"):
            if line.isascii():
                continue
            try:
                line.decode("utf-8")
                self.wide += 1
            except UnicodeDecodeError:
                self.bad += 1
                self.is_cp1252 = self.is_cp1252 and not UNDEFINED_IN_CP1252.search(line)

    def finish(self) -> None:
        self._judge(self._rest)

    @property
    def encoding(self) -> str:
        if self.bad <= max(self.wide, self.lines * STRAY):
            return "utf-8"
        return "cp1252" if self.is_cp1252 else "cp1250"


def delimiter_of(text: str) -> str:
    """The delimiter by which most of the first lines have as many cells as the header; a comma when in doubt."""
    lines = _first_lines(text, 100)
    lines = lines[:-1] if len(lines) > 2 and not lines[-1].endswith("\n") else lines
    best, most = ",", (0, 0)
    for delimiter in DELIMITERS:
        widths = Counter(map(len, _cells(lines, delimiter)))
        header = len(next(iter(_cells(lines[:1], delimiter)), []))
        score = (widths[header] if header > 1 else 0, header)
        if score > most:
            best, most = delimiter, score
    return best


def header_of(text: str, delimiter: str) -> list[str]:
    """The names in the first line, numbered where they are empty; bytes that the encoding does not know as their codes.

    Raises NotCsv when a name stands twice, or there are more than MAX_COLUMNS.
    """
    names = next(iter(_cells(_first_lines(text, 50), delimiter)), [])
    if len(names) > MAX_COLUMNS:
        raise NotCsv(
            f"The file has {len(names):,} columns; {MAX_COLUMNS} fit. Leave out those that are not needed."
        )
    names = [_readable(name).strip() or f"column_{number}" for number, name in enumerate(names, 1)]
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise NotCsv(f"The header has the column “{twice[0]}” twice. Give each column its own name.")
    if not names:
        raise NotCsv("The first line is empty. It must name the columns.")
    return names


def _readable(name: str) -> str:
    """A name with codes in place of bytes that the encoding does not know: another encoding can still be chosen."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _first_lines(text: str, number: int) -> list[str]:
    """Lines as the reader of rows has them: a line feed ends one, and nothing else does."""
    return list(islice(StringIO(text, newline="\n"), number))


def _cells(lines: list[str], delimiter: str) -> list[list[str]]:
    cells: list[list[str]] = []
    try:
        for row in csv.reader(lines, delimiter=delimiter):
            cells.append(row)
    except csv.Error:
        return cells
    return cells
