"""Endpoints: the list, one with its secrets and its health, making and changing one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communications.columns import BY_NAME, ENDPOINT_COLUMNS, state_badge, what_happened
from communications.filtersets import NameFilters
from communications.forms import EndpointForm
from communications.models import DomainEvent, Endpoint
from communications.models.endpoints import NotApproved, StillRotating
from communications.tasks import dispatch
from communications.views.tabs import tabs
from console.approvals.words import latest
from console.columns import choose
from console.customers.masking import sight_of
from console.listing import Listing, show_list
from console.organizations.access import StaffRequest, allowed, may
from console.organizations.approving import ask
from console.organizations.kinds import Impossible
from console.paging import keyset
from console.wakeup import wake


@require_safe
@allowed("view")
def endpoint_list(request: StaffRequest) -> HttpResponse:
    """Every endpoint and whether it answers."""
    filters = NameFilters(request, request.organization.endpoints.select_related("organization"))
    page = keyset(filters.rows, request, orders=BY_NAME, default="name")
    listing = Listing(
        request, "endpoint", "endpoints", filters, choose(request, "endpoints", ENDPOINT_COLUMNS), page
    )
    context = {"may_edit": may(request.staff, "communications.edit"), "tabs": tabs(request, "endpoint_list")}
    return show_list(request, "communications/endpoint_list.html", listing, **context)


@require_safe
@allowed("view")
def endpoint_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Where it leads, which secrets sign, whether it answers, and what it refused last."""
    return _show(request, _endpoint(request, pk), secrets=None)


@require_POST
@allowed("communications.edit")
def endpoint_secret(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The same page with the secrets in clear, to copy them into the receiver."""
    endpoint = _endpoint(request, pk)
    return _show(request, endpoint, secrets=endpoint.secrets_live(at=timezone.now()))


def _show(request: StaffRequest, endpoint: Endpoint, secrets: list[str] | None) -> HttpResponse:
    refused = endpoint.messages.filter(state__in=["failed", "dead"]).order_by("-pk")
    refused = refused.select_related("customer", "configuration", "organization")
    context = {
        "endpoint": endpoint,
        "live": endpoint.live(at=timezone.now()),
        "secrets": secrets,
        "refused": [
            (one, state_badge(one), what_happened(one, sight_of(request.staff))) for one in refused[:10]
        ],
        "waiting": endpoint.messages.filter(state="queued").count(),
        "events": endpoint.transitions.select_related("by__user")[:10],
        "uses": request.organization.configurations.filter(version__endpoint=endpoint),
        "told": [DomainEvent(each).label for each in endpoint.events],
        "approval": latest(request.staff, "endpoint", endpoint.pk),
        "may_edit": may(request.staff, "communications.edit"),
    }
    return render(request, "communications/endpoint_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("communications.edit")
def endpoint_create(request: StaffRequest) -> HttpResponse:
    """A new endpoint, with its first secret."""
    return _write(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("communications.edit")
def endpoint_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Another name, address or list of events; messages that wait go there once somebody else approved it."""
    return _write(request, _endpoint(request, pk))


def _write(request: StaffRequest, endpoint: Endpoint | None) -> HttpResponse:
    kept = ("name", "url", "events")
    initial = {name: getattr(endpoint, name) for name in kept} if endpoint else None
    form = EndpointForm(request.organization, request.POST or None, existing=endpoint, initial=initial)
    if form.is_valid():
        saved = form.save(by=request.staff, at=timezone.now())
        if saved.approval_id is None:
            _ask(request, saved)
        return redirect(saved)
    context = {"form": form, "endpoint": endpoint}
    return render(request, "communications/endpoint_form.html", context, status=422 if form.is_bound else 200)


@require_POST
@allowed("communications.edit")
def endpoint_rotate(request: StaffRequest, pk: UUID) -> HttpResponse:
    """A new secret beside the old one."""
    endpoint = _endpoint(request, pk)
    try:
        endpoint.rotate(by=request.staff, at=timezone.now())
    except StillRotating as other:
        until = other.until.astimezone(request.organization.zone)
        messages.error(request, f"Two secrets are live until {until:%-d %b, %H:%M}. Rotate again after that.")
    else:
        messages.success(request, "A new secret signs from now on; the one before signs along for 24 hours.")
    return redirect(endpoint)


@require_POST
@allowed("communications.edit")
def endpoint_turn(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Disable; enable with the address that was approved, or ask that somebody approve it."""
    endpoint, now = _endpoint(request, pk), timezone.now()
    if request.POST.get("state") != "enabled":
        endpoint.disable(reason="Disabled by hand.", by=request.staff, at=now)
        return redirect(endpoint)
    try:
        endpoint.enable(by=request.staff, at=now)
        wake(dispatch)
    except NotApproved:
        _ask(request, endpoint)
    return redirect(endpoint)


def _ask(request: StaffRequest, endpoint: Endpoint) -> None:
    try:
        ask("endpoint", endpoint.pk, by=request.staff, at=timezone.now())
    except Impossible as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, "Asked. Webhooks go there once somebody else approves the address.")


def _endpoint(request: StaffRequest, pk: UUID) -> Endpoint:
    endpoints = request.organization.endpoints.select_related("organization")
    found: Endpoint = get_object_or_404(endpoints, pk=pk)
    return found
