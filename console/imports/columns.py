"""The columns of the list of imports."""

from console.columns import Column, Figure
from console.imports.models import ImportRun
from console.imports.progress import badges

ORDERS = {"created": ("created_at", "id"), "name": ("name", "id"), "rejected": ("rejected", "id")}


def _rows(run: ImportRun, number: int, *, is_bad: bool = False) -> Figure:
    """A number of rows; none where nothing was read yet."""
    return Figure(None if run.state == "draft" else number, is_bad=is_bad)


COLUMNS = [
    Column("name", "File", str, "name", sort="name", is_fixed=True),
    Column("kind", "Rows are", lambda run: run.get_kind_display()),
    Column("state", "State", badges, "badges"),
    Column("rows", "Rows", lambda run: _rows(run, run.rows), "figure"),
    Column("accepted", "Accepted", lambda run: _rows(run, run.accepted), "figure"),
    Column("new", "New", lambda run: _rows(run, run.new), "figure", is_usual=False),
    Column("updated", "Updated", lambda run: _rows(run, run.updated), "figure", is_usual=False),
    Column(
        "rejected",
        "Rejected",
        lambda run: _rows(run, run.rejected, is_bad=run.rejected > 0),
        "figure",
        sort="rejected",
    ),
    Column("by", "By", lambda run: run.requested_by or "Command line"),
    Column("created", "Received", lambda run: run.created_at, "moment", sort="created"),
    Column("finished", "Finished", lambda run: run.finished_at, "moment", is_usual=False),
]
