"""Staged amounts that have more decimals than their currency: the rule of `console.currencies` in SQL."""

from console.currencies import CURRENCIES, UNBOUND, decimals

CODE = "coalesce(s.currency, b.currency, %(currency)s)"
# As many decimals as a column of money has.
ALL = 8


def _places() -> str:
    """SQL: how many decimals an amount of the row's currency can have."""
    known = {code: ALL if code in UNBOUND else decimals(code) for code in sorted(CURRENCIES)}
    others = " ".join(f"WHEN '{code}' THEN {places}" for code, places in known.items() if places != 2)
    return f"CASE {CODE} {others} ELSE 2 END"


def too_exact(column: str) -> str:
    """Takes out the staged invoices whose amount in `column` is too exact, and says how to write it."""
    places = _places()
    return f"""
        DELETE FROM import_staged s USING import_staged x LEFT JOIN import_before b USING (external_id)
        WHERE x.line = s.line AND round(s.{column}, {places}) <> s.{column}
        RETURNING s.line, CASE {places}
            WHEN 0 THEN format('Amounts in %%s have no decimals. Write a whole amount, such as 10.', {CODE})
            ELSE format('Amounts in %%s have at most %%s decimals. Write such as %%s.', {CODE}, {places},
                round(10.5, {places})) END
    """
