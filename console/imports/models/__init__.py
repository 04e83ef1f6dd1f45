"""Runs of imports and what belongs to them."""

from console.imports.models.rows import RejectedRow, RunEvent
from console.imports.models.runs import ImportRun, NotPossible, Stopped
from console.imports.models.seen import SeenKey

__all__ = ["ImportRun", "NotPossible", "RejectedRow", "RunEvent", "SeenKey", "Stopped"]
