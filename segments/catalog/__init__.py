"""Everything that staff can filter on: fields are declared in the `*_fields`, and `scopes` puts them together."""

from segments.catalog.field import ALL, Field, Row, Scope
from segments.catalog.scopes import SCOPES, add, fields, find

__all__ = ["ALL", "SCOPES", "Field", "Row", "Scope", "add", "fields", "find"]
