"""The ledger that an import goes to: the one it names, made when it is not there, with the currencies it needs."""

from contextlib import suppress
from typing import Any

from django.db import connection

from console.currencies import decimals
from console.imports.models import ImportRun
from console.ledgers.keeping import AssetTaken
from console.ledgers.models import Ledger
from console.portfolios.assets import open_asset

FIRST_LEDGER = "Main"
NEW_ASSETS = """
    SELECT DISTINCT coalesce(s.asset_code, %(currency)s) FROM import_staged s WHERE NOT EXISTS (
        SELECT FROM ledgers_asset a
        WHERE a.ledger_id = %(ledger)s AND a.deleted_at IS NULL AND a.code = coalesce(s.asset_code, %(currency)s)
    )
"""


class NoLedger(Exception):
    """Which ledger is meant can't be told. The text lists those there are."""

    is_for_staff = True


def ledger_for(run: ImportRun) -> None:
    """Set the run's ledger. Accounts make one that is named and absent; a dry run makes none. Raises NoLedger."""
    if run.ledger_id:
        return
    ledger = _named(run) if run.ledger_name else _only(run)
    if ledger is None and run.kind == "accounts" and not run.is_dry_run:
        ledger = run.organization.ledgers.create(name=run.ledger_name or FIRST_LEDGER)
    if ledger is not None:
        run.ledger = ledger
        run.save(update_fields=["ledger"])


def _named(run: ImportRun) -> Ledger | None:
    ledger = run.organization.ledgers.filter(name__iexact=run.ledger_name).first()
    if ledger is None and run.kind == "transactions":
        names = ", ".join(run.organization.ledgers.values_list("name", flat=True)) or "none yet"
        raise NoLedger(f"There is no ledger “{run.ledger_name}”. There are: {names}.")
    return ledger


def _only(run: ImportRun) -> Ledger | None:
    """The organization's one ledger. Accounts must name theirs where there are several."""
    ledgers = list(run.organization.ledgers.all()[:2])
    if run.kind == "transactions":
        return None
    if len(ledgers) > 1:
        names = ", ".join(run.organization.ledgers.values_list("name", flat=True))
        raise NoLedger(f"Name the ledger that the accounts go to. There are: {names}.")
    return ledgers[0] if ledgers else None


def open_assets(run: ImportRun) -> None:
    """Give the run's ledger, which it has by now, each currency that a staged account is kept in."""
    values: dict[str, Any] = {"ledger": run.ledger_id, "currency": run.organization.base_currency}
    with connection.cursor() as cursor:
        cursor.execute(NEW_ASSETS, values)
        codes = [code for (code,) in cursor.fetchall()]
    for code in codes:
        with suppress(AssetTaken):  # another import has just opened it
            open_asset(Ledger.objects.get(pk=run.ledger_id), code, scale=decimals(code))
