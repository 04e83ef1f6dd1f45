"""What hangs on ledgers, assets, portfolios, account types and accounts of what this app keeps."""

from collections.abc import Iterator
from datetime import datetime

from console.keeping import Part, StillUsed, Tie
from console.ledgers.models import Asset, Ledger
from console.portfolios.keeping import HoldsMoney, IsExternal
from console.portfolios.models import Account, AccountType, Portfolio
from console.templatetags.console import money


def _of_ledger(ledger: Ledger) -> Iterator[Tie]:
    organization = ledger.organization
    has_accounts = StillUsed("The ledger has accounts. Delete them first.")
    yield Tie(
        "Accounts",
        "keep it from being deleted",
        ledger.accounts.all(),
        url=f"{organization.url('portfolios:account_list')}?ledger={ledger.pk}",
        keeps=has_accounts if ledger.accounts.exists() else None,
    )
    url = f"{organization.url('portfolios:portfolio_list')}?ledger={ledger.pk}"
    yield Tie("Portfolios", "go with it", ledger.portfolios.all(), url=url)
    yield Tie("Account types", "go with it", ledger.account_types.all())


def _end_ledger(ledger: Ledger, at: datetime) -> None:
    for kept in (ledger.portfolios, ledger.account_types):
        kept.update(deleted_at=at, updated_at=at)
    Account.everything.filter(ledger=ledger, deleted_at=None).update(deleted_at=at, updated_at=at)


def _of_asset(asset: Asset) -> Iterator[Tie]:
    accounts = asset.organization.accounts.filter(ledger=asset.ledger_id, asset_code=asset.code)
    yield Tie(
        "Accounts in it",
        "keep it from being deleted",
        accounts,
        url=f"{asset.organization.url('portfolios:account_list')}?ledger={asset.ledger_id}&currency={asset.code}",
        keeps=StillUsed("Accounts are kept in this asset. Delete them first.") if accounts.exists() else None,
    )


def _end_asset(asset: Asset, at: datetime) -> None:
    external = Account.everything.filter(ledger=asset.ledger, asset_code=asset.code, deleted_at=None)
    external.update(deleted_at=at, updated_at=at)


def _of_portfolio(portfolio: Portfolio) -> Iterator[Tie]:
    yield Tie("Accounts", "stay, and are in no portfolio", portfolio.accounts.all())


def _end_portfolio(portfolio: Portfolio, at: datetime) -> None:
    portfolio.accounts.update(portfolio=None, updated_at=at)


def _of_type(account_type: AccountType) -> Iterator[Tie]:
    accounts = account_type.organization.accounts.filter(
        ledger=account_type.ledger_id, type=account_type.key_value
    )
    url = account_type.organization.url("portfolios:account_list")
    query = f"?ledger={account_type.ledger_id}&type={account_type.key_value}"
    yield Tie("Accounts of it", "stay, and are still called so", accounts, url=url + query)


def _of_account(account: Account) -> Iterator[Tie]:
    if account.type == Account.EXTERNAL:
        yield Tie("Asset", "has it for as long as it is there", figure=account.asset_code, keeps=IsExternal())
    if account.ledger_balance:
        figure = money(account.ledger_balance, account.asset_code)
        yield Tie("Ledger balance", "keeps it from being deleted", figure=figure, keeps=HoldsMoney())
    yield Tie("Holders", "hold it no more", account.holders.all())
    yield Tie(
        "Accounts below it", "stay, without it", Account.everything.filter(parent=account, deleted_at=None)
    )


def _end_account(account: Account, at: datetime) -> None:
    account.holders.all().delete()


def _nothing(_: AccountType, __: datetime) -> None:
    """Accounts only bear the key of their type."""


HANGING = {
    "ledgers.Ledger": Part(_of_ledger, _end_ledger),
    "ledgers.Asset": Part(_of_asset, _end_asset),
    "portfolios.Portfolio": Part(_of_portfolio, _end_portfolio),
    "portfolios.AccountType": Part(_of_type, _nothing),
    "portfolios.Account": Part(_of_account, _end_account),
}
