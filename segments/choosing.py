"""Choosing one of very many segments: which there are, how one is looked for, and what it is called."""

from typing import Any

from django.db.models import QuerySet

from console.picking import Source, named
from segments.models import Segment


def among(segments: "QuerySet[Any]") -> Source:
    """These segments by name, as there is to choose."""
    return Source(segments.select_related("ledger").order_by("name", "pk"), named, called)


def called(segment: Segment) -> str:
    """Its name, with its ledger where it is one ledger's: two ledgers may have one of the same name."""
    return f"{segment.name} ({segment.ledger})" if segment.ledger else segment.name
