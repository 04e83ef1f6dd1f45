"""The forms of a page as a browser finds them in its HTML: where they lead, what they hold, how they can be sent."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

Fields = dict[str, list[str]]
# What a person would write where nothing stands yet.
TYPED = {
    "email": "somebody@new.example",
    "url": "https://new.example/path",
    "number": "1",
    "date": "2026-11-22",
    "search": "",
}
FILE = ("rows.csv", b"customer_ref,name\nX9,Somebody\n")


@dataclass
class Control:
    """An input, select or textarea. `options` are what a select offers; `is_on` whether a box is ticked."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)
    is_on: bool = True
    is_required: bool = False

    def filled(self) -> list[str]:
        """What it sends; every box ticked, and nothing left open that must be filled in."""
        if self.kind == "select":
            return [self.value or next(filter(None, self.options), "")]
        if self.value or not self.is_required:
            return [self.value]
        return [TYPED.get(self.kind, "Some words of ours")]


@dataclass
class Form:
    """Where a form leads (by itself, or an element of it by htmx), its controls and the buttons that send it."""

    method: str = "get"
    urls: list[str] = field(default_factory=list)
    controls: list[Control] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def names(self) -> tuple[str, ...]:
        return tuple(sorted({control.name for control in self.controls}))

    def submissions(self) -> Iterator[Fields]:
        """What it sends by each of its buttons; of buttons that do the same in many places only the first."""
        sent: Fields = {}
        for control in self.controls:
            if control.kind == "radio" and sent.get(control.name) and not control.is_on:
                continue
            several = sent.get(control.name, []) if control.kind == "checkbox" else []
            sent[control.name] = [*several, *control.filled()]
        alike = {(name, value.split(":")[0]): value for name, value in reversed(self.buttons)}
        for (name, _), value in alike.items() or {("", ""): ""}.items():
            yield {**sent, name: [value]} if name else sent

    def files(self) -> dict[str, Any]:
        """A file for each control that takes one."""
        return {c.name: SimpleUploadedFile(*FILE) for c in self.controls if c.kind == "file"}


class Reader(HTMLParser):
    """Reads the forms of a page at `url`; also the addresses of its links, and what htmx would swap."""

    def __init__(self, url: str, text: str) -> None:
        super().__init__()
        self.url = url
        self.forms: dict[str, Form] = {}
        self.links: list[str] = []
        self.targets: list[str] = []
        self.open: list[str] = []
        self.writing: Control | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        attrs = {name: value or "" for name, value in given}
        if tag == "form":
            self._begin(attrs)
        form = self.forms.get(attrs.get("form") or (self.open[-1] if self.open else ""))
        if attrs.get("hx-target", "").startswith("#"):
            self.targets.append(attrs["hx-target"][1:])
        self.links += [attrs[name] for name in ("href", "hx-get") if name in attrs]
        if form is None:
            form = self.forms.setdefault("", Form("post")) if "hx-post" in attrs else None
        if form:
            self._take(form, tag, attrs)

    def sent(self) -> Iterator[tuple[str, Form]]:
        """The forms with each address below /o/ that they are posted to."""
        for form in self.forms.values():
            for url in dict.fromkeys(form.urls):
                if url.startswith("/o/"):
                    yield url.partition("#")[0], form

    def _begin(self, attrs: dict[str, str]) -> None:
        name = attrs.get("id") or f"form {len(self.forms)}"
        form = self.forms.setdefault(name, Form())
        form.method = attrs.get("method", "get").lower()
        if form.method == "post":
            form.urls.append(attrs.get("action") or self.url)
        self.open.append(name)

    def _take(self, form: Form, tag: str, attrs: dict[str, str]) -> None:
        if "hx-post" in attrs:
            form.urls.append(attrs["hx-post"] or self.url)
        if attrs.get("formaction"):
            form.urls.append(attrs["formaction"])
        name, value = attrs.get("name", ""), attrs.get("value", "")
        if tag == "button" and name:
            form.buttons.append((name, value))
        elif tag == "option" and self.writing:
            self.writing.options.append(value)
            self.writing.value = value if "selected" in attrs else self.writing.value
        elif tag in ("input", "select", "textarea") and name and "disabled" not in attrs:
            kind = attrs.get("type", "text") if tag == "input" else tag
            is_on = kind not in ("checkbox", "radio") or "checked" in attrs
            control = Control(
                name, kind, value or ("on" if kind == "checkbox" else ""), [], is_on, "required" in attrs
            )
            form.controls.append(control)
            self.writing = control if tag != "input" else None

    def handle_data(self, data: str) -> None:
        if self.writing and self.writing.kind == "textarea":
            self.writing.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.open:
            self.open.pop()
        if tag in ("select", "textarea"):
            self.writing = None
