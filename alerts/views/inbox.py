"""The inbox: a list of alerts, one of them opened with its evidence, and what staff do with it."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from alerts.filtersets import AlertFilters, listed_alerts, tally
from alerts.forms import CommentForm, SnoozeForm
from alerts.models import Alert, NotOpen
from alerts.views.opened import opened
from alerts.words import badge_of
from console.organizations.access import StaffRequest, allowed, may
from console.paging import keyset

LINES = 12
MORNING = time(8)
SNOOZES = [(1, "Until tomorrow"), (3, "3 days"), (7, "A week"), (30, "30 days")]


@require_safe
@allowed("view")
def alert_list(request: StaffRequest) -> HttpResponse:
    """The inbox; `?alert=` says which alert is open, else it is the first."""
    chosen = request.GET.get("alert")
    return _inbox(request, _alert(request, chosen) if chosen else None)


@require_safe
@allowed("view")
def alert_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The inbox with this alert open: the address to send to a colleague."""
    return _inbox(request, _alert(request, pk))


def _alert(request: StaffRequest, pk: Any) -> Alert:
    try:
        key = UUID(str(pk))
    except ValueError:
        key = UUID(int=0)
    alert: Alert = get_object_or_404(
        listed_alerts(request.organization).select_related("campaign__segment"), pk=key
    )
    return alert


def _inbox(request: StaffRequest, alert: Alert | None) -> HttpResponse:
    filters = AlertFilters(request, listed_alerts(request.organization))
    is_chosen = alert is not None
    page = keyset(filters.rows, request, orders={"fired": ("fired_at", "id")}, default="-fired", size=LINES)
    alert = alert or (_alert(request, page.rows[0].pk) if page.rows else None)
    lines = [(row, *badge_of(row, request.staff), _address(request, row)) for row in page.rows]
    context = {
        "filters": filters,
        "page": page,
        "lines": lines,
        "tally": tally(request.organization, request.staff),
        "alert": alert,
        "is_chosen": is_chosen,
        "may_edit": may(request.staff, "campaigns.edit"),
    }
    if alert:
        context |= opened(request, alert) | _neighbours(alert, lines, page)
        context |= {
            "comment": CommentForm(),
            "snoozes": SNOOZES,
            "may_work": may(request.staff, "alerts.work"),
        }
    return render(request, "alerts/alert_list.html", context)


def _address(request: StaffRequest, alert: Alert) -> str:
    """Where a line of the list leads: the same list with that alert open."""
    query = request.GET.copy()
    query["alert"] = str(alert.pk)
    path = request.organization.url("alerts:alert_list")
    if request.path != path:  # a cursor is good for its own list only
        for name in ("after", "before"):
            query.pop(name, None)
    return f"{path}?{query.urlencode()}"


def _neighbours(alert: Alert, lines: list[Any], page: Any) -> dict[str, Any]:
    """The place of the open alert in the list, and the ones before and after it."""
    place = next((n for n, line in enumerate(lines) if line[0].pk == alert.pk), None)
    if place is None:
        return {}
    return {
        "place": page.first + place,
        "earlier": lines[place - 1][3] if place else page.previous,
        "later": lines[place + 1][3] if place + 1 < len(lines) else page.next,
    }


@require_POST
@allowed("alerts.work")
def alert_assign(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Make the person who asks the one who works on it."""
    alert = _locked(request, pk)
    return _done(
        request,
        alert,
        lambda: alert.assign(request.staff, by=request.staff, at=timezone.now()),
        "is yours now",
    )


@require_POST
@allowed("alerts.work")
def alert_resolve(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Close it; its banner is withdrawn with it."""
    alert = _locked(request, pk)
    said = "resolved. The customer’s banner is withdrawn" if alert.campaign.banners.exists() else "resolved"
    return _done(request, alert, lambda: alert.resolve(by=request.staff, at=timezone.now()), said)


@require_POST
@allowed("alerts.work")
def alert_snooze(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Put it aside for some days, until eight in the morning of the organization."""
    alert, form = _locked(request, pk), SnoozeForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Say for how many days to snooze it: 1 to 365.")
        return _back(request, alert)
    now, zone = timezone.now(), request.organization.zone
    day = now.astimezone(zone).date() + timedelta(days=form.cleaned_data["days"])
    until = datetime.combine(day, MORNING, zone)
    said = f"snoozed until {day.day} {day:%b}, or until it clears"
    return _done(request, alert, lambda: alert.snooze(until, by=request.staff, at=now), said)


@require_POST
@allowed("alerts.work")
def alert_comment(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Leave words for colleagues."""
    alert, form = _locked(request, pk), CommentForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for error in form.errors["note"]))
        return _back(request, alert)
    alert.comment(form.cleaned_data["note"], by=request.staff, at=timezone.now())
    messages.success(request, "Comment kept.")
    return _back(request, alert)


def _locked(request: StaffRequest, pk: UUID) -> Alert:
    alerts = request.organization.alerts.select_for_update(of=("self",)).select_related("campaign")
    alert: Alert = get_object_or_404(alerts, pk=pk)
    return alert


def _done(request: StaffRequest, alert: Alert, change: Any, said: str) -> HttpResponse:
    try:
        change()
    except NotOpen as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"{alert.reference} {said}.")
    return _back(request, alert)


def _back(request: StaffRequest, alert: Alert) -> HttpResponse:
    """To the list that the person came from, else to the alert."""
    back = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    return HttpResponseRedirect(back if is_ours and back.startswith("/") else alert.get_absolute_url())
