"""The first page of the day: what is broken, waits, moved, fires and goes out. Each card is a question of its own."""

from console.overview.page import overview_of

__all__ = ["overview_of"]
