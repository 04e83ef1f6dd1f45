"""Assets as a ledger opens them: each with the account that stands for the world outside."""

from typing import Any

from django.db import transaction

from console.currencies import decimals
from console.ledgers.keeping import check_currency, keep_asset
from console.ledgers.models import Asset, Ledger
from console.portfolios.models import Account


def external_alias(code: str) -> str:
    """The alias of the external account of an asset with that code."""
    return Asset(code=code).external_alias


def begin_asset(ledger: Ledger, code: str, *, type: str = Asset.Type.CURRENCY, **more: Any) -> Asset:
    """A new asset as somebody says it. Raises NoCurrency, and AssetTaken as `open_asset` does."""
    check_currency(type, code)
    return open_asset(ledger, code, **{"type": type, "scale": decimals(code)} | more)


@transaction.atomic
def open_asset(ledger: Ledger, code: str, **more: Any) -> Asset:
    """Add an asset to the ledger, and its external account. `more` are further fields of the asset.

    One that was deleted is open again, with the fields as they are said now. Raises AssetTaken when a live asset of the
    ledger has the code or the name.
    """
    deleted = Asset._base_manager.filter(ledger=ledger, code=code, deleted_at__isnull=False)
    asset = deleted.select_for_update().first() or Asset(
        organization_id=ledger.organization_id, ledger=ledger, code=code
    )
    for name, value in ({"name": code, "deleted_at": None} | more).items():
        setattr(asset, name, value)
    keep_asset(asset)
    Account.everything.update_or_create(
        organization_id=ledger.organization_id,
        external_id=f"{asset.external_alias}/{str(ledger.pk)[-8:]}",
        defaults={"deleted_at": None},
        create_defaults={
            "ledger": ledger,
            "name": f"External {code}",
            "alias": asset.external_alias,
            "type": Account.EXTERNAL,
            "asset_code": code,
            "status": Account.EXTERNAL,
        },
    )
    return asset
