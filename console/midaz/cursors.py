"""Lists as Midaz pages what there is much of: by a cursor, base64 of JSON that says after or before which id.

Its form is theirs, and it leads through rows of two tables at once: another thing than the
signed one of our own API (`console.cursors`), which belongs to one list and its order.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from django.db.models import QuerySet
from pydantic import BeforeValidator, create_model

from console.midaz.lists import Keys, Window

Row = TypeVar("Row", bound=Any)


@dataclass(frozen=True)
class Cursor:
    """From which id on a page goes: after it, or back from before it, in the order of the list."""

    id: UUID
    is_forward: bool

    def text(self) -> str:
        """As it stands in an answer."""
        return b64encode(json.dumps({"id": str(self.id), "points_next": self.is_forward}).encode()).decode()


def _read(said: Any) -> Any:
    """Raises ValueError."""
    if not isinstance(said, str):
        return said
    try:
        found = json.loads(b64decode(said, validate=True))
        return Cursor(UUID(found["id"]), bool(found["points_next"])).text()
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("not a cursor") from error


class CursorQuery(Window):
    """A page by its cursor."""

    cursor: Annotated[str, BeforeValidator(_read)] | None = None

    def page(self, *sources: "QuerySet[Any]") -> "Page[Any]":
        """The page of all sources together, in the order of their ids."""
        said = json.loads(b64decode(self.cursor)) if self.cursor else None
        is_forward = said is None or said["points_next"]
        is_down = (self.sort_order == "desc") == is_forward
        found: list[Any] = []
        for rows in sources:
            if said:
                rows = rows.filter(**{"pk__lt" if is_down else "pk__gt": UUID(said["id"])})
            found += rows.order_by("-pk" if is_down else "pk")[: self.limit + 1]
        found.sort(key=lambda row: row.pk, reverse=is_down)
        is_more, found = len(found) > self.limit, found[: self.limit]
        if not is_forward:
            found.reverse()
        has_next, has_previous = (is_more, said is not None) if is_forward else (True, is_more)
        return Page(found, self.limit, has_next, has_previous)

    @classmethod
    def envelope(cls, out: Any, name: str) -> Any:
        fields: dict[str, Any] = {
            "items": (list[out], ...),
            "limit": (int, ...),
            "next_cursor": (str, ""),
            "prev_cursor": (str, ""),
        }
        return create_model(f"{name} list", **fields)

    def body(
        self, rows: "QuerySet[Any]", shown: Callable[[Any], Any], keys: Keys | None = None
    ) -> dict[str, Any]:
        page = self.page(rows)
        return page.answer([shown(row) for row in page.rows])


@dataclass
class Page(Generic[Row]):
    """Rows, and whether there are more on either side."""

    rows: list[Row]
    limit: int
    has_next: bool
    has_previous: bool

    def answer(self, items: list[Any]) -> dict[str, Any]:
        """The body with `items`, one for each row."""
        body: dict[str, Any] = {"items": items, "limit": self.limit}
        if self.rows and self.has_next:
            body["next_cursor"] = Cursor(self.rows[-1].pk, True).text()
        if self.rows and self.has_previous:
            body["prev_cursor"] = Cursor(self.rows[0].pk, False).text()
        return body
