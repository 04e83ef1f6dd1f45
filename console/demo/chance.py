"""SQL for chance that repeats itself: the same number and salt give the same draw, in any database of any year."""

from collections.abc import Iterable
from itertools import accumulate


def dice(number: str, salt: int | str) -> str:
    """A draw in [0, 1). `number` is SQL of a bigint, `salt` tells draws for the same number apart."""
    return f"((hashint8extended({number}, {salt}) & 4294967295) / 4294967296::float8)"


def whole(number: str, salt: int | str, least: int | str, most: int | str) -> str:
    """A whole number from `least` to `most`, both possible."""
    return f"({least} + floor({dice(number, salt)} * ({most} - {least} + 1)))::int"


def bell(number: str, salt: int) -> str:
    """About normal, mean 0 and deviation 1: four draws added."""
    draws = " + ".join(dice(number, salt * 10 + i) for i in range(4))
    return f"(({draws} - 2) * 1.7320508)"


def one_of(number: str, salt: int | str, values: Iterable[str]) -> str:
    """One of some texts, each as likely as the others. The texts are the demo's own and hold no apostrophe."""
    listed = list(values)
    return f"({texts(listed)})[{whole(number, salt, 1, len(listed))}]"


def weighted(number: str, salt: int | str, values: dict[str, int]) -> str:
    """One of some texts, as likely as its weight says."""
    return f"({texts(values)})[1 + {weighted_place(number, salt, values.values())}]"


def weighted_place(number: str, salt: int | str, weights: Iterable[int]) -> str:
    """The place, from 0, of one of some things that are as likely as their weights say."""
    sums = list(accumulate(weights))
    bounds = ", ".join(str(seen / sums[-1]) for seen in sums[:-1])
    return f"width_bucket({dice(number, salt)}, ARRAY[{bounds}]::float8[])"


def texts(values: Iterable[str]) -> str:
    """SQL of an array of texts. Raises ValueError for one that would end the literal."""
    listed = list(values)
    if any("'" in value or "%" in value for value in listed):
        raise ValueError(f"{listed} can't stand in SQL as they are.")
    return "ARRAY[" + ", ".join(f"'{value}'" for value in listed) + "]::text[]"
