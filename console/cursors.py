"""Lists of the API by cursor: each page says where the next one begins, and the last costs what the first does."""

from collections.abc import Callable
from types import GenericAlias
from typing import Any

from django.core import signing
from django.db.models import QuerySet
from ninja import Field, Schema
from pydantic import create_model

from console.paging import Unplaced, Walk, written
from console.problems import Unusable


class CursorQuery(Schema):
    """What every list may be asked for."""

    limit: int = Field(50, ge=1, le=200, description="How many items a page has.")
    cursor: str = Field(
        "", max_length=2000, description="What `next` of the page before said; empty: the beginning."
    )


def list_of(item: type[Schema]) -> Any:
    """The shape of a page of such items."""
    fields: Any = {"items": (GenericAlias(list, (item,)), ...), "next": (str | None, ...)}
    return create_model(f"{item.__name__.removesuffix('Out')}List", __base__=Schema, **fields)


def page_of(
    rows: "QuerySet[Any]", query: CursorQuery, order: str, shown: Callable[[Any], Any], *, then: str = "id"
) -> dict[str, Any]:
    """The page of `rows` that the query asks for, each as `shown` gives it, in the order of a column and then `then`.

    "-column" begins with the greatest; the order of a unique column alone has the same one in `then`.
    Raises Unusable for a cursor that another list, or nobody, gave.
    """
    label = f"console.cursors {rows.model._meta.label} {order}"
    columns = tuple(dict.fromkeys([order.removeprefix("-"), then]))
    walk = Walk(rows, order, columns, query.limit, label)
    try:
        after = walk.opened(query.cursor)[0] if query.cursor else None
    except Unplaced as fault:
        raise Unusable(
            ("/query/cursor", "This is no cursor that this list gave. Begin without one.")
        ) from fault
    found = walk.take(after, is_forward=True)
    kept, is_last = found[: query.limit], len(found) <= query.limit
    place = None if is_last else signing.dumps([0, *map(written, walk.place(kept[-1]))], salt=label)
    return {"items": [shown(row) for row in kept], "next": place}
