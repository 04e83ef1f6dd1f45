"""What tests of pages share: how many queries a page takes, and what its table says."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver


def queries(client: Client, url: str) -> int:
    """How many queries the page takes, the session's and the organization's included."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def rows(client: Client, url: str, **data: Any) -> list[list[str]]:
    """The words in the cells of the page's first table that has a head, row by row."""
    text = client.get(url, data).content.decode()
    table = re.search(r"<thead[^>]*>.*?<tbody[^>]*>(.*?)</tbody>", text, re.DOTALL)
    found = re.findall(r"<tr>(.*?)</tr>", table[1], re.DOTALL) if table else []
    cells = r'<t[hd](?! class="box-cell").*?>(.*?)</t[hd]>'  # the box in front of a row says nothing
    return [[words(cell) for cell in re.findall(cells, row, re.DOTALL)] for row in found]


def names(client: Client, url: str, **data: Any) -> list[str]:
    """The first cell of each row."""
    return [row[0] for row in rows(client, url, **data)]


def streamed(client: Client, url: str, **data: Any) -> str:
    """A file that is sent while it is read."""
    response: Any = client.get(url, data)
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode("utf-8-sig")


def words(html: str) -> str:
    """What a person reads."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))).strip()


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the console, as its pattern is written, with its view."""
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from patterns(each, prefix + str(each.pattern))
        else:
            yield prefix + str(each.pattern), each
