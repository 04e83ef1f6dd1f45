"""Ledgers: the list, and the page of one with what its accounts hold."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from console.columns import Column, choose
from console.counts import count_of
from console.ledgers.filtersets import LedgerFilters
from console.listing import Listing, show_list
from console.organizations.access import StaffRequest, allowed
from console.paging import keyset
from console.totals import asked_totals

ORDERS = {"name": ("name", "id"), "created": ("created_at", "id")}
COLUMNS = [
    Column("name", "Ledger", str, "name", sort="name", is_fixed=True),
    Column("assets", "Assets", lambda row: ", ".join(asset.code for asset in row.assets.all())),
    Column("created", "Since", lambda row: row.created_at, "since", sort="created"),
]


@require_safe
@allowed("view")
def ledger_list(request: StaffRequest) -> HttpResponse:
    """The organization's books, by name."""
    filters = LedgerFilters(request, request.organization.ledgers.prefetch_related("assets"))
    page = keyset(filters.rows, request, orders=ORDERS, default="name")
    listing = Listing(request, "ledger", "ledgers", filters, choose(request, "ledgers", COLUMNS), page)
    return show_list(request, "ledgers/ledger_list.html", listing)


@require_safe
@allowed("view")
def ledger_detail(request: StaffRequest, pk: Any) -> HttpResponse:
    """A ledger's assets, how many accounts it has and what they hold per asset."""
    organization = request.organization
    ledger = get_object_or_404(organization.ledgers, pk=pk)
    accounts = organization.accounts.with_balance(organization).filter(ledger=ledger)
    count = count_of(accounts)
    context = {
        "ledger": ledger,
        "assets": ledger.assets.all(),
        "count": count,
        "totals": asked_totals(request, accounts, count),
        "portfolios": ledger.portfolios.order_by("name", "pk")[:20],
    }
    return render(request, "ledgers/ledger_detail.html", context)
