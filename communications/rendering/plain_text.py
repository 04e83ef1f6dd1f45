"""The text part of an email, made from its HTML: paragraphs, lists, links with their addresses."""

import re
from html.parser import HTMLParser

LIQUID = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
SILENT = frozenset({"head", "style", "script", "title"})
BLOCKS = frozenset(
    {"p", "div", "tr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "section", "header", "footer", "hr"}
)


def plain_text(html: str) -> str:
    """The words of `html` with line breaks where it has blocks; Liquid in it stays as it is."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"\ue000{len(kept) - 1}\ue001"

    reader = _Reader()
    reader.feed(LIQUID.sub(keep, html))
    reader.close()
    text = "".join(reader.pieces)
    text = re.sub(r"[ \t]*\n[ \t]*", "\n", re.sub(r"[ \t]+", " ", text))
    text = re.sub(r"\n{3,}", "\n\n", text).strip()
    return re.sub("\ue000(\\d+)\ue001", lambda match: kept[int(match[1])], text)


class _Reader(HTMLParser):
    """Collects words; blocks break lines, a link is followed by its address in brackets."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.silent = 0
        self.links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self.silent += 1
        elif tag == "br":
            self.pieces.append("\n")
        elif tag == "li":
            self.pieces.append("\n- ")
        elif tag in BLOCKS:
            self.pieces.append("\n\n" if tag != "tr" else "\n")
        elif tag == "td":
            self.pieces.append(" ")
        elif tag == "a":
            self.links.append((dict(attrs).get("href") or "", len(self.pieces)))
        elif tag == "img":
            self.pieces.append(dict(attrs).get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self.silent = max(self.silent - 1, 0)
        elif tag == "a" and self.links:
            address, start = self.links.pop()
            words = "".join(self.pieces[start:]).strip()
            if address and address != words:
                self.pieces.append(f" ({address})" if words else address)
        elif tag in BLOCKS and tag != "tr":
            self.pieces.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.pieces.append(re.sub(r"\s+", " ", data))
