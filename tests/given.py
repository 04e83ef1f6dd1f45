"""A page that asks for what nobody gave it: Django leaves a gap there, the tests fail."""

from typing import Any

import pytest
from django.template import engines
from django.template.base import FilterExpression
from django.template.defaultfilters import default

resolve = FilterExpression.resolve


class NotGiven(Exception):
    """A template writes, or hands on, a variable that it was not given."""


class Refusing(str):
    """What Django would write in place of a variable that is missing."""

    def __mod__(self, name: Any) -> str:
        raise NotGiven(f"A template asks for “{name}”, and nobody gave it that. Give it, or write |default.")


def resolve_or_refuse(expression: FilterExpression, context: Any, ignore_failures: bool = False) -> Any:
    """As Django resolves it; `|default` says of a variable that it may be missing, as `if` and `for` do."""
    may_lack = any(function is default for function, _ in expression.filters)
    return resolve(expression, context, ignore_failures=ignore_failures or may_lack)


def refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every template raise NotGiven instead of leaving a gap."""
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", Refusing("%s"))
    monkeypatch.setattr(FilterExpression, "resolve", resolve_or_refuse)
