"""The builder's form as a browser would send it: what a rendered page holds, read back from its HTML."""

from html.parser import HTMLParser
from typing import Any

from django.test import Client

from segments.builder.controls import Control
from segments.builder.rows import Row


class FormReader(HTMLParser):
    """The successful controls of #builder-form, the buttons' values, and the ids that the page holds."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.orders: list[str] = []
        self.ids: list[str] = []
        self.focus: str | None = None
        self._select: str | None = None
        self._area: str | None = None
        self._option: str | None = None
        self._options: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        name, value = found.get("name"), found.get("value") or ""
        self.ids += [identifier] if (identifier := found.get("id")) else []
        if "autofocus" in found:
            self.focus = found.get("id")
        if tag == "button" and name == "op":
            self.orders.append(value)
        if tag == "input" and name and (found.get("type") != "checkbox" or "checked" in found):
            self.fields[name] = value or ("on" if found.get("type") == "checkbox" else "")
        if tag == "select" and name and "disabled" not in found:
            self._select, self._option, self._options = name, None, []
        if tag == "option" and self._select:
            self._options.append(value)
            if "selected" in found:
                self._option = value
        if tag == "textarea":
            self._area = name
            self.fields[str(name)] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self._select:
            self.fields[self._select] = self._option if self._option is not None else self._options[0]
            self._select = None
        if tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] += data.removeprefix(
                "\n"
            )  # as browsers do with a text area's first line break


def read_form(response: Any) -> FormReader:
    reader = FormReader()
    reader.feed(response.content.decode())
    return reader


class Builder:
    """A person at the builder: what they see after each press, starting from a page."""

    def __init__(self, client: Client, address: str) -> None:
        self.client, self.address = client, address
        self.show(client.get(address))

    def show(self, response: Any) -> None:
        self.response, self.form = response, read_form(response)

    @property
    def fields(self) -> dict[str, str]:
        return self.form.fields

    @property
    def text(self) -> str:
        return str(self.response.content.decode())

    def press(self, order: str, **extra: str) -> "Builder":
        """Send the form with one button, without script: the answer is the whole page."""
        self.show(self.client.post(self.address, {**self.fields, **extra, "op": order}))
        return self

    def fill(self, **changes: str) -> "Builder":
        """Type or choose: fill(rules_0_field="country"); two underscores stand for a slash inside a name."""
        self.fields.update({f"q/{name.replace('_', '/')}": value for name, value in changes.items()})
        return self

    def choose(self, **changes: str) -> "Builder":
        """Change something that brings other controls with it."""
        return self.fill(**changes).press("refresh")


def posted_by(row: Row) -> dict[str, str]:
    """What the form of a laid-out draft would send, without rendering it."""
    sent = dict(row.hidden)
    for control in row.controls():
        sent |= _sent(control)
    for child in row.children:
        sent |= posted_by(child)
    return sent


def _sent(control: Control) -> dict[str, str]:
    if control.kind == "tokens":
        return {f"{control.name}/{i}": value for i, (value, _) in enumerate(control.tokens)}
    sent = {control.name: control.value}
    return {**sent, control.unit.name: control.unit.value} if control.unit else sent
