"""/api/v1/campaigns and /alerts: what is watched, and what was found. Read only; decisions are in `alerts.api`."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Query, Router, Schema

from alerts.models import Campaign
from console.bearer import KeyAuth
from console.cursors import CursorQuery, list_of, page_of
from console.exact import Money
from console.moments import Moment
from console.organizations.access import KeyRequest
from console.organizations.models import KeyScope
from console.problems import one_of

router = Router(tags=["alerts"], auth=KeyAuth(KeyScope.ALERTS_READ))


class CampaignOut(Schema):
    """A campaign: which segment is watched, and below which ledger balance an alert fires."""

    id: UUID
    name: str
    state: str
    version: int
    priority: int
    segment_id: UUID
    threshold: Money | None
    clear_at: Money | None
    currency: str | None
    created_at: datetime

    @staticmethod
    def of(campaign: Campaign) -> "CampaignOut":
        trigger = getattr(campaign, "trigger", None)
        return CampaignOut(
            id=campaign.pk,
            name=campaign.name,
            state=campaign.state,
            version=campaign.version,
            priority=campaign.priority,
            segment_id=campaign.segment_id,
            threshold=trigger.threshold if trigger else None,
            clear_at=trigger.clear_at if trigger else None,
            currency=trigger.currency if trigger else None,
            created_at=campaign.created_at,
        )


class AlertOut(Schema):
    """A crossing: the balance `value` on the ledger date `as_of`, and the threshold that it fell below."""

    id: UUID
    campaign_id: UUID
    account_id: UUID
    episode: int
    state: str
    value: Money
    threshold: Money
    currency: str
    as_of: date
    fired_at: datetime
    snoozed_until: datetime | None
    ended_at: datetime | None


class AlertQuery(CursorQuery):
    campaign_id: UUID | None = None
    account_id: UUID | None = None
    state: Literal["firing", "recovering", "snoozed", "resolved", "voided", ""] = ""
    fired_since: Moment | None = None


@router.get("/campaigns", response=list_of(CampaignOut), summary="List campaigns")
def list_campaigns(request: KeyRequest, query: Query[CursorQuery]) -> dict[str, Any]:
    """In the order in which they were made, ended ones too."""
    rows = request.auth.organization.campaigns.select_related("trigger")
    return page_of(rows, query, "created_at", CampaignOut.of)


@router.get("/campaigns/{campaign_id}", response=CampaignOut, summary="Get a campaign")
def get_campaign(request: KeyRequest, campaign_id: UUID) -> CampaignOut:
    """Its rule as it is now."""
    rows = request.auth.organization.campaigns.select_related("trigger")
    return CampaignOut.of(one_of(rows, campaign_id, "campaign"))


@router.get("/alerts", response=list_of(AlertOut), summary="List alerts")
def list_alerts(request: KeyRequest, query: Query[AlertQuery]) -> dict[str, Any]:
    """In the order in which they fired, so that a reader goes on where it stopped."""
    asked = {
        "campaign": query.campaign_id,
        "account": query.account_id,
        "state": query.state,
        "fired_at__gte": query.fired_since,
    }
    rows = request.auth.organization.alerts.filter(**{name: value for name, value in asked.items() if value})
    return page_of(rows, query, "fired_at", AlertOut.from_orm)


@router.get("/alerts/{alert_id}", response=AlertOut, summary="Get an alert")
def get_alert(request: KeyRequest, alert_id: UUID) -> Any:
    """As it stands now."""
    return AlertOut.from_orm(one_of(request.auth.organization.alerts.all(), alert_id, "alert"))
