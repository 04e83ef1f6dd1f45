"""Everything that staff can filter on. `scopes` puts it together, from fields declared there and in the `*_fields`."""

from segments.catalog.field import ALL, Field, Row, Scope
from segments.catalog.scopes import SCOPES, add, fields, find

__all__ = ["ALL", "SCOPES", "Field", "Row", "Scope", "add", "fields", "find"]
