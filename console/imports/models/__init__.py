"""Runs of imports and what belongs to them."""

from console.imports.models.rows import RejectedRow, RunEvent
from console.imports.models.runs import ImportRun, Stopped
from console.imports.models.seen import SeenKey

__all__ = ["ImportRun", "RejectedRow", "RunEvent", "SeenKey", "Stopped"]
