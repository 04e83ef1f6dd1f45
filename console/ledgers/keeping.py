"""The rules of ledgers and assets: names that are there once, codes as they may be, what goes when a ledger does."""

from collections.abc import Iterator
from datetime import datetime

from console.currencies import CURRENCIES
from console.keeping import Part, Refusal, Tie, once
from console.ledgers.models import Asset, Ledger

CODE_LENGTH = (
    80  # the number of its external account has it within: @external/<code>/<end of the ledger's id>
)


class LedgerTaken(Refusal):
    """The organization has a ledger of this name, whatever its case."""

    field = "name"


class AssetTaken(Refusal):
    """The ledger has an asset of this name or code."""

    field = "code"


class NotLetters(Refusal):
    """A code of an asset has something else than letters in it."""

    field = "code"


class NotCapitals(Refusal):
    """A code of an asset has letters other than A to Z."""

    field = "code"


class NoCurrency(Refusal):
    """An asset is to be a currency that ISO 4217 does not have."""

    field = "code"


def keep_ledger(ledger: Ledger) -> None:
    """Store a ledger, new or changed. Raises LedgerTaken."""
    taken = LedgerTaken(f"A ledger of this organization is called “{ledger.name}” already.")
    with once(ledger_name_once=taken):
        ledger.save()


def check_code(code: str) -> None:
    """An asset's code is made of capital letters. Raises NotLetters and NotCapitals."""
    if not code.isalpha():
        raise NotLetters("Write letters only.")
    if not (code.isascii() and code.isupper()):
        raise NotCapitals("Write it in capital letters.")


def check_currency(asset_type: str, code: str) -> None:
    """What is called a currency is one of ISO 4217. Raises NoCurrency."""
    if asset_type == Asset.Type.CURRENCY and code not in CURRENCIES:
        raise NoCurrency(f"“{code}” is not a currency of ISO 4217.")


def keep_asset(asset: Asset) -> None:
    """Store an asset, new or changed; console.portfolios.assets opens a new one. Raises AssetTaken."""
    taken = AssetTaken("The ledger has an asset of this name or code already.")
    with once(asset_code_once=taken, asset_name_once=taken):
        asset.save()


def _ties(ledger: Ledger) -> Iterator[Tie]:
    yield Tie("Assets", "go with it", ledger.assets.all())


def _end(ledger: Ledger, at: datetime) -> None:
    ledger.assets.update(deleted_at=at, updated_at=at)


OF_LEDGER = Part(_ties, _end)
