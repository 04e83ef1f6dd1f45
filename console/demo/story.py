"""Eight weeks in the life of the demo bank, told through the console's own methods: what a newcomer finds."""

from datetime import date, datetime, time, timedelta

from console.demo import arrivals, groups, letters, monitors, watch
from console.organizations.models import Organization, Role, Staff

REFRESHED = (56, 42, 28, 21, 14, 7, 3, 1, 0)
CHANGED, WATCHED = 25, 21
SENT = {27: letters.COACHED, 6: letters.COACHED, 1: letters.SAVED, 0: letters.WELCOMED}
WORKED = (4, 2, 0)
LOOKED = (21, 7, 1, 0)


def tell(organization: Organization, *, as_of: date) -> None:
    """Live through the eight weeks up to the morning of `as_of`, day by day."""
    staff = {person.role: person for person in organization.staff.all()}
    for days in range(REFRESHED[0], -1, -1):
        at = datetime.combine(as_of - timedelta(days=days), time(6), organization.zone)
        _live(organization, staff, days, at)


def _live(organization: Organization, staff: dict[str, Staff], days: int, at: datetime) -> None:
    analyst, marketer, operator = staff[Role.ANALYST], staff[Role.MARKETER], staff[Role.OPERATOR]
    if days == REFRESHED[0]:
        groups.found(organization, by=analyst, marketer=marketer, at=at)
        letters.prepare_letters(organization, by=marketer, at=at + timedelta(hours=3))
    if days == CHANGED:
        risk = organization.segments.get(name=groups.RISK)
        risk.save_definition(groups.at_risk("150.00"), by=analyst, at=at + timedelta(hours=4))
        monitors.set_up(organization, by=analyst, at=at + timedelta(hours=5))
    if days in REFRESHED:
        groups.refresh(organization, at=at)
    if days in LOOKED:
        monitors.look(organization, at=at + timedelta(minutes=15))
    if days in SENT:
        letters.send(
            organization,
            SENT[days],
            by=marketer,
            approver=staff[Role.APPROVER],
            at=at + timedelta(minutes=20),
        )
    if days == WATCHED:
        watch.watch_low_balances(organization, by=marketer, approver=staff[Role.APPROVER], at=at)
    if days == 0:
        arrivals.receive(organization, by=operator, at=at)
    if days < WATCHED:
        watch.judge(organization, at=at + timedelta(minutes=10))
    if days in WORKED:
        watch.work(organization, by=staff[Role.ADMIN], helper=analyst, at=at + timedelta(minutes=30))
