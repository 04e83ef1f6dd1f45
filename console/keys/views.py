"""Keys of the API: the list, one with its state, making, rotating and revoking. A secret is on one page, once."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from console.columns import choose
from console.keys.columns import BY_NAME, key_columns, state_of
from console.keys.filtersets import KeyFilters
from console.keys.forms import KeyForm
from console.listing import Listing, show_list
from console.organizations.access import StaffRequest, allowed
from console.organizations.models import ApiKey, KeyScope, NotLive, StillRotating
from console.paging import keyset


@require_safe
@allowed("keys.view")
def key_list(request: StaffRequest) -> HttpResponse:
    """Every key, live or ended."""
    keys = request.organization.api_keys.select_related("organization", "created_by__user", "replaced_by")
    filters = KeyFilters(request, keys)
    page = keyset(filters.rows, request, orders=BY_NAME, default="name")
    columns = choose(request, "keys", key_columns(timezone.now()))
    return show_list(request, "keys/key_list.html", Listing(request, "key", "keys", filters, columns, page))


@require_safe
@allowed("keys.view")
def key_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What it opens, until when, who made it and when it was used last; never its secret."""
    return _show(request, _key(request, pk), secret="")


def _show(request: StaffRequest, key: ApiKey, secret: str) -> HttpResponse:
    now = timezone.now()
    context = {
        "key": key,
        "secret": secret,
        "state": state_of(key, at=now),
        "is_live": key.is_live(at=now),
        "opens": [(scope, KeyScope(scope).label) for scope in key.scopes],
        "successor": getattr(key, "replaced_by", None),
    }
    return render(request, "keys/key_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("keys.manage")
def key_create(request: StaffRequest) -> HttpResponse:
    """A new key; the answer shows its secret."""
    form = KeyForm(request.organization, request.POST or None, at=timezone.now())
    if form.is_valid():
        key, secret = form.save(by=request.staff)
        return _show(request, key, secret)
    return render(request, "keys/key_form.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
@allowed("keys.manage")
def key_rotate(request: StaffRequest, pk: UUID) -> HttpResponse:
    """A successor beside it, whose secret the answer shows."""
    key = _key(request, pk)
    try:
        fresh, secret = key.rotate(by=request.staff, at=timezone.now())
    except StillRotating as other:
        until = other.until.astimezone(request.organization.zone)
        messages.error(request, f"Two keys are live until {until:%-d %b, %H:%M}. Rotate again after that.")
    except NotLive:
        messages.error(request, "This key has ended. Make a new one.")
    else:
        return _show(request, fresh, secret)
    return redirect(key)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("keys.manage")
def key_revoke(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Say what stops, then end it at once."""
    key = _key(request, pk)
    if request.method != "POST":
        return render(request, "keys/key_revoke.html", {"key": key})
    try:
        key.revoke(by=request.staff, at=timezone.now())
    except NotLive:
        messages.warning(request, "This key had ended already.")
    else:
        messages.success(request, f"“{key.name}” is revoked: {key.prefix}… opens nothing any more.")
    return redirect(key)


def _key(request: StaffRequest, pk: UUID) -> ApiKey:
    keys = request.organization.api_keys.select_related(
        "organization", "created_by__user", "revoked_by__user"
    )
    found: ApiKey = get_object_or_404(keys.select_related("replaces", "replaced_by"), pk=pk)
    return found
