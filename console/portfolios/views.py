"""Accounts and portfolios: lists, exports, and the page of one."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from console.columns import Chosen, choose
from console.counts import count_of
from console.customers.masking import sight_of
from console.exports import csv_response
from console.ledgers.narrowing import narrowed
from console.listing import Listing, Picking, show_list
from console.metadata import in_words
from console.organizations.access import StaffRequest, allowed, may
from console.organizations.models import Organization
from console.paging import every_row, keyset
from console.portfolios.columns import (
    BULK,
    MORE,
    ORDERS,
    PORTFOLIO_COLUMNS,
    PORTFOLIO_ORDERS,
    account_columns,
    exported_columns,
    facts_of,
)
from console.portfolios.filtersets import (
    AccountFilters,
    PortfolioAccountFilters,
    PortfolioFilters,
    TransactionFilters,
)
from console.portfolios.history import RANGES, asked_range, history_chart
from console.portfolios.holds import outside, standing_of
from console.portfolios.models import Account
from console.portfolios.querysets import AccountQuerySet
from console.sections import sections
from console.totals import asked_totals

FROM_ABOVE = {"segments:account_segments": "Segments", "alerts:account_alerts": "Alerts"}


def shown_accounts(
    organization: Organization, currency: str = "", *, is_any: bool = False
) -> AccountQuerySet:
    """The organization's accounts with all that a row of the list shows; `currency` as in with_balance.

    `is_any`: the external ones of assets too.
    """
    found: Any = organization.accounts(manager="everything").filter(deleted_at=None)
    found = found if is_any else organization.accounts.all()
    accounts = found.with_balance(organization, currency).select_related("portfolio", "ledger")
    holders = organization.account_holders.select_related("customer")
    named = holders.only("organization", "account", "role", "customer__name", "customer__external_id")
    more = [added.prefetch(organization) for added in MORE]
    return accounts.prefetch_related(Prefetch("holders", named), *more)


def chosen_columns(request: StaffRequest) -> Chosen:
    return choose(request, "accounts", account_columns(request.organization, sight_of(request.staff)))


def picking(request: StaffRequest, filters: AccountFilters) -> Picking | None:
    """What the person may do with many accounts at once."""
    if not may(request.staff, "record.edit"):
        return None
    target = filters.data.get("carry", "")
    return Picking(request.organization.url("bulk:run_create"), BULK, {"target": target} if target else {})


@require_safe
@allowed("view")
@narrowed
def account_list(request: StaffRequest) -> HttpResponse:
    """Accounts, filtered and ordered as the address says, a page at a time, with totals per currency."""
    organization = request.organization
    filters = AccountFilters(request, shown_accounts(organization, request.GET.get("currency", "")))
    page = keyset(filters.rows, request, orders=ORDERS, default="external_id")
    columns, picks = chosen_columns(request), picking(request, filters)
    kept_at = organization.url("segments:segment_create") if may(request.staff, "segments.edit") else ""
    listing = Listing(request, "account", "accounts", filters, columns, page, picks, kept_at)
    return show_list(
        request,
        "portfolios/account_list.html",
        listing,
        totals=asked_totals(request, filters.rows, page.count),
        may_export=may(request.staff, "customers.export"),
        export_url=organization.url("portfolios:account_export") + listing.query,
        import_url=organization.url("imports:run_create") if may(request.staff, "imports.run") else "",
        may_edit=may(request.staff, "record.edit"),
    )


@require_safe
@allowed("customers.export")
def account_export(request: StaffRequest) -> HttpResponseBase:
    """The same list as a CSV file, whole but for the names: a file with names is asked for, of customers."""
    filters = AccountFilters(request, shown_accounts(request.organization, request.GET.get("currency", "")))
    rows = every_row(filters.rows, request, orders=ORDERS, default="external_id")
    day = request.organization.local_date(timezone.now())
    columns = exported_columns(request.organization, chosen_columns(request).shown)
    return csv_response(f"{request.organization.slug}-accounts-{day}", rows, columns)


@require_safe
@allowed("view")
def account_detail(request: StaffRequest, pk: Any) -> HttpResponse:
    """Facts, holders, how the balance went, and every transaction."""
    organization = request.organization
    account = get_object_or_404(
        shown_accounts(organization, is_any=True).select_related("balance", "parent"), pk=pk
    )
    filters = TransactionFilters(request, account.transactions.with_parties())
    page = keyset(filters.rows, request, orders={"booked": ("booked_on", "id")}, default="-booked")
    asked = asked_range(account, request.GET.get("range", ""), organization.local_date(timezone.now()))
    listing = Listing(request, "transaction", "transactions", filters, Chosen([], []), page)
    context: dict[str, Any] = {
        "account": account,
        "asked": asked,
        "ranges": RANGES,
        "may_edit": account.type != Account.EXTERNAL and may(request.staff, "record.edit"),
    }
    if request.htmx.target != "transaction-rows":
        context |= _about(request, account) | {"chart": history_chart(account, asked)}
    return show_list(request, "portfolios/account_detail.html", listing, **context)


def _about(request: StaffRequest, account: Account) -> dict[str, Any]:
    """What the page says of the account beside its transactions. No segment and no campaign is of the world outside."""
    is_outside = account.type == Account.EXTERNAL
    return {
        "balance": getattr(account, "balance", None),
        "outside": outside(account) if is_outside else None,
        "standing": standing_of(account),
        "facts": facts_of(account, sight_of(request.staff)),
        "sections": [] if is_outside else sections(request.organization, account.pk, FROM_ABOVE),
    }


@require_safe
@allowed("view")
@narrowed
def portfolio_list(request: StaffRequest) -> HttpResponse:
    """Portfolios, filtered and ordered as the address says, a page at a time."""
    rows: QuerySet[Any] = request.organization.portfolios.select_related("ledger")
    filters = PortfolioFilters(request, rows)
    columns = choose(request, "portfolios", PORTFOLIO_COLUMNS)
    page = keyset(filters.rows, request, orders=PORTFOLIO_ORDERS, default="name")
    listing = Listing(request, "portfolio", "portfolios", filters, columns, page)
    may_edit = may(request.staff, "record.edit")
    return show_list(request, "portfolios/portfolio_list.html", listing, may_edit=may_edit)


@require_safe
@allowed("view")
def portfolio_detail(request: StaffRequest, pk: Any) -> HttpResponse:
    """A portfolio's facts, its totals per currency and its accounts."""
    organization = request.organization
    portfolio = get_object_or_404(organization.portfolios.select_related("ledger"), pk=pk)
    accounts = shown_accounts(organization).filter(portfolio=portfolio)
    filters = PortfolioAccountFilters(request, accounts)
    page = keyset(filters.rows, request, orders=ORDERS, default="external_id")
    columns = [
        one for one in account_columns(organization, sight_of(request.staff)) if one.key != "portfolio"
    ]
    chosen = choose(request, "accounts of a portfolio", columns)
    listing = Listing(request, "account", "accounts", filters, chosen, page)
    count = count_of(accounts)
    context = {
        "portfolio": portfolio,
        "count": count,
        "totals": asked_totals(request, accounts, count),
        "among": f"portfolio={portfolio.pk}&ledger=",
        "metadata": in_words(portfolio.metadata),
        "may_edit": may(request.staff, "record.edit"),
    }
    return show_list(request, "portfolios/portfolio_detail.html", listing, **context)
