"""The life of an invoice: which status can follow which.

Overdue is no status: it follows from the day that an invoice is due and the day it is at the bank.
"""

from typing import Literal

UPCOMING, DRAFT, APPROVED, EDITED = "upcoming", "draft", "approved", "edited"
PARTIALLY_PAID, PAID, VOID, DISCARDED = "partially_paid", "paid", "void", "discarded"

# An approved invoice that was changed is "edited" until it is approved anew: it is owed all the same, but nothing is
# paid of it before. A payment that comes back, such as a returned direct debit, opens a paid invoice again.
NEXT: dict[str, frozenset[str]] = {
    UPCOMING: frozenset({DRAFT, APPROVED, DISCARDED}),
    DRAFT: frozenset({APPROVED, DISCARDED}),
    APPROVED: frozenset({EDITED, PARTIALLY_PAID, PAID, VOID}),
    EDITED: frozenset({APPROVED, VOID}),
    PARTIALLY_PAID: frozenset({EDITED, PAID, VOID, APPROVED}),
    PAID: frozenset({PARTIALLY_PAID, APPROVED}),
    VOID: frozenset(),
    DISCARDED: frozenset(),
}
STATUSES = tuple(NEXT)
# What is owed, or will be: these have days overdue, fewer than none before the day they are due.
UNPAID = (UPCOMING, APPROVED, EDITED, PARTIALLY_PAID)
# What a customer owes now.
OWED = (APPROVED, EDITED, PARTIALLY_PAID)
# What a payment can be noted of.
PAYABLE = (APPROVED, PARTIALLY_PAID)
# Nothing is due of these.
SETTLED = (PAID, VOID, DISCARDED)
# What may still be written anew.
OPEN = (UPCOMING, DRAFT, APPROVED, EDITED, PARTIALLY_PAID)

Tone = Literal["", "good", "warn", "bad", "info", "draft", "plain"]
TONES: dict[str, Tone] = {
    UPCOMING: "draft",
    DRAFT: "draft",
    APPROVED: "info",
    EDITED: "warn",
    PARTIALLY_PAID: "warn",
    PAID: "good",
    VOID: "plain",
    DISCARDED: "plain",
}


def reachable(start: str) -> frozenset[str]:
    """The statuses that can come after `start`, however many steps later: a file tells of where it ended."""
    found: set[str] = set()
    waiting = set(NEXT[start])
    while waiting:
        status = waiting.pop()
        found.add(status)
        waiting |= NEXT[status] - found
    return frozenset(found)
