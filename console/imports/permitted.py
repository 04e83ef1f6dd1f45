"""Which files a person may import: those by which nothing is done that they may not do by hand."""

from console.imports.fields import Kind
from console.imports.kinds import KINDS
from console.imports.models import ImportRun
from console.organizations.access import demand, may
from console.organizations.models import Staff


def kinds_for(staff: Staff) -> list[Kind]:
    """The kinds of file that the person may import."""
    return [kind for kind in KINDS.values() if may(staff, "imports.run") and may(staff, kind.permission)]


def may_run(staff: Staff, run: ImportRun) -> bool:
    """Whether the person may start, cancel and repeat such an import."""
    return KINDS[run.kind] in kinds_for(staff)


def demand_run(staff: Staff, run: ImportRun) -> None:
    """Raises PermissionDenied where the person may not."""
    for permission in ("imports.run", KINDS[run.kind].permission):
        demand(staff, permission)
