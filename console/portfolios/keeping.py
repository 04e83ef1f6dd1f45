"""The rules of portfolios, account types and accounts: what one must be, and what it is where nobody says."""

from uuid import UUID

from console.keeping import Refusal, once, stays
from console.organizations.fields import new_keys
from console.portfolios.models import Account, AccountType, Portfolio


class TypeTaken(Refusal):
    """The ledger has an account type of this key."""

    field = "key_value"


class ExternalType(Refusal):
    """Somebody's account is to be of a type that only the accounts of assets are of."""

    field = "type"


class NoType(Refusal):
    """The ledger's accounts are of its types, and this is none of them."""

    field = "type"


class NoAsset(Refusal):
    """The ledger has no such asset, or is gone itself."""

    field = "asset_code"


class WrongParent(Refusal):
    """The parent is not in the ledger, or not in the portfolio that the account goes to."""

    field = "parent"


class OtherAsset(Refusal):
    """The parent is kept in another asset."""

    field = "parent"


class NoPortfolio(Refusal):
    """The portfolio is not in the ledger."""

    field = "portfolio"


class AliasTaken(Refusal):
    """An account of the ledger has the alias."""

    field = "alias"


class NumberTaken(Refusal):
    """An account of the organization has the number, or had it before it was deleted."""

    field = "external_id"


class IsExternal(Refusal):
    """The account belongs to an asset: it comes and goes with that, and nobody changes it."""

    def __init__(self) -> None:
        super().__init__("An asset's external account can't be changed or deleted.")


class HoldsMoney(Refusal):
    """An account is to be deleted whose balance is not zero."""

    def __init__(self) -> None:
        super().__init__("An account can be deleted when its balance is zero.")


def keep_type(account_type: AccountType) -> None:
    """Store an account type, new or changed. Raises TypeTaken."""
    taken = TypeTaken(f"An account type of this ledger has the key “{account_type.key_value}” already.")
    with once(account_type_once=taken):
        account_type.save()


def open_account(account: Account) -> None:
    """Store a new account, of which at least organization, ledger, asset and type were said.

    It is named after its asset and type where nobody names it, has its portfolio's entity, and is known by its own id
    where it has no number. Raises ExternalType, NoAsset, NoType, WrongParent, OtherAsset, NoPortfolio, AliasTaken and
    NumberTaken.
    """
    ledger = account.ledger
    if Account.EXTERNAL in account.type.casefold():
        raise ExternalType("Only the accounts that belong to assets have “external” in their type.")
    if not stays(ledger.assets.filter(code=account.asset_code, ledger__deleted_at=None)):
        raise NoAsset(f"The ledger has no asset “{account.asset_code}”. Create it first.")
    if ledger.has_typed_accounts and not stays(ledger.account_types.filter(key_value=account.type)):
        raise NoType(f"The ledger has no account type “{account.type}”. Create it first.")
    check_parent(account)
    put_into(account, account.portfolio)
    account.name = account.name or f"{account.asset_code} {account.type} account"[:256]
    (account.pk,) = new_keys(1)  # where it has no id in the core system it is known by its own
    account.external_id = account.external_id or str(account.pk)
    _store(account)


def check_parent(account: Account) -> None:
    """The parent is of the same ledger and asset, and of the same portfolio where the account has its entity from that.

    Raises WrongParent and OtherAsset.
    """
    parent = account.parent
    if parent is None:
        return
    is_elsewhere = account.portfolio and not account.entity_id and parent.portfolio_id != account.portfolio_id
    if parent.deleted_at or parent.ledger_id != account.ledger_id or is_elsewhere:
        raise WrongParent("The parent is in this ledger, and in the portfolio that is named.")
    if parent.asset_code != account.asset_code:
        raise OtherAsset("An account and its parent are kept in the same asset.")


def put_into(account: Account, portfolio: Portfolio | None) -> None:
    """Put it into the portfolio, whose entity it gets where it has none; not stored yet. Raises NoPortfolio."""
    if portfolio is not None and not stays(account.ledger.portfolios.filter(pk=portfolio.pk)):
        raise NoPortfolio("The ledger has no such portfolio.")
    account.portfolio = portfolio
    account.entity_id = account.entity_id or (portfolio.entity_id if portfolio else "")


def check_own(account: Account) -> None:
    """It is a customer's account, not the world outside. Raises IsExternal."""
    if account.type == Account.EXTERNAL:
        raise IsExternal


def keep_account(account: Account) -> None:
    """Store a changed account. Raises IsExternal."""
    check_own(account)
    _store(account)


def _store(account: Account) -> None:
    alias = AliasTaken(f"An account of this ledger has the alias “{account.alias}” already.")
    if account._state.adding and _is_id_of_another(account):
        raise alias
    number = NumberTaken(
        f"An account has, or had, the number “{account.external_id}”: numbers are not given twice."
    )
    with once(account_alias_once=alias, account_external_id_once=number):
        account.save(force_insert=account._state.adding)


def _is_id_of_another(account: Account) -> bool:
    """Whether its alias is the id of an account of the ledger: what is meant for that would come to this."""
    try:
        key = UUID(account.alias)
    except ValueError:
        return False
    return key != account.pk and account.ledger.accounts(manager="everything").filter(pk=key).exists()
