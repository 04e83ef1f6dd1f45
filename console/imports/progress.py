"""How a run stands, in the parts that its page shows."""

from typing import Any

from console.imports.kinds import KINDS
from console.imports.models import ImportRun
from console.imports.sniffing import DELIMITERS, ENCODINGS

BADGES = {
    "draft": ("Draft", "draft"),
    "queued": ("Waiting", "info"),
    "running": ("Running", "info"),
    "failed": ("Failed", "bad"),
    "cancelled": ("Cancelled", ""),
    "done": ("Done", "good"),
}


def badges(run: ImportRun) -> list[tuple[str, str]]:
    """How a run stands, as (word, tone), and whether it only checks."""
    is_partly = run.state == "done" and run.rejected
    state = ("Done, some rejected", "warn") if is_partly else BADGES[run.state]
    return [state, ("Dry run", "plain")] if run.is_dry_run else [state]


def figures(run: ImportRun) -> list[dict[str, Any]]:
    """Rows in the file = new + updated + unchanged + rejected, for components/stats.html."""
    sure = "exact" if run.state == "done" else ""
    would = "would be " if run.is_dry_run else ""
    return [
        {
            "label": "Rows",
            "value": run.rows,
            "note": "in the file" if run.state == "done" else "so far",
            "sure": sure,
        },
        {"label": "Accepted", "value": run.accepted, "note": "new, updated and unchanged", "sure": sure},
        {"label": "New", "value": run.new, "note": f"{would}added"},
        {"label": "Updated", "value": run.updated, "note": f"{would}changed"},
        {"label": "Unchanged", "value": run.unchanged, "note": "said the same as before"},
        {
            "label": "Rejected",
            "value": run.rejected,
            "note": "listed below" if run.rejected else "none",
            "tone": "bad" if run.rejected else "",
            "sure": sure,
        },
    ]


def verdict(run: ImportRun) -> str:
    """The outcome of a run without rejected rows, in a sentence."""
    return "Every row would be accepted" if run.is_dry_run else "Every row was accepted"


def history(run: ImportRun) -> list[dict[str, Any]]:
    """Who moved it when, for components/timeline.html."""
    words = {
        "draft": "File received",
        "queued": "Put in the queue",
        "running": "Taken by a worker",
        "done": "Finished",
    }
    tones = {"failed": "bad", "done": "good"}
    return [
        {
            "text": words.get(event.state, event.get_state_display()),
            "by": event.by,
            "at": event.at,
            "tone": tones.get(event.state, ""),
        }
        for event in run.events.select_related("by__user")
    ]


def read_as(run: ImportRun) -> list[tuple[str, str]]:
    """What each column filled."""
    kind = KINDS[run.kind]
    names = {field.key: field.label for field in kind.fields}
    targets = [(name, run.mapping.get(name, "")) for name in run.header]
    about = [("Encoding", ENCODINGS[run.encoding]), ("Delimiter", DELIMITERS[run.delimiter])]
    if run.ledger or run.ledger_name:
        about.append(("Ledger", str(run.ledger or run.ledger_name)))
    return about + [
        (name, names.get(target, target.replace(".", ": ", 1)) or "left out") for name, target in targets
    ]
