"""/api/v1/monitors: figures that are watched for every customer, and for whom each one holds."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Field, Query, Router, Schema, Status

from console.billing import keeping
from console.billing.api.bodies import READ, WRITE, Code, Metadata, Name, Threshold, kept
from console.billing.models import Monitor
from console.billing.models.monitors import FARTHEST
from console.billing.tasks import evaluate
from console.bodies import Said, asked, ended, held, put
from console.cursors import CursorQuery, list_of, page_of
from console.exact import Money
from console.organizations.access import KeyRequest
from console.problems import one_of
from console.wakeup import wake

router = Router(tags=["monitors"], auth=READ)
FigureName = Literal["balance", "unpaid", "overdue", "days_overdue", "money_in", "money_out", "transactions"]
Test = Literal["lt", "lte", "gt", "gte"]
LAST_DAYS = Field(
    None, ge=1, le=FARTHEST, description="How far back, today included; for figures of the last days."
)
OF_MONEY = Field("", description="ISO 4217; for figures that are money.")


class MonitorOut(Schema):
    """A monitor as last evaluated: who has its figure (`known`), for how many it holds, why it failed (`fault`)."""

    id: UUID
    name: str
    figure: str
    test: str
    threshold: Money
    currency: str
    days: int | None
    evaluated_at: datetime | None
    known: int | None
    holding: int | None
    fault: str
    metadata: dict[str, Any]
    created_at: datetime
    updated_at: datetime


class MonitorIn(Said):
    """A new monitor; no other one of the organization has its name."""

    name: Name = Field(examples=["Owes since long"])
    figure: FigureName = Field(examples=["days_overdue"])
    test: Test = Field(examples=["gt"])
    threshold: Threshold
    currency: Code = OF_MONEY
    days: int | None = LAST_DAYS
    metadata: Metadata = {}


class MonitorPatch(Said):
    """A change (RFC 7396); it is evaluated anew."""

    name: Name = ""
    figure: FigureName = "balance"
    test: Test = "lt"
    threshold: Threshold | None = None
    currency: Code = OF_MONEY
    days: int | None = LAST_DAYS
    metadata: Metadata = {}


class ReadingOut(Schema):
    """A customer's figure, whether the monitor holds for it, and since when it does or does not."""

    customer_id: UUID
    value: Money
    state: str
    since: datetime


class MonitorQuery(CursorQuery):
    name: str = Field("", max_length=100, description="Exactly this name.")
    figure: FigureName | Literal[""] = ""


class ReadingQuery(CursorQuery):
    customer_id: UUID | None = None
    state: Literal["holds", "does not hold", ""] = ""


@router.get("/monitors", response=list_of(MonitorOut), summary="List monitors")
def list_monitors(request: KeyRequest, query: Query[MonitorQuery]) -> dict[str, Any]:
    """By their names."""
    rows = request.auth.organization.monitors.filter(**asked(query, "name", "figure"))
    return page_of(rows, query, "name", MonitorOut.from_orm)


@router.post("/monitors", response={201: MonitorOut}, auth=WRITE, summary="Create a monitor")
def create_monitor(request: KeyRequest, said: MonitorIn) -> Status[Any]:
    """It is evaluated in the background. 409 where there is one of this name."""
    monitor = Monitor(organization=request.auth.organization)
    _change(monitor, said)
    monitor.refresh_from_db()
    return Status(201, MonitorOut.from_orm(monitor))


@router.get("/monitors/{monitor_id}", response=MonitorOut, summary="Get a monitor")
def get_monitor(request: KeyRequest, monitor_id: UUID) -> Any:
    """With what its last evaluation found."""
    return MonitorOut.from_orm(one_of(request.auth.organization.monitors.all(), monitor_id, "monitor"))


@router.patch("/monitors/{monitor_id}", response=MonitorOut, auth=WRITE, summary="Change a monitor")
def change_monitor(request: KeyRequest, monitor_id: UUID, said: MonitorPatch) -> Any:
    """It is evaluated anew in the background; until then its readings are those of before."""
    with kept():
        monitor = held(request.auth.organization.monitors.all(), monitor_id, "monitor")
        _change(monitor, said)
    return MonitorOut.from_orm(monitor)


@router.delete("/monitors/{monitor_id}", response={204: None}, auth=WRITE, summary="Delete a monitor")
def delete_monitor(request: KeyRequest, monitor_id: UUID) -> Status[None]:
    """Its readings go with it."""
    return ended(request.auth.organization.monitors.all(), monitor_id, "monitor")


@router.post(
    "/monitors/{monitor_id}/evaluate", response={202: MonitorOut}, auth=WRITE, summary="Evaluate a monitor"
)
def evaluate_monitor(request: KeyRequest, monitor_id: UUID) -> Status[Any]:
    """Now, in the background, not when its turn comes."""
    rows = request.auth.organization.monitors
    monitor = one_of(rows.all(), monitor_id, "monitor")
    monitor.ask()
    wake(evaluate, str(monitor_id), organization=request.auth.organization_id)
    return Status(202, MonitorOut.from_orm(monitor))


@router.get(
    "/monitors/{monitor_id}/readings", response=list_of(ReadingOut), summary="List a monitor's readings"
)
def list_readings(request: KeyRequest, monitor_id: UUID, query: Query[ReadingQuery]) -> dict[str, Any]:
    """As last evaluated. A customer without the figure, such as one without an account in the currency, has none."""
    monitor = one_of(request.auth.organization.monitors.all(), monitor_id, "monitor")
    rows = monitor.readings.filter(**asked(query, "customer_id", "state"))
    return page_of(rows, query, "customer_id", ReadingOut.from_orm, then="customer_id")


def _change(monitor: Monitor, said: MonitorIn | MonitorPatch) -> None:
    """Put what is said on the monitor, store it and have it evaluated. Raises Unusable, Conflict."""
    put(monitor, said)
    with kept():
        keeping.keep_monitor(monitor)
        wake(evaluate, str(monitor.pk), organization=monitor.organization_id)
