"""Columns of exact money."""

from typing import Any

from django.db import models

from console.ledgers.models import DECIMALS


def money(**options: Any) -> "models.DecimalField[Any, Any]":
    """A column of exact money. Eight decimals serve every asset; the account's asset says how many are shown."""
    return models.DecimalField(max_digits=28, decimal_places=DECIMALS, **options)


def total(**options: Any) -> "models.DecimalField[Any, Any]":
    """A column for a sum of money: holds a million million of the largest amounts that a file may say."""
    return models.DecimalField(max_digits=38, decimal_places=DECIMALS, **options)
