"""What staff say of how a record stands. The API takes any word: one that it has set stays among the choices."""

from collections.abc import Iterable

STATUSES = {"ACTIVE": "Active", "INACTIVE": "Inactive", "PENDING": "Pending", "SUSPENDED": "Suspended"}


def status_words(status: str) -> str:
    """A status as people read it."""
    return STATUSES.get(status) or status.replace("_", " ").lower().capitalize()


def status_badge(status: str) -> tuple[str, str]:
    """A status as (word, tone) of components/badge.html."""
    return status_words(status), "good" if status == "ACTIVE" else ""


def with_present(statuses: dict[str, str], *present: str) -> list[tuple[str, str]]:
    """The statuses as choices, with those that records have already."""
    others: Iterable[str] = (one for one in present if one and one not in statuses)
    return [*statuses.items(), *((one, status_words(one)) for one in others)]
