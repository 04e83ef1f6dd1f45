"""Communications: the list, one with its books, writing one, activating and pausing it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communications.books import books_of_configuration, books_of_runs, held_back
from communications.columns import BY_NAME, CONFIGURATION_COLUMNS, state_badge, what_happened
from communications.filtersets import ConfigurationFilters
from communications.forms import FORMS
from communications.models import Configuration
from communications.models.templates import Overtaken
from communications.tasks import dispatch
from communications.views.tabs import tabs
from console.approvals.words import latest
from console.charts import share_bar
from console.columns import choose
from console.customers.masking import sight_of
from console.listing import Listing, show_list
from console.organizations.access import StaffRequest, allowed, may
from console.paging import keyset
from console.wakeup import wake

RELATED = ("organization", "version__segment__organization", "version__template__organization")


@require_safe
@allowed("view")
def configuration_list(request: StaffRequest) -> HttpResponse:
    """Every communication: what it says to whom, and when it last did."""
    rows = request.organization.configurations.select_related(*RELATED, "version__endpoint__organization")
    filters = ConfigurationFilters(request, rows.annotate(last_sent_at=Max("runs__confirmed_at")))
    page = keyset(filters.rows, request, orders=BY_NAME, default="name")
    columns = choose(request, "communications", CONFIGURATION_COLUMNS)
    listing = Listing(request, "configuration", "communications", filters, columns, page)
    context = {
        "may_edit": may(request.staff, "communications.edit"),
        "tabs": tabs(request, "configuration_list"),
    }
    return show_list(request, "communications/configuration_list.html", listing, **context)


@require_safe
@allowed("view")
def configuration_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Do the books balance, what was sent when, what says it to whom, and who was held back why."""
    configuration = configuration_of(request, pk)
    runs = list(configuration.runs.select_related("confirmed_by__user", "organization")[:10])
    books = books_of_runs(runs)
    recent = configuration.messages.select_related("customer", "organization").order_by("-pk")[:6]
    context = {
        "configuration": configuration,
        "badge": state_badge(configuration),
        "books": books_of_configuration(configuration),
        "runs": [(run, books[run.pk]) for run in runs],
        "messages_shown": [
            (row, state_badge(row), what_happened(row, sight_of(request.staff))) for row in recent
        ],
        "reasons": bars(held_back(configuration.messages.all())),
        "events": _events(configuration),
        "approval": latest(request.staff, "send", configuration.pk),
        "may_edit": may(request.staff, "communications.edit"),
        "may_send": may(request.staff, "communications.send"),
    }
    return render(request, "communications/configuration_detail.html", context)


def bars(reasons: list[tuple[str, int]]) -> list[tuple[str, int, Any]]:
    """Reasons with the bar that shows each beside the commonest."""
    most = max((number for _, number in reasons), default=1)
    return [(reason, number, share_bar(number, most)) for reason, number in reasons]


def _events(configuration: Configuration) -> list[dict[str, Any]]:
    """Versions and transitions together, the newest first, for components/timeline.html."""
    versions = configuration.versions.select_related("created_by__user")[:10]
    transitions = configuration.transitions.select_related("by__user")[:10]
    events: list[dict[str, Any]] = [
        {"text": f"Version {one.number}", "at": one.created_at, "by": one.created_by} for one in versions
    ]
    for one in transitions:
        text = "Activated" if one.state == "active" else "Paused"
        events.append(
            {"text": text, "at": one.at, "by": one.by, "tone": "good" if text == "Activated" else ""}
        )
    return sorted(events, key=lambda event: event["at"], reverse=True)[:10]


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("communications.edit")
def configuration_create(request: StaffRequest) -> HttpResponse:
    """A new communication by the channel that the address names."""
    channel = request.GET.get("channel", "email")
    return _write(request, None, channel if channel in FORMS else "email")


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("communications.edit")
def configuration_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The next version of a communication."""
    configuration = configuration_of(request, pk)
    return _write(request, configuration, configuration.version.channel if configuration.version else "email")


def _write(request: StaffRequest, configuration: Configuration | None, channel: str) -> HttpResponse:
    kind = FORMS[channel]
    initial = kind.of(configuration) if configuration else request.GET.dict()
    form = kind(request.organization, request.POST or None, existing=configuration, initial=initial)
    overtaken = None
    if form.is_valid():
        try:
            saved = form.save(by=request.staff, at=timezone.now())
        except Overtaken as other:
            overtaken = other.version
        else:
            return redirect(saved)
    context = {"form": form, "configuration": configuration, "channel": channel, "overtaken": overtaken}
    status = 422 if form.is_bound else 200
    return render(request, "communications/configuration_form.html", context, status=status)


@require_POST
@allowed("communications.send")
def configuration_turn(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Activate or pause."""
    configuration = configuration_of(request, pk)
    state = "active" if request.POST.get("state") == "active" else "paused"
    configuration.turn(state, by=request.staff, at=timezone.now())
    wake(dispatch)
    words = (
        "Active: it can be sent, and what waits goes out."
        if state == "active"
        else "Paused: what is planned waits."
    )
    messages.success(request, words)
    return redirect(configuration)


def configuration_of(request: StaffRequest, pk: UUID) -> Configuration:
    """A communication of the request's organization, or 404."""
    rows = request.organization.configurations.select_related(*RELATED, "version__endpoint__organization")
    found: Configuration = get_object_or_404(rows, pk=pk)
    return found
