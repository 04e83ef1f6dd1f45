"""The first page of the day: what is broken, waits, moved, fires and goes out. Each card is a question of its own."""

from console.overview.money import money_of
from console.overview.page import overview_of

__all__ = ["money_of", "overview_of"]
