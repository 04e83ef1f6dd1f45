"""Django admin as a window: the record is looked at there, and changed on the pages that write who and when."""

from contextlib import suppress
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import QuerySet, URLField, UUIDField
from django.http import HttpRequest

# Further nobody leafs through: who looks for a row asks for it.
MOST = 10_000


class Leafing(Paginator):
    """Counts no further than MOST, and where nothing is asked for takes PostgreSQL's own estimate first."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        if not rows.query.where and _estimated(rows.model._meta.db_table) > MOST:
            return MOST
        return int(rows.order_by()[:MOST].count())


def _estimated(table: str) -> float:
    """How many rows the table had when it was analysed last; -1 for never."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
        (found,) = cursor.fetchone()
    return float(found)


class ReadOnly(admin.ModelAdmin):
    """Shows rows, the newest first; adds, changes and deletes none. Every page costs the same at a million rows.

    So nothing is sorted or filtered by what has no index, no more than MOST rows are counted, keys to other rows are
    listed in one query. A search for an id finds the row; what else it looks at, `search_fields` say.
    """

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = Leafing
    list_per_page = 50
    list_max_show_all = 50
    ordering = ["-pk"]
    sortable_by = ()
    search_fields = ["pk__exact"]
    search_help_text = "The whole id."
    formfield_overrides = {URLField: {"assume_scheme": "https"}}

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        """Also what was deleted by saying when."""
        rows: QuerySet[Any] = self.model._base_manager.all()
        return rows.order_by(*self.ordering)

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Any]", search_term: str
    ) -> "tuple[QuerySet[Any], bool]":
        """The row of that id; else what the fields say. Text that is no id finds nothing by it."""
        term = search_term.strip()
        if not term:
            return queryset, False
        if isinstance(self.model._meta.pk, UUIDField):
            with suppress(ValueError):
                return queryset.filter(pk=UUID(term)), False
        if list(self.search_fields) == ["pk__exact"]:
            is_number = term.isascii() and term.isdecimal() and len(term) < 19
            is_by_number = not isinstance(self.model._meta.pk, UUIDField) and is_number
            return (queryset.filter(pk=term) if is_by_number else queryset.none()), False
        return super().get_search_results(request, queryset, term)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
