"""Cards on the page of a customer that show some of what may be many: so many at a time, by key."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from console.filters import is_uuid

SHOWN = 20


@dataclass(frozen=True)
class Portion:
    """Some rows; `then` is the address of those after them, `begin` that of the first, "" where there are none."""

    rows: list[Any]
    then: str = ""
    begin: str = ""


def portion(
    rows: "QuerySet[Any]", request: HttpRequest, name: str, *, key: str = "pk", by: str = ""
) -> Portion:
    """The rows after the one that `name` in the address says: in order of `by`, if given, then of the UUID `key`.

    A row that is gone, or no row at all, is answered with the first ones.
    """
    order = [by, key] if by else [key]
    said = request.GET.get(name, "")
    last = rows.filter(**{key: said}).values_list(*order).first() if is_uuid(said) else None
    after = Q()
    if last:
        after = Q(**{f"{key}__gt": last[-1]})
        after = Q(**{f"{by}__gt": last[0]}) | Q(**{by: last[0]}) & after if by else after
    found = list(rows.filter(after).order_by(*order)[: SHOWN + 1])
    address = request.GET.copy()
    address.pop(name, None)
    begin = f"?{address.urlencode()}#{name}" if last else ""
    if len(found) <= SHOWN:
        return Portion(found, begin=begin)
    address[name] = str(getattr(found[SHOWN - 1], key))
    return Portion(found[:SHOWN], f"?{address.urlencode()}#{name}", begin)
