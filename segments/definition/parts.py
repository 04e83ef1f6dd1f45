"""What compiling a piece of a definition gives, before it is put together with others."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F

from segments.expressions import IdSet, Within


@dataclass(frozen=True)
class Part:
    """What a piece of a definition asks of a row: conditions, sets that it must be in, sets that it must not be in."""

    where: tuple[Any, ...] = ()
    within: tuple[IdSet, ...] = ()
    without: tuple[IdSet, ...] = ()

    def conditions(self, key: str) -> list[Any]:
        """The part as conditions on a row whose id stands at `key`."""
        inside = [Within(F(key), ids) for ids in self.within]
        outside = [Within(F(key), ids, negated=True) for ids in self.without]
        return [*self.where, *inside, *outside]
