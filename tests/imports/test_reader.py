"""Reading CSV as it comes: encodings, delimiters, quotes that are never closed, lines that never end."""

from io import BytesIO

import pytest

from console.imports import reader
from console.imports.reader import Place, batches
from console.imports.sniffing import NotCsv, look


def read(
    data: str | bytes, width: int = 2, start: Place | None = None, rows: int = 1000
) -> list[reader.Batch]:
    raw = data.encode() if isinstance(data, str) else data
    return list(batches(BytesIO(raw), "utf-8", ",", width, start or Place(), rows=rows, size=1_000_000))


def rows_of(data: str | bytes, width: int = 2) -> list[tuple[int, list[str]]]:
    (batch,) = read(data, width)
    return list(zip(batch.lines, batch.rows, strict=True))


class TestRows:
    def test_carry_the_line_they_begin_on(self) -> None:
        assert rows_of('a,b\n1,"two\nlines"\n\n3,4\n') == [(2, ["1", "two\nlines"]), (5, ["3", "4"])]

    def test_windows_line_ends_and_a_last_line_without_one(self) -> None:
        assert rows_of("a,b\r\n1,2\r\n3,4") == [(2, ["1", "2"]), (3, ["3", "4"])]

    def test_a_byte_order_mark_is_no_part_of_the_header(self) -> None:
        assert look(BytesIO("\ufeffa,b\n1,2\n".encode())).header == ["a", "b"]
        assert rows_of("\ufeffa,b\n1,2\n") == [(2, ["1", "2"])]

    def test_a_nul_byte_stays_in_its_cell(self) -> None:
        assert rows_of(b"a,b\n1,x\0y\n") == [(2, ["1", "x\0y"])]


class TestBrokenRows:
    def test_a_quote_that_is_never_closed_costs_one_row(self) -> None:
        (batch,) = read('a,b\n1,"open\n2,x\n3,"quoted"\n4,y\n')
        assert [(row.line, row.reason) for row in batch.broken] == [(2, reader.UNCLOSED)]
        assert batch.rows == [["2", "x"], ["3", "quoted"], ["4", "y"]]
        assert batch.lines == [3, 4, 5]

    def test_so_it_does_at_the_end_of_the_file(self) -> None:
        (batch,) = read('a,b\n1,x\n2,"open\n3,y\n4,z')
        assert [row.line for row in batch.broken] == [3]
        assert batch.rows == [["1", "x"], ["3", "y"], ["4", "z"]]

    def test_a_quote_inside_a_quoted_cell(self) -> None:
        (batch,) = read('a,b\n1,"x"y"\n2,z\n')
        assert [row.line for row in batch.broken] == [2]
        assert batch.rows == [["2", "z"]]

    def test_a_lone_carriage_return(self) -> None:
        (batch,) = read("a,b\n1,x\ry\n2,z\n")
        assert [(row.line, row.reason) for row in batch.broken] == [(2, reader.STRAY_RETURN)]

    def test_a_line_without_end_is_not_held_in_memory(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reader, "LINE_LIMIT", 1000)
        (batch,) = read(b"a,b\n1," + b'"x' * 5000 + b"\n2,y\n")
        assert [(row.line, row.reason) for row in batch.broken] == [(2, reader.TOO_LONG)]
        assert len(batch.broken[0].text) <= 500
        assert batch.rows == [["2", "y"]]

    def test_a_cell_of_ten_megabytes_is_read(self) -> None:
        whole = read("a,b\n1," + "x" * 10_000_000 + "\n2,y\n")
        assert [len(row[1]) for batch in whole for row in batch.rows] == [10_000_000, 1]


def test_reading_goes_on_from_any_batch() -> None:
    data = 'a,b\n1,"two\nlines"\n2,"open\n3,x\n\n4,y\n5,z\n'
    whole = read(data, rows=2)
    for number, batch in enumerate(whole[:-1]):
        rest = read(data, start=batch.place, rows=2)
        assert [b.rows for b in rest] == [b.rows for b in whole[number + 1 :]]
        assert [b.lines for b in rest] == [b.lines for b in whole[number + 1 :]]
    assert sum(map(len, whole)) == 5
    assert whole[-1].place == Place(len(data), 9)


class TestLook:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_finds_the_delimiter(self, delimiter: str) -> None:
        lines = [["ref", "name", "note"], ["1", "a, b; c", "x|y"], ["2", "d", ""]]
        text = "\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
        assert look(BytesIO(text.encode())).delimiter == delimiter

    @pytest.mark.parametrize(
        ("text", "encoding"), [("é è ü", "utf-8"), ("é è ü", "cp1252"), ("ř š ť", "cp1250")]
    )
    def test_finds_the_encoding(self, text: str, encoding: str) -> None:
        assert look(BytesIO(f"ref,name\n1,{text}\n2,x\n".encode(encoding))).encoding == encoding

    def test_a_stray_byte_does_not_make_a_file_windows(self) -> None:
        data = b"ref,name\n" + b"1,x\n" * 500 + b"2,\xe9\n"
        assert look(BytesIO(data)).encoding == "utf-8"

    def test_counts_lines_and_bytes_over_many_chunks(self) -> None:
        data = "ref,name\n" + "1,Zoë\n" * 300_000
        found = look(BytesIO(data.encode()))
        assert (found.lines, found.size, found.encoding) == (300_001, len(data.encode()), "utf-8")

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (b"", "empty"),
            (b"\n\n", "empty"),
            ("ref,name\n".encode("utf-16"), "UTF-16"),
            (b"PK\x03\x04rest", "spreadsheet"),
            (b"a,b\r1,2\r", "carriage return"),
            (b"a,b,a\n1,2,3\n", "“a” twice"),
            ("ref,name\n".encode("utf-16-le"), "first line is not text"),
            (",".join(f"c{n}" for n in range(301)).encode(), "301 columns; 300 fit"),
        ],
    )
    def test_says_what_is_no_csv(self, data: bytes, words: str) -> None:
        with pytest.raises(NotCsv, match=words):
            look(BytesIO(data))

    def test_a_byte_of_another_encoding_in_the_header_is_written_as_its_code(self) -> None:
        data = b"ref,n\xffame\n" + "1,Zoë\n".encode() * 3
        assert look(BytesIO(data)).header == ["ref", "n\\xffame"]
        assert look(BytesIO(data), "cp1252").header == ["ref", "nÿame"]

    def test_the_header_ends_where_its_row_ends(self) -> None:
        assert look(BytesIO("ref,na\u2028me\x0b\x85,city\n1,x,y\n".encode())).header[2] == "city"

    def test_numbers_columns_without_a_name(self) -> None:
        assert look(BytesIO(b"a,,c\n1,2,3\n")).header == ["a", "column_2", "c"]
