"""One amount divided among several: what each is given outright, a share of the whole, or what remains.

Exact: the parts add up to the whole to its last decimal, whatever the shares.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

HUNDRED = 100


class DoesNotAddUp(Exception):
    """The parts are more or less than the whole, or one of them is less than nothing."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many percent of the whole; of these, `of` percent."""

    percentage: Decimal
    of: Decimal = Decimal(HUNDRED)

    @property
    def fraction(self) -> Fraction:
        """The share of one."""
        return Fraction(self.percentage) * Fraction(self.of) / HUNDRED**2


@dataclass(frozen=True, slots=True)
class Remaining:
    """What the others leave."""


Part = Decimal | Share | Remaining


def split(whole: Decimal, parts: Sequence[Part], *, scale: int) -> list[Decimal]:
    """What each part is of the whole, in its order. Shares are rounded to `scale` decimals by largest remainder.

    An amount that is written with more decimals than `scale` keeps them. Several that remain would be ambiguous: the
    caller allows one. Raises DoesNotAddUp.
    """
    fixed = [part for part in parts if isinstance(part, Decimal)]
    if any(part <= 0 for part in fixed):
        raise DoesNotAddUp
    places = max([scale, *(decimals(amount) for amount in (whole, *fixed))])
    unit = 10**places
    exact = [_exact(part, whole, unit) for part in parts]
    rest = Fraction(whole) * unit - sum(exact)
    remains = [number for number, part in enumerate(parts) if isinstance(part, Remaining)]
    if rest < 0 or (rest and not remains):
        raise DoesNotAddUp
    for number in remains[:1]:
        exact[number] = rest
    units = [part.numerator // part.denominator for part in exact]
    left = int(Fraction(whole) * unit) - sum(units)
    by_remainder = sorted(range(len(exact)), key=lambda number: units[number] - exact[number])
    for number in by_remainder[:left]:
        units[number] += 1
    return [Decimal(f"{number}E-{places}") for number in units]


def _exact(part: Part, whole: Decimal, unit: int) -> Fraction:
    if isinstance(part, Decimal):
        return Fraction(part) * unit
    return Fraction(whole) * part.fraction * unit if isinstance(part, Share) else Fraction(0)


def decimals(amount: Decimal) -> int:
    """With how many decimals it is written, zeros at the end left out."""
    exponent = amount.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
