"""Staged amounts that have more decimals than their currency: the rule of `console.currencies` in SQL."""

from console.currencies import CURRENCIES, UNBOUND, decimals

# As many decimals as a column of money has.
ALL = 8


def _places() -> str:
    """SQL: how many decimals an amount of the row's currency can have."""
    known = {code: ALL if code in UNBOUND else decimals(code) for code in sorted(CURRENCIES)}
    others = " ".join(f"WHEN '{code}' THEN {places}" for code, places in known.items() if places != 2)
    return f"CASE s.currency {others} ELSE 2 END"


def too_exact(column: str) -> str:
    """Takes out staged rows whose amount in `column` is too exact for their `currency`, and says how to write it."""
    places = _places()
    return f"""
        DELETE FROM import_staged s WHERE round(s.{column}, {places}) <> s.{column}
        RETURNING s.line, CASE {places}
            WHEN 0 THEN format('Amounts in %%s have no decimals. Write a whole amount, such as 10.', s.currency)
            ELSE format('Amounts in %%s have at most %%s decimals. Write such as %%s.', s.currency, {places},
                round(10.5, {places})) END
    """
