"""What may not stand in the HTML of an email: whatever acts, loads or asks. Mail programs drop it; we say so first."""

import re
from html.parser import HTMLParser

from communications.rendering.environment import Fault
from communications.rendering.plain_text import LIQUID

LOADING = frozenset({"script", "iframe", "frame", "object", "embed", "applet", "link", "base", "svg", "math"})
ACTING = LOADING | {"form", "input", "button"}
# What browsers take no notice of in front of and inside an address.
UNREAD = re.compile(r"[\x00-\x20]")


def acting(html: str) -> list[Fault]:
    """A fault for each element or attribute that acts, with its line."""
    reader = _Reader()
    # Liquid keeps its length and its lines, so that the lines of what follows stay right.
    reader.feed(LIQUID.sub(lambda match: re.sub(r"[^\n]", "x", match[0]), html))
    reader.close()
    return reader.faults


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[Fault] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line, _ = self.getpos()
        if tag in ACTING or (tag == "meta" and (dict(attrs).get("http-equiv") or "").lower() == "refresh"):
            self.faults.append(Fault("html", line, f"<{tag}> does not work in email. Take it out."))
        for name, value in attrs:
            address = UNREAD.sub("", value or "").lower()
            if name.startswith("on"):
                self.faults.append(Fault("html", line, f"“{name}” does not work in email. Take it out."))
            elif name in ("href", "src", "action", "background") and address.startswith(
                ("javascript:", "vbscript:", "data:text")
            ):
                self.faults.append(
                    Fault("html", line, f"An address that begins with {address[:10]} does not work in email.")
                )
