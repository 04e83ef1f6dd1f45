"""How a change of many accounts is told: what will happen, how it stands, what came of it."""

from typing import Any

from console.templatetags.console import count
from segments.bulk.forecast import Forecast
from segments.models import BulkItem, BulkRun

BADGES = {
    "draft": ("Not started", "draft"),
    "queued": ("Waiting", "info"),
    "running": ("Running", "info"),
    "failed": ("Failed", "bad"),
    "cancelled": ("Cancelled", ""),
    "done": ("Done", "good"),
}
# By action: what happens to those that change, what is said of those that don't, what they leave.
WILL = {
    "carry": ("will carry {target}", "carry it already", "of them carry {name} now and will leave it"),
    "drop": ("will carry no segment", "carry none already", "of them leave {name}"),
    "move": ("will move to {target}", "are in it already", "of them are in {name} now and will leave it"),
    "take_out": ("will be in no portfolio", "are in none already", "of them leave {name}"),
    "block": ("will be blocked: nothing can be debited", "are blocked already", ""),
    "unblock": ("will be free of their block", "are not blocked", ""),
}
# What is said of one that is done and refused none.
ENDED = {
    "empty": ("The portfolio is deleted", "Its accounts are there as before, in no portfolio."),
    "archive": (
        "The segment is archived",
        "Its accounts are there as before; each exit is in their history.",
    ),
    "delete": ("The segment is deleted", "Its accounts are there as before; each exit is in their history."),
}
REASONS = {
    "deleted": "were deleted since they were chosen",
    "ledger": "are in other ledgers than {ledger} and will be refused",
}


def badge(run: BulkRun) -> tuple[str, str]:
    """How it stands, as (word, tone)."""
    return ("Done, some refused", "warn") if run.state == "done" and run.refused else BADGES[run.state]


def foretold(run: BulkRun, found: Forecast) -> list[tuple[str, str]]:
    """What will happen, number by number: (accounts, what)."""
    target, ledger = f"“{run.target}”", f"“{run.ledger}”"
    changes, stays, leaves = WILL[run.action]
    lines = [(found.changed, changes.format(target=target))]
    lines += [(number, leaves.format(name=f"“{name}”")) for name, number in found.leaving]
    lines += [(found.leaving_others, leaves.format(name="something else"))] if found.leaving_others else []
    lines += [(found.unchanged, f"{stays}: nothing changes for them")]
    lines += [(number, REASONS[reason].format(ledger=ledger)) for reason, number in found.refused.items()]
    return [(count(number), words) for number, words in lines if number or words == lines[0][1]]


def ended(run: BulkRun) -> tuple[str, str]:
    """What is said of it when it is done and refused none, as (heading, text)."""
    return ENDED.get(run.action, ("None was refused", ""))


def figures(run: BulkRun) -> list[dict[str, Any]]:
    """Chosen = changed + unchanged + refused, for components/stats.html."""
    sure = "exact" if run.state == "done" else ""
    return [
        {"label": "Accounts", "value": run.total, "note": "chosen when it was asked for", "sure": "exact"},
        {
            "label": "Changed",
            "value": run.changed,
            "note": "" if run.state == "done" else "so far",
            "sure": sure,
        },
        {"label": "Unchanged", "value": run.unchanged, "note": "stood so before", "sure": sure},
        {
            "label": "Refused",
            "value": run.refused,
            "note": "listed below" if run.refused else "none",
            "tone": "bad" if run.refused else "",
            "sure": sure,
        },
    ]


def reasons(run: BulkRun) -> list[tuple[str, str]]:
    """Why accounts can be refused by this run, as choices of words."""
    ledger = f"It is in another ledger than “{run.ledger}”." if run.ledger else ""
    return [
        (value, ledger if value == "ledger" and ledger else label)
        for value, label in BulkItem.Refusal.choices
    ]
