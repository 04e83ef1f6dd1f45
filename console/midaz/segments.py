"""Segments of a ledger as Midaz has them: names that accounts carry. Ours with a definition are not among them."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from console.midaz.faults import Refused
from console.midaz.places import LedgerPath, Place
from console.midaz.resources import Resource
from console.midaz.schemas import Name, Said, Stated, StatedOut, Text
from segments.assigned import retiring
from segments.assigned.assigning import blank
from segments.models import Segment


class SegmentIn(Stated):
    name: Name


class SegmentPatch(Stated):
    name: Text | None = None


class SegmentOut(StatedOut):
    name: str
    ledger_id: UUID
    organization_id: UUID


class Segments(Resource[Segment]):
    entity, path = "Segment", "/{organization_id}/ledgers/{ledger_id}/segments"
    ids = LedgerPath
    creation, change, out = SegmentIn, SegmentPatch, SegmentOut

    def rows(self, place: Place) -> "QuerySet[Segment]":
        return place.ledger.segments.filter(kind=Segment.Kind.ASSIGNED, archived_at=None)

    def blank(self, place: Place) -> Segment:
        return blank(place.organization, ledger=place.ledger)

    def end(self, place: Place, row: Segment) -> None:
        """Accounts carry it no more. Raises StillUsed while a campaign, communication or segment uses it."""
        retiring.delete(row, at=place.at)

    def taken(self, said: Said) -> Refused:
        return Refused("0015", self.entity, name=getattr(said, "name", ""))

    def shown(self, row: Segment) -> dict[str, Any]:
        return {"name": row.name, "ledger_id": row.ledger_id, "organization_id": row.organization_id}
