"""Pages of a list by key, not by number: the thousandth page costs what the first one does.

A page begins after the last row of the one before: `WHERE (name, id) > (…, …) ORDER BY name, id LIMIT 50`, which an
index on (organization, name, id) answers without reading what lies before.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, F, Field, Func, Model, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan
from django.http import HttpRequest

from console.counts import Count, count_of

Row = TypeVar("Row", bound=Model)
Orders = Mapping[str, tuple[str, ...]]
SIZES = (25, 50, 100)
LOST = "The place in the list that this address names is gone. This is the list's beginning."


class Unplaced(Exception):
    """A cursor that is not ours, of another list or order, or no longer valid."""


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page. `first` and `last` are row numbers, `previous` and `next` addresses or "", `notice` words to show."""

    rows: list[Row]
    sort: str
    size: int
    first: int
    last: int
    previous: str
    next: str
    notice: str
    count: Count = field(default_factory=Count)


def keyset(
    queryset: QuerySet[Row],
    request: HttpRequest,
    *,
    orders: Orders,
    default: str,
    size: int = 50,
    count: Count | None = None,
) -> Page[Row]:
    """The page of `queryset` that the address asks for (`sort`, `size`, `after`, `before`).

    `orders` names the orders of the list, each a tuple of columns or annotations that ends in a unique one; "-name"
    reads it backwards. Only the first column may be null (it then stands where PostgreSQL's indexes keep it: last,
    or first when read backwards). An index should begin with the same columns. A bad address gives the first page
    with a notice. `count` replaces the list's own count where the caller knows better.
    """
    walk = Walk.asked(queryset, request, orders, default, size)
    notice = ""
    try:
        rows, first, is_last = walk.read(request)
    except Unplaced:
        notice = LOST
        rows, first, is_last = walk.begin()
    return Page(
        rows=rows,
        sort=walk.sort,
        size=walk.size,
        first=first + 1 if rows else 0,
        last=first + len(rows),
        previous=walk.address(request, "before", rows[0], first) if rows and first > 0 else "",
        next=walk.address(request, "after", rows[-1], first + len(rows)) if rows and not is_last else "",
        notice=notice,
        count=count or count_of(queryset),
    )


@dataclass(frozen=True)
class Walk(Generic[Row]):
    """A way through a queryset: its columns in one direction, a page at a time."""

    queryset: QuerySet[Row]
    sort: str
    columns: tuple[str, ...]
    size: int
    salt: str

    @classmethod
    def asked(
        cls, queryset: QuerySet[Row], request: HttpRequest, orders: Orders, default: str, size: int
    ) -> "Walk[Row]":
        """The walk that the address names; an unknown order or size is the default one."""
        sort = request.GET.get("sort", "")
        sort = sort if sort.removeprefix("-") in orders else default
        wanted = request.GET.get("size", "")
        size = int(wanted) if wanted in map(str, SIZES) else size
        columns = orders[sort.removeprefix("-")]
        return cls(queryset, sort, columns, size, f"console.paging {request.path} {sort}")

    def read(self, request: HttpRequest) -> tuple[list[Row], int, bool]:
        """Rows, how many stand before them, and whether none follows. Raises Unplaced."""
        if token := request.GET.get("after"):
            values, position = self.opened(token)
            rows = self.take(values, is_forward=True)
            if not rows:
                raise Unplaced
            return rows[: self.size], max(position, 1), len(rows) <= self.size
        if token := request.GET.get("before"):
            values, position = self.opened(token)
            rows = self.take(values, is_forward=False)
            if len(rows) > self.size:
                return rows[self.size - 1 :: -1], max(position - self.size, 1), False
        return self.begin()

    def begin(self) -> tuple[list[Row], int, bool]:
        rows = self.take(None, is_forward=True)
        return rows[: self.size], 0, len(rows) <= self.size

    def take(self, values: list[Any] | None, *, is_forward: bool) -> list[Row]:
        """The next rows after `values` (None: from the start), one more than a page, to know whether more follow."""
        is_ascending = is_forward != self.sort.startswith("-")
        rows: list[Row] = []
        for part in self.parts(values, is_ascending):
            if len(rows) <= self.size:
                rows += part[: self.size + 1 - len(rows)]
        return rows

    def parts(self, values: list[Any] | None, is_ascending: bool) -> list[QuerySet[Row]]:
        """The queries that together hold what follows `values`. Nulls compare with nothing: a part apart."""
        keyed = self.queryset.annotate(**{f"key_{n}": F(column) for n, column in enumerate(self.columns)})
        whole, tail = self.columns, self.columns[1:]
        if not self.is_nullable():
            return [_after(keyed, whole, values, is_ascending=is_ascending)]
        filled = keyed.filter(**{f"{self.columns[0]}__isnull": False})
        nulls = keyed.filter(**{f"{self.columns[0]}__isnull": True})
        if values is not None and values[0] is None:
            rest = [_after(nulls, tail, values[1:], is_ascending=is_ascending)]
            return rest if is_ascending else [*rest, _after(filled, whole, None, is_ascending=False)]
        rest = [_after(filled, whole, values, is_ascending=is_ascending)]
        if is_ascending:
            return [*rest, _after(nulls, tail, None, is_ascending=True)]
        return rest if values is not None else [_after(nulls, tail, None, is_ascending=False), *rest]

    def is_nullable(self) -> bool:
        """Whether rows may lack the first column: a null column, or one of a related row that may be missing."""
        column = self.columns[0]
        if column in self.queryset.query.annotations:
            return bool(getattr(self.queryset.query.annotations[column], "is_nullable", False))
        return "__" in column or bool(getattr(self.queryset.model._meta.get_field(column), "null", False))

    def address(self, request: HttpRequest, way: str, row: Row, position: int) -> str:
        """The address of the page after or before `row`; `position` rows stand between its start and the list's."""
        query = request.GET.copy()
        for name in ("after", "before"):
            query.pop(name, None)
        values = [getattr(row, f"key_{n}") for n in range(len(self.columns))]
        query[way] = signing.dumps([position, *map(_written, values)], salt=self.salt)
        return f"?{query.urlencode()}"

    def opened(self, token: str) -> tuple[list[Any], int]:
        """The values and the position in a cursor. Raises Unplaced if it is not of this list and order."""
        try:
            position, *texts = signing.loads(token, salt=self.salt)
            fields = [_field(self.queryset, column) for column in self.columns]
            values = [
                None if text is None else f.to_python(text) for f, text in zip(fields, texts, strict=True)
            ]
            return values, int(position)
        except (signing.BadSignature, ValidationError, ValueError, TypeError) as fault:
            raise Unplaced from fault


class Together(Func):
    """Columns compared as one: (name, id) > (…, …)."""

    template = "(%(expressions)s)"
    output_field = BooleanField()


def _after(
    queryset: QuerySet[Row], columns: tuple[str, ...], values: list[Any] | None, *, is_ascending: bool
) -> QuerySet[Row]:
    """The rows after `values` in the order of `columns`; None: all of them, in that order."""
    if values is not None:
        given = [
            Value(value, _field(queryset, column)) for column, value in zip(columns, values, strict=True)
        ]
        compare = GreaterThan if is_ascending else LessThan
        queryset = queryset.filter(compare(Together(*map(F, columns)), Together(*given)))
    return queryset.order_by(*(column if is_ascending else f"-{column}" for column in columns))


def _field(queryset: QuerySet[Any], path: str) -> "Field[Any, Any]":
    """The field at the end of `path`: of an annotation, a column, or a column of a related row."""
    if path in queryset.query.annotations:
        return queryset.query.annotations[path].output_field
    meta, *names = queryset.model._meta, *path.split("__")
    for name in names[:-1]:
        meta = meta.get_field(name).related_model._meta
    found = meta.get_field(names[-1])
    return getattr(found, "target_field", found)


def _written(value: Any) -> str | None:
    """A value as a cursor carries it, to the microsecond and the last decimal."""
    if value is None:
        return None
    return value.isoformat() if isinstance(value, date) else str(value)
