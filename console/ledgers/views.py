"""Ledgers: the list, and the page of one with what its accounts hold."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from console.columns import Column, choose
from console.counts import count_of
from console.ledgers.contents import outside_of
from console.ledgers.filtersets import LedgerFilters
from console.ledgers.forms import LedgerForm
from console.ledgers.models import Ledger
from console.ledgers.narrowing import narrowed
from console.listing import Listing, show_list
from console.metadata import in_words
from console.organizations.access import StaffRequest, allowed, may
from console.paging import keyset
from console.sheets import Sheet, delete, leave, show_form
from console.statuses import status_badge
from console.totals import asked_totals

ORDERS = {"name": ("name", "id"), "created": ("created_at", "id")}
COLUMNS = [
    Column("name", "Ledger", str, "name", sort="name", is_fixed=True),
    Column("assets", "Assets", lambda row: ", ".join(asset.code for asset in row.assets.all())),
    Column("status", "Status", lambda row: status_badge(row.status), "badge"),
    Column("created", "Since", lambda row: row.created_at, "since", sort="created"),
]
SHOWN = 20


@require_safe
@allowed("view")
@narrowed
def ledger_list(request: StaffRequest) -> HttpResponse:
    """The organization's books, by name."""
    filters = LedgerFilters(request, request.organization.ledgers.prefetch_related("assets"))
    page = keyset(filters.rows, request, orders=ORDERS, default="name")
    listing = Listing(request, "ledger", "ledgers", filters, choose(request, "ledgers", COLUMNS), page)
    may_edit = may(request.staff, "record.edit")
    return show_list(request, "ledgers/ledger_list.html", listing, may_edit=may_edit)


@require_safe
@allowed("view")
@narrowed
def ledger_detail(request: StaffRequest, pk: Any) -> HttpResponse:
    """A ledger's assets, how many accounts it has and what they hold per asset."""
    organization = request.organization
    ledger = get_object_or_404(organization.ledgers.select_related("organization"), pk=pk)
    accounts = organization.accounts.with_balance(organization).filter(ledger=ledger)
    count = count_of(accounts)
    context = {
        "ledger": ledger,
        "assets": outside_of(ledger, list(ledger.assets.all()[:SHOWN])),
        "asset_count": ledger.assets.count(),
        "count": count,
        "totals": asked_totals(request, accounts, count),
        "among": f"ledger={ledger.pk}",
        "types": ledger.account_types.all()[:SHOWN],
        "type_count": ledger.account_types.count(),
        "portfolios": ledger.portfolios.order_by("name", "pk")[:SHOWN],
        "portfolio_count": ledger.portfolios.count(),
        "metadata": in_words(ledger.metadata),
        "may_edit": may(request.staff, "record.edit"),
    }
    return render(request, "ledgers/ledger_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("record.edit")
def ledger_create(request: StaffRequest) -> HttpResponse:
    """A new set of books."""
    form = LedgerForm(request, Ledger(organization=request.organization))
    if form.is_bound and form.is_kept():
        return leave(request, form.record.get_absolute_url(), f"Ledger {form.record} is created.")
    up_url = request.organization.url("ledgers:ledger_list")
    return show_form(request, form, Sheet("New ledger", "Ledgers", up_url, "Create the ledger", "Creating…"))


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("record.edit")
def ledger_edit(request: StaffRequest, pk: Any) -> HttpResponse:
    """Its name, its state, what it demands of accounts, its metadata."""
    ledger = get_object_or_404(request.organization.ledgers.select_related("organization"), pk=pk)
    form = LedgerForm(request, ledger)
    if form.is_bound and form.is_kept():
        return leave(request, ledger.get_absolute_url(), f"Ledger {ledger} is saved.")
    name = form.initial["name"]
    return show_form(request, form, Sheet(f"Edit ledger {name}", name, ledger.get_absolute_url()))


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("record.edit")
def ledger_delete(request: StaffRequest, pk: Any) -> HttpResponse:
    """What hangs on it, and the button where nothing keeps it."""
    ledger = get_object_or_404(request.organization.ledgers.select_related("organization"), pk=pk)
    name, url = f"ledger {ledger}", ledger.get_absolute_url()
    sheet = Sheet(f"Delete {name}?", ledger.name, url, f"Delete {name}", "Deleting…")
    after = request.organization.url("ledgers:ledger_list")
    return delete(request, ledger, sheet, after=after, name=name)
