"""Creating, changing and deleting assets, account types, portfolios and accounts."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Value
from django.db.models.lookups import Contains
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from console.ledgers.models import Asset, Ledger
from console.ledgers.narrowing import chosen
from console.organizations.access import StaffRequest, allowed
from console.organizations.fields import Fold
from console.portfolios.forms import AccountForm, AssetForm, PortfolioForm, TypeForm
from console.portfolios.models import Account, AccountType, Portfolio
from console.sheets import EDITED, RecordForm, Sheet, delete, leave, show_form, show_sheet

SHOWN = 25
# What is made in a ledger, by its name in addresses: what to call it, and its page.
KINDS = {
    "account": ("New account", "portfolios:account_create"),
    "portfolio": ("New portfolio", "portfolios:portfolio_create"),
}


@require_safe
@allowed("record.edit")
def choose_ledger(request: StaffRequest, kind: str) -> HttpResponse:
    """Which ledger a new account or portfolio is for; the one chosen before, or the only one, is not asked for."""
    title, page = KINDS[kind]
    organization = request.organization
    words = request.GET.get("q", "").replace("\0", "").strip()[:200]
    rows = organization.ledgers.order_by("name")
    if (ledger := chosen(request) or only(rows)) and "q" not in request.GET:
        return redirect(organization.url(page, ledger.pk))
    found = list((rows.filter(Contains(Fold("name"), Fold(Value(words)))) if words else rows)[: SHOWN + 1])
    context: dict[str, Any] = {
        "title": title,
        "found": [(ledger.name, organization.url(page, ledger.pk)) for ledger in found[:SHOWN]],
        "is_more": len(found) > SHOWN,
        "words": words,
        "up": "Accounts" if kind == "account" else "Portfolios",
        "up_url": organization.url(f"portfolios:{kind}_list"),
    }
    return show_sheet(request, "sheets/choose_ledger.html", **context)


def only(rows: "QuerySet[Ledger]") -> Ledger | None:
    """The row, where there is one and no more."""
    first = list(rows[:2])
    return first[0] if len(first) == 1 else None


def _ledger(request: StaffRequest, pk: UUID) -> Ledger:
    ledger: Ledger = get_object_or_404(request.organization.ledgers, pk=pk)
    return ledger


def _in_ledger(request: StaffRequest, model: Any, ledger: Ledger) -> Any:
    return model(organization=request.organization, ledger=ledger)


def _answer(request: StaffRequest, form: RecordForm, sheet: Sheet, *, to: str = "") -> HttpResponse:
    """Keep what was sent and go on at the address `to`, or the record's own page; else show the form."""
    is_new = form.is_new
    if form.is_bound and form.is_kept():
        done = "is created" if is_new else "is saved"
        kind = str(form.record._meta.verbose_name).capitalize()
        return leave(request, to or form.record.get_absolute_url(), f"{kind} {form.record} {done}.")
    return show_form(request, form, sheet)


@require_http_methods(EDITED)
@allowed("record.edit")
def asset_create(request: StaffRequest, pk: UUID) -> HttpResponse:
    """An asset of the ledger, and with it its external account."""
    ledger = _ledger(request, pk)
    url = ledger.get_absolute_url()
    sheet = Sheet(f"New asset in {ledger}", ledger.name, url, "Add the asset", "Adding…")
    return _answer(request, AssetForm(request, _in_ledger(request, Asset, ledger)), sheet, to=url)


def _asset(request: StaffRequest, pk: UUID) -> tuple[Asset, str]:
    asset: Asset = get_object_or_404(
        request.organization.assets.select_related("ledger__organization"), pk=pk
    )
    return asset, asset.ledger.get_absolute_url()


@require_http_methods(EDITED)
@allowed("record.edit")
def asset_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    asset, url = _asset(request, pk)
    return _answer(
        request, AssetForm(request, asset), Sheet(f"Asset {asset}", asset.ledger.name, url), to=url
    )


@require_http_methods(EDITED)
@allowed("record.edit")
def asset_delete(request: StaffRequest, pk: UUID) -> HttpResponse:
    asset, url = _asset(request, pk)
    sheet = Sheet(f"Delete asset {asset}?", asset.ledger.name, url, f"Delete asset {asset}", "Deleting…")
    return delete(request, asset, sheet, after=url, name=f"asset {asset}")


@require_http_methods(EDITED)
@allowed("record.edit")
def type_create(request: StaffRequest, pk: UUID) -> HttpResponse:
    """A type that accounts of the ledger may be of."""
    ledger = _ledger(request, pk)
    url = ledger.get_absolute_url()
    sheet = Sheet(f"New account type in {ledger}", ledger.name, url, "Add the account type", "Adding…")
    return _answer(request, TypeForm(request, _in_ledger(request, AccountType, ledger)), sheet, to=url)


def _type(request: StaffRequest, pk: UUID) -> tuple[AccountType, str]:
    types = request.organization.account_types.select_related("ledger__organization")
    found: AccountType = get_object_or_404(types, pk=pk)
    return found, found.ledger.get_absolute_url()


@require_http_methods(EDITED)
@allowed("record.edit")
def type_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    found, url = _type(request, pk)
    sheet = Sheet(f"Account type {found}", found.ledger.name, url)
    return _answer(request, TypeForm(request, found), sheet, to=url)


@require_http_methods(EDITED)
@allowed("record.edit")
def type_delete(request: StaffRequest, pk: UUID) -> HttpResponse:
    found, url = _type(request, pk)
    name = f"account type {found}"
    sheet = Sheet(f"Delete {name}?", found.ledger.name, url, f"Delete {name}", "Deleting…")
    return delete(request, found, sheet, after=url, name=name)


@require_http_methods(EDITED)
@allowed("record.edit")
def portfolio_create(request: StaffRequest, pk: UUID) -> HttpResponse:
    ledger = _ledger(request, pk)
    url = request.organization.url("portfolios:portfolio_list")
    sheet = Sheet("New portfolio", "Portfolios", url, "Create the portfolio", "Creating…")
    return _answer(request, PortfolioForm(request, _in_ledger(request, Portfolio, ledger)), sheet)


def _portfolio(request: StaffRequest, pk: UUID) -> Portfolio:
    rows = request.organization.portfolios.select_related("ledger", "organization")
    found: Portfolio = get_object_or_404(rows, pk=pk)
    return found


@require_http_methods(EDITED)
@allowed("record.edit")
def portfolio_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    portfolio = _portfolio(request, pk)
    sheet = Sheet(f"Edit portfolio {portfolio}", portfolio.name, portfolio.get_absolute_url())
    return _answer(request, PortfolioForm(request, portfolio), sheet)


@require_http_methods(EDITED)
@allowed("record.edit")
def portfolio_delete(request: StaffRequest, pk: UUID) -> HttpResponse:
    portfolio = _portfolio(request, pk)
    name, url = f"portfolio {portfolio}", portfolio.get_absolute_url()
    sheet = Sheet(f"Delete {name}?", portfolio.name, url, f"Delete {name}", "Deleting…")
    after = request.organization.url("portfolios:portfolio_list")
    return delete(request, portfolio, sheet, after=after, name=name)


@require_http_methods(EDITED)
@allowed("record.edit")
def account_create(request: StaffRequest, pk: UUID) -> HttpResponse:
    """An account in the ledger; without an asset there is nothing to keep it in."""
    ledger = _ledger(request, pk)
    url = request.organization.url("portfolios:account_list")
    sheet = Sheet("New account", "Accounts", url, "Open the account", "Opening…")
    form = AccountForm(request, _in_ledger(request, Account, ledger))
    if lack := _lacking(ledger):
        return show_sheet(request, "sheets/lacking.html", sheet=sheet, lack=lack, ledger=ledger)
    return _answer(request, form, sheet)


def _lacking(ledger: Ledger) -> str:
    """What the ledger must have before an account can be opened in it: "asset", "type", or nothing."""
    if not ledger.assets.exists():
        return "asset"
    return "type" if ledger.has_typed_accounts and not ledger.account_types.exists() else ""


def _account(request: StaffRequest, pk: UUID) -> Account:
    """A customer's account, or the external one of an asset, whose sheets say why it stays as it is."""
    rows = request.organization.accounts(manager="everything").filter(deleted_at=None)
    found: Account = get_object_or_404(
        rows.select_related("ledger", "organization", "portfolio", "parent"), pk=pk
    )
    return found


@require_http_methods(EDITED)
@allowed("record.edit")
def account_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    account = _account(request, pk)
    sheet = Sheet(f"Edit account {account}", account.external_id, account.get_absolute_url())
    if account.type == Account.EXTERNAL:
        return show_sheet(request, "sheets/external.html", sheet=sheet, account=account)
    return _answer(request, AccountForm(request, account), sheet)


@require_http_methods(EDITED)
@allowed("record.edit")
def account_delete(request: StaffRequest, pk: UUID) -> HttpResponse:
    account = _account(request, pk)
    name, url = f"account {account}", account.get_absolute_url()
    sheet = Sheet(f"Delete {name}?", account.external_id, url, f"Delete {name}", "Deleting…")
    after = request.organization.url("portfolios:account_list")
    return delete(request, account, sheet, after=after, name=name)
