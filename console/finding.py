"""A list's filter by one of very many: a menu of them where they are few, else one with a search box in it."""

from typing import Any

from django_filters import Filter

from console.picking import Picked, PickWidget, Source

FEW = 100


class PickMenu(PickWidget):
    """The search box and what it found, in a menu. The name of what it is about is `label`."""

    use_fieldset = False
    template = "components/pick_menu.html"
    verb = "get"

    def __init__(self, label: str, source: Source, url: str) -> None:
        super().__init__(f"Find a {label.lower()}", f"Any {label.lower()}")
        self.label, self.source, self.url, self.words = label, source, url, ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The key alone, as a select sends it; the words that were looked for are kept for drawing."""
        picked = super().value_from_datadict(data, files, name)
        self.words = picked.words
        return picked.key

    def said(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return super().said(name, Picked(value or "", self.words), attrs) | {"label": self.label}


def offer(found: Filter, source: Source, asked: str, url: str) -> None:
    """Make a ChoiceFilter offer what there is in `source`, and accept any of it.

    `asked` is what the address says, which may stand beyond the FEW; `url` is the list's own address.
    """
    first = list(source.rows[: FEW + 1])
    choices = {str(row.pk): source.called(row) for row in first[:FEW]}
    if asked not in choices and (beyond := source.get(asked)):
        choices[asked] = source.called(beyond)
    found.extra["choices"] = list(choices.items())
    if len(first) > FEW:
        found.extra["widget"] = PickMenu(str(found.label), source, url)
