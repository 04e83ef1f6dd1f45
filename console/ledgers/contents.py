"""What ledgers are made of: their assets and account types, as lists and the page of one."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from console.columns import Column, choose
from console.counts import count_of
from console.ledgers.filtersets import AssetFilters, TypeFilters
from console.ledgers.models import Asset
from console.ledgers.narrowing import narrowed
from console.listing import Listing, show_list
from console.metadata import in_words
from console.organizations.access import StaffRequest, allowed, may
from console.paging import keyset
from console.statuses import status_badge

BY_CODE = {"code": ("code", "id"), "name": ("name", "id"), "created": ("created_at", "id")}
ASSET_COLUMNS = [
    Column("code", "Code", str, "name", sort="code", is_fixed=True),
    Column("name", "Name", lambda row: row.name, sort="name"),
    Column("ledger", "Ledger", lambda row: str(row.ledger)),
    Column("kind", "Kind", lambda row: row.get_type_display()),
    Column("scale", "Decimals", lambda row: row.scale, "number"),
    Column("status", "Status", lambda row: status_badge(row.status), "badge"),
    Column("created", "Since", lambda row: row.created_at, "since", sort="created", is_usual=False),
]
BY_NAME = {"name": ("name", "id"), "key": ("key_value", "id"), "created": ("created_at", "id")}
TYPE_COLUMNS = [
    Column("name", "Name", str, "name", sort="name", is_fixed=True),
    Column("key", "Key", lambda row: row.key_value, "code", sort="key"),
    Column("ledger", "Ledger", lambda row: str(row.ledger)),
    Column("description", "Description", lambda row: row.description),
    Column("created", "Since", lambda row: row.created_at, "since", sort="created", is_usual=False),
]


@require_safe
@allowed("view")
@narrowed
def asset_list(request: StaffRequest) -> HttpResponse:
    """What the ledgers count in, by code."""
    filters = AssetFilters(request, request.organization.assets.select_related("ledger"))
    page = keyset(filters.rows, request, orders=BY_CODE, default="code")
    listing = Listing(request, "asset", "assets", filters, choose(request, "assets", ASSET_COLUMNS), page)
    return show_list(request, "ledgers/asset_list.html", listing)


@require_safe
@allowed("view")
def asset_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """An asset's facts, how many accounts are kept in it, and the account that stands for the world outside."""
    assets = request.organization.assets.select_related("ledger", "organization")
    asset: Asset = get_object_or_404(assets, pk=pk)
    accounts = request.organization.accounts.filter(ledger=asset.ledger_id, asset_code=asset.code)
    context = {
        "asset": asset,
        "count": count_of(accounts),
        "outside": outside_of(asset.ledger, [asset])[0][1],
        "metadata": in_words(asset.metadata),
        "may_edit": may(request.staff, "record.edit"),
    }
    return render(request, "ledgers/asset_detail.html", context)


def outside_of(ledger: Any, assets: list[Asset]) -> list[tuple[Asset, str]]:
    """Assets of the ledger, each with the address of its external account, "" where there is none."""
    accounts: Any = ledger.organization.accounts(manager="everything").filter(ledger=ledger, deleted_at=None)
    outside = accounts.filter(alias__in=[asset.external_alias for asset in assets])
    keys = dict(outside.values_list("alias", "pk"))
    page = ledger.organization.url
    found = [(asset, keys.get(asset.external_alias)) for asset in assets]
    return [(asset, page("portfolios:account_detail", key) if key else "") for asset, key in found]


@require_safe
@allowed("view")
@narrowed
def type_list(request: StaffRequest) -> HttpResponse:
    """The account types of the ledgers, by name."""
    filters = TypeFilters(request, request.organization.account_types.select_related("ledger"))
    page = keyset(filters.rows, request, orders=BY_NAME, default="name")
    columns = choose(request, "account types", TYPE_COLUMNS)
    listing = Listing(request, "type", "account types", filters, columns, page)
    return show_list(request, "ledgers/type_list.html", listing)


@require_safe
@allowed("view")
def type_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """An account type's facts, and how many accounts are of it."""
    types = request.organization.account_types.select_related("ledger", "organization")
    found: Any = get_object_or_404(types, pk=pk)
    accounts = request.organization.accounts.filter(ledger=found.ledger_id, type=found.key_value)
    context = {
        "type": found,
        "count": count_of(accounts),
        "metadata": in_words(found.metadata),
        "may_edit": may(request.staff, "record.edit"),
    }
    return render(request, "ledgers/type_detail.html", context)
