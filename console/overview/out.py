"""What fires and what goes out."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q

from alerts.filtersets import listed_alerts
from alerts.models import Alert, Campaign
from communications.books import Books, books_of_runs
from communications.models import Run
from console.organizations.models import Organization

SHOWN = 5
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Firing:
    """A campaign with its open alerts, those nobody took on, and the latest of them."""

    campaign: Campaign
    firing: int
    unassigned: int
    latest: Alert | None


def what_fires(organization: Organization) -> list[Firing]:
    """Campaigns with open alerts, the most first."""
    is_open = Q(alerts__state=Alert.State.FIRING)
    campaigns = organization.campaigns.annotate(
        firing=Count("alerts", filter=is_open),
        unassigned=Count("alerts", filter=is_open & Q(alerts__assigned_to=None)),
    )
    shown = list(campaigns.filter(firing__gt=0).order_by("-firing", "name")[:SHOWN])
    alerts = listed_alerts(organization).filter(campaign__in=shown, state=Alert.State.FIRING)
    latest = alerts.order_by("campaign_id", "-fired_at", "-pk").distinct("campaign_id")
    by_campaign: dict[Any, Alert] = {alert.campaign_id: alert for alert in latest}
    return [Firing(one, one.firing, one.unassigned, by_campaign.get(one.pk)) for one in shown]


@dataclass(frozen=True)
class Sending:
    """A send with its books, as a line of the day."""

    run: Run
    books: Books

    @property
    def badge(self) -> tuple[str, str]:
        """What stands out, in a word with its tone."""
        if self.books.uncertain:
            return f"{self.books.uncertain:,} uncertain", "warn"
        if self.books.queued:
            return f"{self.books.queued:,} queued", "info"
        if not self.books.refused:
            return "Sent", "good"
        return f"{self.books.refused:,} refused", "" if self.books.sent else "bad"


def what_goes_out(organization: Organization, *, at: datetime) -> list[Sending]:
    """The sends since yesterday began where the organization is, the newest first."""
    yesterday = datetime.combine(organization.local_date(at) - DAY, time.min, organization.zone)
    runs = organization.communication_runs.select_related("configuration__organization")
    recent = list(runs.filter(confirmed_at__gte=yesterday).order_by("-confirmed_at")[:SHOWN])
    books = books_of_runs(recent)
    return [Sending(run, books[run.pk]) for run in recent]
