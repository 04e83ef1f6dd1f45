"""Pages of a list by key, not by number: the thousandth page costs what the first one does.

A page begins after the last row of the one before: `WHERE (name, id) > (…, …) ORDER BY name, id LIMIT 50`, which an
index on (organization, name, id) answers without reading what lies before.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Generic, TypeVar

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, F, Field, Func, Model, QuerySet, Value
from django.db.models.expressions import Col
from django.db.models.functions import Coalesce, Lower, Upper
from django.db.models.lookups import GreaterThan, LessThan
from django.http import HttpRequest

from console.counts import CAP, Count, count_of
from console.organizations.fields import Fold

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
    reads it backwards. Rows whose first column is null stand last, by their primary key, whichever way the list is
    read; no other column may be null where the first is not. An index should begin with the same columns. A bad
    address gives the first page with a notice. `count` replaces the list's own count where the caller knows better.
    """
    count = count or count_of(queryset)
    walk = replace(Walk.asked(queryset, request, orders, default, size), is_few=count.is_few)
    notice = ""
    try:
        rows, first, is_last = walk.read(request)
    except Unplaced:
        notice = LOST
        rows, first, is_last = walk.begin()
    if is_last and first + len(rows) <= CAP:
        count = Count(first + len(rows), "exact")
    return Page(
        rows=rows,
        sort=walk.sort,
        size=walk.size,
        first=first + 1 if rows else 0,
        last=first + len(rows),
        previous=walk.address(request, "before", rows[0], first) if rows and first > 0 else "",
        next=walk.address(request, "after", rows[-1], first + len(rows)) if rows and not is_last else "",
        notice=notice,
        count=count,
    )


def every_row(
    queryset: QuerySet[Row], request: HttpRequest, *, orders: Orders, default: str, batch: int = 2000
) -> Iterator[Row]:
    """All rows in the order that the address asks for, read `batch` at a time: for files, in constant memory."""
    walk = replace(Walk.asked(queryset, request, orders, default, batch), size=batch)
    rows = walk.take(None, is_forward=True)
    while rows:
        yield from rows[:batch]
        is_last = len(rows) <= batch
        rows = [] if is_last else walk.take(walk.place(rows[batch - 1]), is_forward=True)


@dataclass(frozen=True)
class Walk(Generic[Row]):
    """A way through a queryset: its columns in one direction, a page at a time."""

    queryset: QuerySet[Row]
    sort: str
    columns: tuple[str, ...]
    size: int
    salt: str
    is_few: bool = False

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

    @property
    def key(self) -> tuple[str, ...]:
        """The primary key, by which the rows stand that lack the first column."""
        return (self.queryset.model._meta.pk.name,)

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
        """The first page, as `read` has it."""
        rows = self.take(None, is_forward=True)
        return rows[: self.size], 0, len(rows) <= self.size

    def take(self, values: list[Any] | None, *, is_forward: bool) -> list[Row]:
        """The next rows after `values` (None: from the start), one more than a page, to know whether more follow."""
        rows: list[Row] = []
        for part in self.parts(values, is_forward):
            if len(rows) <= self.size:
                rows += part[: self.size + 1 - len(rows)]
        return rows

    def parts(self, values: list[Any] | None, is_forward: bool) -> list[QuerySet[Row]]:
        """The queries that together hold what follows `values`. Nulls compare with nothing: a part apart, the last."""
        keyed = self.queryset.annotate(**{f"key_{n}": F(column) for n, column in enumerate(self.columns)})
        if not may_be_null(self.queryset, self.columns[0]):
            return [self.after(keyed, values, is_forward)]
        filled = keyed.filter(**{f"{self.columns[0]}__isnull": False})
        nulls = keyed.filter(**{f"{self.columns[0]}__isnull": True})
        if values is not None and values[0] is None:
            rest = [self.after(nulls, values[-1:], is_forward, self.key)]
            return rest if is_forward else [*rest, self.after(filled, None, is_forward)]
        rest = [self.after(filled, values, is_forward)]
        if not is_forward:
            return rest
        return [*rest, self.after(nulls, None, is_forward, self.key)]

    def after(
        self,
        rows: QuerySet[Row],
        values: list[Any] | None,
        is_forward: bool,
        columns: tuple[str, ...] = (),
    ) -> QuerySet[Row]:
        """`rows` after `values` (None: all) in the order of the columns, those of the walk unless told otherwise.

        Few rows are sorted apart: an index in this order would be walked to its end to find them, where the planner
        thinks that they are more than they are. Behind COALESCE it sees no order that an index has.
        """
        columns = columns or self.columns
        is_ascending = is_forward != self.sort.startswith("-")
        if values is not None:
            compare = GreaterThan if is_ascending else LessThan
            given = zip(columns, values, strict=True)
            theirs = [Value(value, output_field=field_at(self.queryset, column)) for column, value in given]
            rows = first_of_all(rows.filter(compare(Together(*map(F, columns)), Together(*theirs))))
        first = Coalesce(columns[0], columns[0]) if self.is_few else F(columns[0])
        order = [first, *map(F, columns[1:])]
        return rows.order_by(*(one.asc() if is_ascending else one.desc() for one in order))

    def place(self, row: Row) -> list[Any]:
        """The values by which `row` stands where it stands; the last is its primary key where the first is null."""
        values = [getattr(row, f"key_{n}") for n in range(len(self.columns))]
        return [*values[:-1], row.pk] if values[0] is None else values

    def address(self, request: HttpRequest, way: str, row: Row, position: int) -> str:
        """The address of the page after or before `row`; `position` rows stand between its start and the list's."""
        query = request.GET.copy()
        for name in ("after", "before"):
            query.pop(name, None)
        query[way] = signing.dumps([position, *map(written, self.place(row))], salt=self.salt)
        return f"?{query.urlencode()}"

    def opened(self, token: str) -> tuple[list[Any], int]:
        """The values and the position in a cursor. Raises Unplaced if it is not of this list and order."""
        try:
            position, *texts = signing.loads(token, salt=self.salt)
            fields = [field_at(self.queryset, column) for column in self.columns]
            read = zip(fields, texts, strict=True)
            return [None if text is None else field.to_python(text) for field, text in read], int(position)
        except (signing.BadSignature, ValidationError, ValueError, TypeError) as fault:
            raise Unplaced from fault


def first_of_all(rows: QuerySet[Row]) -> QuerySet[Row]:
    """`rows` with the condition that was added last in front of the others.

    Of two conditions on the first column of an order, a scan of an index begins where the first says: with one such as
    “since that day” in front, every page would read all that lies between that day and itself.
    """
    conditions = rows.query.where.children
    conditions.insert(0, conditions.pop())
    return rows


class Together(Func):
    """Columns compared as one: (name, id) > (…, …)."""

    template = "(%(expressions)s)"
    output_field = BooleanField()


def may_be_null(queryset: QuerySet[Any], path: str) -> bool:
    """Whether rows may lack the column: it may be null, or belong to a related row that may be missing."""
    annotation = queryset.query.annotations.get(path)
    if isinstance(annotation, Fold | Lower | Upper):
        annotation = annotation.get_source_expressions()[0]
    if isinstance(annotation, Col):
        return bool(annotation.target.null) or annotation.alias != queryset.model._meta.db_table
    if annotation is not None or "__" in path:
        return True
    return bool(getattr(queryset.model._meta.get_field(path), "null", False))


def field_at(queryset: QuerySet[Any], path: str) -> "Field[Any, Any]":
    """The field at the end of `path`: of an annotation, a column, or a column of a related row."""
    if path in queryset.query.annotations:
        return queryset.query.annotations[path].output_field
    meta, *names = queryset.model._meta, *path.split("__")
    for name in names[:-1]:
        relation = getattr(queryset.query, "_filtered_relations", {}).get(name)
        meta = meta.get_field(relation.relation_name if relation else name).related_model._meta
    found = meta.get_field(names[-1])
    return getattr(found, "target_field", found)


def written(value: Any) -> str | None:
    """A value as a cursor carries it, to the microsecond and the last decimal."""
    if value is None:
        return None
    return value.isoformat() if isinstance(value, date) else str(value)
