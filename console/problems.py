"""What can be wrong with a request to our own API, beyond its shape; `console.api` answers it (RFC 9457)."""

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404
from ninja.errors import HttpError

Row = TypeVar("Row", bound=Model)


class Unusable(Exception):
    """Values that can't be used: where each stands, as a JSON pointer (RFC 6901), and what to do. Answered 422."""

    def __init__(self, *faults: tuple[str, str]) -> None:
        super().__init__("; ".join(f"{pointer}: {words}" for pointer, words in faults))
        self.faults = faults

    @classmethod
    def of(cls, error: ValidationError, names: Iterable[str] = ()) -> "Unusable":
        """The faults that a model found in its fields; those of no field, or of one not in `names`, are the body's."""
        found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        known = set(names) or set(found)
        return cls(
            *(
                (f"/body/{name}" if name in known else "/body", words)
                for name, all_ in found.items()
                for words in all_
            )
        )


def one_of(rows: "QuerySet[Row]", pk: UUID, what: str) -> Row:
    """The row of this id. Raises Http404, which says that there is no `what` with it."""
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(f"There is no {what} with this id.")
    return found


class Conflict(HttpError):
    """The record is not, or is no longer, what the request takes it for: the message says what it is. Answered 409."""

    def __init__(self, words: str) -> None:
        super().__init__(409, words)
