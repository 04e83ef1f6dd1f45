"""What to do about a refresh that failed, by why it did."""

from segments.models import Run

DATABASE = "The database could not finish it"
TO_DO = {
    "timeout": "It took longer than the database may work on one statement. Narrow its widest rule first: the builder "
    "shows beside each how many it keeps.",
    "deadlock": "Something else wrote the same members at the same time. Count it again.",
    "could not serialize": "Something else wrote the same members at the same time. Count it again.",
    "no space left": "The disk of the database is full. Whoever runs the console must make room, then count it again.",
    "memory": "The database had no memory left for it. Count it again when less goes on, or narrow its rules.",
    "terminating connection": "The database was stopped meanwhile. Count it again.",
}
OTHERWISE = (
    "Count it again. If it fails once more, the worker’s log has the whole error under this refresh’s id."
)
RULES = "Its rules ask for something that is not there any more. Edit them: the builder marks the rule."


def advice(run: Run) -> str:
    """What staff can do now; "" for a refresh that did not fail."""
    if run.state != Run.State.FAILED:
        return ""
    if not run.error.startswith(DATABASE):
        return RULES
    said = run.error.casefold()
    return next((words for sign, words in TO_DO.items() if sign in said), OTHERWISE)
