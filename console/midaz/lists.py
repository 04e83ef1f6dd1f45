"""Lists as Midaz pages them: by number of page, ten at a time, oldest first, all of them where no dates are given."""

import json
from abc import abstractmethod
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from math import isfinite
from typing import Annotated, Any, Literal

from django.db.models import Q, QuerySet
from django.http import QueryDict
from pydantic import BaseModel, BeforeValidator, Field, create_model

from console.metadata import VALUE_BYTES
from console.midaz.faults import Refused

METADATA = "metadata."
DAY = len("2026-11-22")


def _read(said: Any) -> Any:
    """A day, or a moment; one without a zone is in UTC. Raises ValueError."""
    if not isinstance(said, str):
        return said
    if len(said) == DAY:
        return date.fromisoformat(said)
    moment = datetime.fromisoformat(said)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


# Finds the keys of `limit` rows behind the first `start`, `is_descending` or not, without passing over rows.
Keys = Callable[..., list[Any]]
When = Annotated[datetime | date, BeforeValidator(_read)]


class Window(BaseModel):
    """What every list takes. Dates are of creation; a day is one of UTC, and the last one counts whole.

    How a list is paged is said by ListQuery, and by CursorQuery of `console.midaz.cursors`.
    """

    limit: Annotated[int, Field(ge=1, le=100, description="Items on a page.")] = 10
    sort_order: Literal["asc", "desc"] = "asc"
    start_date: When | None = None
    end_date: When | None = None

    def narrow(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        """The rows made between the dates.

        Raises Refused 0083 for half a range, 0078 for one the wrong way round, 0131 beyond the end of the calendar.
        """
        if (self.start_date is None) != (self.end_date is None):
            raise Refused("0083")
        if self.start_date is None or self.end_date is None:
            return rows
        try:
            start, end = _moment(self.start_date), _moment(self.end_date, is_end=True)
        except OverflowError as error:
            raise Refused("0131") from error
        if start >= end:
            raise Refused("0078")
        return rows.filter(created_at__gte=start, created_at__lt=end)

    @classmethod
    @abstractmethod
    def envelope(cls, out: Any, name: str) -> Any:
        """The class of the body of a page of `out`."""

    @abstractmethod
    def body(
        self, rows: "QuerySet[Any]", shown: Callable[[Any], Any], keys: Keys | None = None
    ) -> dict[str, Any]:
        """The page of the rows that is asked for, each as it is `shown`. `keys` may find them sooner."""


class ListQuery(Window):
    """A page by its number."""

    page: Annotated[int, Field(ge=1, le=2**31)] = 1

    def items(self, rows: "QuerySet[Any]", keys: Keys | None = None) -> list[Any]:
        """The rows of the page. Without `keys`, what lies before it is passed over by keys as an index holds them."""
        start, is_descending = (self.page - 1) * self.limit, self.sort_order == "desc"
        if keys:
            page = keys(start, self.limit, is_descending=is_descending)
        else:
            every = rows.order_by("-pk" if is_descending else "pk").values_list("pk", flat=True)
            page = list(every[start : start + self.limit])
        found = rows.in_bulk(page)
        return [found[pk] for pk in page if pk in found]

    @classmethod
    def envelope(cls, out: Any, name: str) -> Any:
        fields: dict[str, Any] = {"items": (list[out], ...), "page": (int, ...), "limit": (int, ...)}
        return create_model(f"{name} list", **fields)

    def body(
        self, rows: "QuerySet[Any]", shown: Callable[[Any], Any], keys: Keys | None = None
    ) -> dict[str, Any]:
        items = [shown(row) for row in self.items(rows, keys)]
        return {"items": items, "page": self.page, "limit": self.limit}


def _moment(said: datetime | date, *, is_end: bool = False) -> datetime:
    """The moment from which, or with `is_end` until before which, rows count."""
    if isinstance(said, datetime):
        return said + timedelta(microseconds=1) if is_end else said
    return datetime.combine(said + timedelta(days=is_end), time(), UTC)


def is_whole(query: Window, asked: QueryDict) -> bool:
    """Whether every row is asked for: the query says nothing but how it is paged."""
    said = query.model_dump(exclude={"limit", "page", "cursor", "sort_order"}, exclude_none=True)
    return not said and not any(name.startswith(METADATA) for name in asked)


def with_metadata(rows: "QuerySet[Any]", asked: QueryDict) -> "QuerySet[Any]":
    """The rows that have each `metadata.<key>=<value>` of the query. What reads as a number may be one."""
    for name in asked:
        if name.startswith(METADATA):
            key = name.removeprefix(METADATA)
            value = str(asked[name])
            condition = Q(metadata__contains={key: value})
            for other in _otherwise(value):
                condition |= Q(metadata__contains={key: other})
            rows = rows.filter(condition, ~Q(metadata={}))  # which the index leaves out
    return rows


def _otherwise(text: str) -> list[Any]:
    """What a text of the query may be in JSON beside a text."""
    try:
        value = json.loads(text) if len(text) <= VALUE_BYTES else None
    except (ValueError, RecursionError):
        return []
    is_number = isinstance(value, int) or (isinstance(value, float) and isfinite(value))
    return [value] if is_number else []
