"""One control of a rule: what the page needs to draw it and the form to name it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

Option = tuple[str, str]


@dataclass
class Control:
    """`kind`: select · text · date · tokens · relative. `options` are grouped; a group without a label stands alone.

    `after`: the word behind it.
    """

    kind: str
    name: str
    label: str
    value: str = ""
    css: str = ""
    options: list[tuple[str, list[Option]]] = field(default_factory=list)
    tokens: list[Option] = field(default_factory=list)
    unit: "Control | None" = None
    hint: str = ""
    after: str = ""
    refreshes: bool = False
    is_wrong: bool = False
    is_focus: bool = False
    described: str = ""

    @property
    def id(self) -> str:
        """The control's id in the page: its name without slashes."""
        return self.name.replace("/", "-")

    @property
    def path(self) -> str:
        """The place of the control in the draft: /rules/0/value."""
        return self.name.partition("/")[2] and "/" + self.name.partition("/")[2]

    @property
    def target(self) -> str:
        """The id of what a person types into or chooses from, for links and the focus."""
        return f"{self.id}-add" if self.kind == "tokens" else self.id


def select(
    name: str, label: str, value: str, options: Iterable[Option], *, css: str = "", refreshes: bool = False
) -> Control:
    """A select of plain options; a value that is none of them is shown all the same, so that nothing gets lost."""
    return grouped(name, label, value, [("", list(options))], css=css, refreshes=refreshes)


def grouped(
    name: str,
    label: str,
    value: str,
    options: list[tuple[str, list[Option]]],
    *,
    css: str = "",
    refreshes: bool = False,
) -> Control:
    known = {each for _, group in options for each, _ in group}
    if value not in known:
        options = [("", [(value, value or "Choose…")]), *options]
    return Control(
        "select", name, label, value, css, [group for group in options if group[1]], refreshes=refreshes
    )
