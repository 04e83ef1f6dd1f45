"""The small tables beside which everything else is drawn: words, cities, what happens on accounts, shops, months.

They are temporary tables of one connection; the large statements join them.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django.db.backends.utils import CursorWrapper

from console.demo.counterparties import GROUPS, SHOPS, WHATS
from console.demo.names import CULTURES
from console.demo.places import CITIES, COUNTRIES

Row = Sequence[Any]
PLAIN = str.maketrans(
    {"đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "ı": "i", "ß": "ss", "ø": "o", "’": "", " ": ""}
)


def fill(cursor: CursorWrapper, *, as_of: date, portfolios: dict[str, str]) -> None:
    """Make and fill the small tables. `portfolios`: the id of the portfolio of each city."""
    for table, columns, rows in _tables(as_of, portfolios):
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
        cursor.execute(f"CREATE TEMPORARY TABLE {table} ({columns})")
        listed = list(rows)
        places = ", ".join(["%s"] * len(listed[0]))
        cursor.executemany(f"INSERT INTO {table} VALUES ({places})", listed)
        cursor.execute(f"ANALYZE {table}")


def _tables(as_of: date, portfolios: dict[str, str]) -> Iterator[tuple[str, str, Iterable[Row]]]:
    span = "low float8, high float8"
    yield "demo_culture", f"country text, culture text, family_first bool, {span}", _cultures()
    yield "demo_word", "culture text, part text, nth int, total int, word text, plain text", _words()
    facts = "language text, dialling text, company text, trades text[]"
    yield "demo_city", f"city text, country text, portfolio_id uuid, {facts}, {span}", _cities(portfolios)
    yield "demo_what", "what int, operation text, purpose text, description text", WHATS
    yield "demo_party", "party int, name text", enumerate(_parties(), 1)
    yield "demo_shop", "nth int, party int, what int, euro float8", _shops()
    yield "demo_month", "month int, starts date, ends date", _months(as_of)


def parties(group: str) -> tuple[int, int]:
    """The first and last number of a group's parties in demo_party."""
    first = 1
    for name in GROUPS:
        size = len(SHOPS) if name == "shop" else len(GROUPS[name].split("|"))
        if name == group:
            return first, first + size - 1
        first += size
    raise KeyError(group)


def _parties() -> Iterator[str]:
    for group, names in GROUPS.items():
        yield from (shop.name for shop in SHOPS) if group == "shop" else names.split("|")


def _spans(weights: Iterable[float]) -> list[tuple[float, float]]:
    """Where in [0, 1) each weight's share lies."""
    bounds = [0.0]
    for weight in weights:
        bounds.append(bounds[-1] + weight)
    return [(low / bounds[-1], high / bounds[-1]) for low, high in pairwise(bounds)]


def _cultures() -> Iterator[Row]:
    for country, facts in COUNTRIES.items():
        for culture, span in zip(facts.cultures, _spans(facts.cultures.values()), strict=True):
            yield country, culture, CULTURES[culture].family_first, *span


def _words() -> Iterator[Row]:
    for code, culture in CULTURES.items():
        couples = [(name.split("/") * 2)[:2] for name in culture.families.split()]
        parts = {
            "given f": culture.women.split(),
            "given m": culture.men.split(),
            "family m": [man for man, _ in couples],
            "family f": [woman for _, woman in couples],
        }
        for part, words in parts.items():
            for nth, word in enumerate(words):
                name = word.replace("=", " ")
                yield code, part, nth, len(words), name, plain(name)


def _cities(portfolios: dict[str, str]) -> Iterator[Row]:
    for city, span in zip(CITIES, _spans(city.per_mille for city in CITIES), strict=True):
        facts = COUNTRIES[city.country]
        common = (facts.language, facts.dialling, facts.company, facts.trades.split())
        yield city.name, city.country, portfolios[city.name], *common, *span


def _shops() -> Iterator[Row]:
    first, _ = parties("shop")
    for nth, shop in enumerate(SHOPS):
        yield nth, first + nth, shop.what, shop.euro


def _months(as_of: date) -> Iterator[Row]:
    """The calendar months that the last 365 days touch."""
    day, month = (as_of - timedelta(days=365)).replace(day=1), 0
    while day <= as_of:
        following = (day + timedelta(days=31)).replace(day=1)
        yield month, day, following
        day, month = following, month + 1


def plain(name: str) -> str:
    """A name as it stands in an address: Latin letters without accents, in lower case."""
    decomposed = unicodedata.normalize("NFKD", name.translate(PLAIN))
    return "".join(letter for letter in decomposed if letter.isascii()).lower()
