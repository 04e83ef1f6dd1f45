"""One kind of record as clients see it: seven operations, the same for every kind.

A kind says what it is called, which fields it takes and gives, and how one is made, changed and ended; `mount` makes
the operations of it.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from ninja import Path, Query, Router, Status
from pydantic import BaseModel, create_model

from console import keeping
from console.bearer import KeyAuth
from console.keeping import Refusal
from console.midaz.faults import Refused, told
from console.midaz.idempotency import once
from console.midaz.lists import Keys, ListQuery, Window, is_whole, with_metadata
from console.midaz.places import Place, find
from console.midaz.schemas import Out, Said, StatusOut, merged
from console.organizations.access import KeyRequest
from console.organizations.models import KeyScope

Row = TypeVar("Row", bound=Any)
READ, WRITE = KeyAuth(KeyScope.RECORD_READ), KeyAuth(KeyScope.RECORD_WRITE)
# What operations are declared with beside their address and answer: names in camelCase, and what is not set left out.
WRITTEN: dict[str, Any] = {"by_alias": True, "exclude_unset": True}
READS, WRITES = WRITTEN | {"auth": READ}, WRITTEN | {"auth": WRITE}


class Resource(ABC, Generic[Row]):
    """A kind of record. `path` is where it is, below /v1/organizations; `ids` what its address names before its own."""

    entity: str
    path: str
    ids: type[BaseModel]
    creation: type[Said]
    change: type[Said]
    out: type[Out]
    query: type[Window] = ListQuery
    is_counted = True

    @property
    def key(self) -> str:
        """The name of its id in an address, such as portfolio_id."""
        return f"{self.entity.lower().replace(' ', '_')}_id"

    @abstractmethod
    def rows(self, place: Place) -> "QuerySet[Row]":
        """The records that the place has, not deleted."""

    def keys(self, place: Place) -> Keys | None:
        """What finds the keys of a page of all records at the same cost wherever it is, if the kind has such a way."""
        return None

    def count(self, place: Place) -> int:
        """How many records the place has."""
        return self.rows(place).count()

    def find(self, place: Place, pk: UUID, *, is_held: bool = False) -> Row:
        """One of them, locked until the transaction ends if `is_held`. Raises Refused 0007."""
        rows = self.rows(place).filter(pk=pk)
        row: Row | None = (rows.select_for_update(of=("self",), no_key=True) if is_held else rows).first()
        if row is None:
            raise Refused("0007", self.entity)
        return row

    def narrow(self, rows: "QuerySet[Row]", query: Any) -> "QuerySet[Row]":
        """The records that the query asks for, by what only this kind can be asked for."""
        return rows

    @abstractmethod
    def blank(self, place: Place) -> Row:
        """A record of the place of which nothing was said yet, not stored."""

    def make(self, place: Place, said: Any) -> Row:
        """A new record. Raises Refused, and the domain's Refusal; IntegrityError as `taken` words it."""
        place.stays()
        row = self.blank(place)
        change(row, said)
        self.keep(row)
        return row

    def alter(self, place: Place, row: Row, said: Any) -> None:
        """Change the record by what is said. Raises as `make` does."""
        change(row, said)
        self.keep(row)

    def keep(self, row: Row) -> None:
        """Store it, by the rules of its kind."""
        row.save()

    def end(self, place: Place, row: Row) -> None:
        """Delete it, with what goes with it. Raises the Refusal of what keeps it."""
        keeping.end(row, at=place.at)

    def taken(self, said: Any) -> Refused:
        """What it means that the database has something of this name already."""
        return Refused("0047", self.entity)

    @abstractmethod
    def shown(self, row: Row) -> dict[str, Any]:
        """The record by the names of its answer, without what `common` gives."""

    def answer(self, row: Row) -> Out:
        """The record as it is answered."""
        return self.out.model_construct(**common(row), **self.shown(row))


def common(row: Any) -> dict[str, Any]:
    """What every answer has of a record."""
    names = ("id", "created_at", "updated_at", "deleted_at")
    body = {name: getattr(row, name) for name in names}
    if row.metadata:
        body["metadata"] = row.metadata
    if hasattr(row, "status_description"):
        body["status"] = StatusOut.model_construct(
            code=row.status, description=row.status_description or None
        )
    return body


def change(row: Any, said: Said, *names: str) -> None:
    """Put what is said on the record, all of it or the fields of those names.

    Empty texts and null change nothing; metadata are merged.
    """
    for name in said.model_fields_set.intersection(names) if names else said.model_fields_set:
        value = getattr(said, name)
        if name == "metadata":
            row.metadata = merged(row.metadata, value)
        elif name == "status" and value is not None:
            row.status = value.code or row.status
            row.status_description = value.description or ""
        elif name != "status" and value not in (None, ""):
            setattr(row, name, value)


@contextmanager
def written(resource: Resource[Any], said: Any) -> Iterator[None]:
    """One transaction; what the rules refuse is said by its code, what only the database does as `taken` words it."""
    try:
        with transaction.atomic():
            yield
    except Refusal as refusal:
        raise told(refusal, resource.entity) from refusal
    except IntegrityError as error:
        raise resource.taken(said) from error


def mount(router: Router, resource: Resource[Any]) -> None:
    """Add the resource's operations to the router."""
    each = f"{resource.path}/{{{resource.key}}}"
    plural = resource.path.rsplit("/", 1)[-1] or "organizations"
    operations = _Operations(resource)
    one, several = resource.entity.lower(), plural.replace("-", " ")
    page = resource.query.envelope(resource.out, resource.entity)

    def add(
        methods: list[str], path: str, view: Callable[..., Any], verb: str, response: Any, auth: KeyAuth
    ) -> None:
        router.add_api_operation(
            path,
            methods,
            view,
            auth=auth,
            response=response,
            summary=f"{verb} {several if verb in ('List', 'Count') else one}",
            operation_id=f"{verb.lower()}_{plural}",
            tags=[plural],
            **WRITTEN,
        )

    add(["POST"], resource.path, operations.creating(), "Create", {201: resource.out}, WRITE)
    add(["GET"], resource.path, operations.listing(), "List", page, READ)
    if resource.is_counted:
        add(["HEAD"], f"{resource.path}/metrics/count", operations.counting(), "Count", {204: None}, READ)
    add(["GET"], each, operations.getting(), "Get", resource.out, READ)
    add(["PATCH"], each, operations.changing(), "Change", resource.out, WRITE)
    add(["DELETE"], each, operations.ending(), "Delete", {204: None}, WRITE)


class _Operations:
    """The views of a resource, with annotations from which the document is generated: only it knows their classes."""

    def __init__(self, resource: Resource[Any]) -> None:
        self.resource = resource
        fields: dict[str, Any] = {resource.key: (UUID, ...)}
        self.one = create_model(f"{resource.entity} path", __base__=resource.ids, **fields)

    def _taking(self, view: Callable[..., Any], ids: type[BaseModel], **said: Any) -> Callable[..., Any]:
        """The view with the classes of what it takes. What stands at the top has an address without ids."""
        path: Any = Path
        view.__annotations__ |= {"ids": path[ids], **said}
        if not ids.model_fields:
            view.__kwdefaults__ = {"ids": ids()}
        return view

    def creating(self) -> Callable[..., Any]:
        resource = self.resource

        def create(request: KeyRequest, *, ids: Any, said: Any) -> Any:
            place = find(request, ids)

            def make() -> Out:
                with written(resource, said):
                    row = resource.make(place, said)
                return resource.answer(resource.find(place, row.pk))

            return once(request, place, make)

        return self._taking(create, resource.ids, said=resource.creation)

    def listing(self) -> Callable[..., Any]:
        resource = self.resource

        def list_(request: KeyRequest, *, ids: Any, query: Any) -> Any:
            place = find(request, ids)
            rows = resource.narrow(query.narrow(resource.rows(place)), query)
            keys = resource.keys(place) if is_whole(query, request.GET) else None
            return query.body(with_metadata(rows, request.GET), resource.answer, keys)

        asked: Any = Query
        return self._taking(list_, resource.ids, query=asked[resource.query])

    def counting(self) -> Callable[..., Any]:
        resource = self.resource

        def count(request: KeyRequest, *, ids: Any) -> HttpResponse:
            number = resource.count(find(request, ids))
            return HttpResponse(status=204, headers={"X-Total-Count": str(number), "Content-Length": "0"})

        return self._taking(count, resource.ids)

    def getting(self) -> Callable[..., Any]:
        resource = self.resource

        def get(request: KeyRequest, *, ids: Any) -> Any:
            return resource.answer(resource.find(find(request, ids), getattr(ids, resource.key)))

        return self._taking(get, self.one)

    def changing(self) -> Callable[..., Any]:
        resource = self.resource

        def patch(request: KeyRequest, *, ids: Any, said: Any) -> Any:
            place = find(request, ids)
            with written(resource, said):
                row = resource.find(place, getattr(ids, resource.key), is_held=True)
                resource.alter(place, row, said)
            return resource.answer(resource.find(place, row.pk))

        return self._taking(patch, self.one, said=resource.change)

    def ending(self) -> Callable[..., Any]:
        resource = self.resource

        def delete(request: KeyRequest, *, ids: Any) -> Any:
            place = find(request, ids)
            with written(resource, None):
                resource.end(place, resource.find(place, getattr(ids, resource.key), is_held=True))
            return Status(HTTPStatus.NO_CONTENT, None)

        return self._taking(delete, self.one)
