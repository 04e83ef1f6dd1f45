"""bin/manage import_csv KIND FILE --organization SLUG"""

import json
import sys
import time
from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from console.holding import Busy
from console.imports.downloads import rejected_lines
from console.imports.engine import process
from console.imports.kinds import KINDS
from console.imports.mapping import BadMapping, changed, check, guess
from console.imports.models import ImportRun
from console.imports.sniffing import NotCsv, look
from console.organizations.commands import OperatorCommand, organization_of

SLICE = timedelta(seconds=2)
SHOWN = 20
LONGEST = 256
EPILOG = """
Exit codes: 0 every row was accepted; 2 some rows were rejected, the others are in; 1 the import failed.
The same command again continues an import that was broken off. A file that was imported before changes nothing.
"""


class Command(OperatorCommand):
    help = "Import a CSV file. Kinds: " + ", ".join(KINDS) + "." + EPILOG

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", metavar="KIND", help=", ".join(KINDS))
        parser.add_argument("file", metavar="FILE", help="A CSV file whose first line names the columns.")
        parser.add_argument("--organization", metavar="SLUG", required=True)
        parser.add_argument(
            "--ledger", metavar="NAME", default="", help="Where accounts go; made when it is not there."
        )
        parser.add_argument(
            "--map",
            *("-m",),
            metavar="COLUMN=FIELD",
            action="append",
            default=[],
            help="What a column fills, instead of the guess: a field, custom_data.KEY, metadata.KEY, or nothing.",
        )
        parser.add_argument("--encoding", default="", help="Instead of the detected one, such as cp1250.")
        parser.add_argument("--delimiter", default="", help="Instead of the detected one.")
        parser.add_argument("--dry-run", action="store_true", help="Check everything, write nothing.")
        parser.add_argument("--json", action="store_true", help="Print one JSON object.")
        parser.add_argument("--rejected", metavar="FILE", help="Write the rejected rows there, as CSV.")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        if options["rejected"]:
            see_that_it_can_be_written(Path(options["rejected"]))
        run = self.follow(self.run_for(options))
        if options["rejected"]:
            with Path(options["rejected"]).open("w", encoding="utf-8", newline="") as file:
                file.writelines(rejected_lines(run))
        result = summary(run, time.monotonic() - started)
        self.stdout.write(json.dumps(result, ensure_ascii=False) if options["json"] else words(run, result))
        if run.state != "done":
            raise CommandError(run.error or f"The import is {run.get_state_display().lower()}.")
        if run.rejected:
            sys.exit(2)

    def run_for(self, options: dict[str, Any]) -> ImportRun:
        """The run to work on: one that was broken off, or a new one, started. Raises CommandError."""
        organization = organization_of(options["organization"])
        if options["kind"] not in KINDS:
            raise CommandError(f"There is no kind “{options['kind']}”. Kinds: {', '.join(KINDS)}.")
        if len(options["ledger"]) > LONGEST:
            raise CommandError(f"The name of a ledger has at most {LONGEST} characters.")
        kind, now = KINDS[options["kind"]], timezone.now()
        try:
            with Path(options["file"]).open("rb") as file:
                found = look(file, options["encoding"], options["delimiter"].replace("\\t", "\t"))
                mapping = changed(kind, found.header, guess(kind, found.header), options["map"])
                check(kind, found.header, mapping)
                same = {"kind": kind.key, "ledger_name": options["ledger"]}
                how = {"mapping": mapping, "is_dry_run": options["dry_run"]}
                run = organization.import_runs.unfinished(found, **same, **how)
                if run is None:
                    run = organization.import_runs.receive(
                        file, Path(options["file"]).name, found, by=None, at=now, **same
                    )
                    run.mapping = mapping
                    run.save(update_fields=["mapping"])
                    run.start(by=None, at=now, is_dry_run=options["dry_run"])
                elif run.can("resume"):
                    run.resume(by=None, at=now)
        except (OSError, NotCsv, BadMapping) as fault:
            raise CommandError(str(fault)) from fault
        return run

    def follow(self, run: ImportRun) -> ImportRun:
        """Work until the run ends, here or in a worker that has taken it up; Ctrl-C cancels it."""
        if run.rows:
            self.stderr.write(f"Continuing after line {run.line - 1:,}.")
        try:
            while run.is_live:
                try:
                    run = process(run.pk, clock=timezone.now, slice_of=SLICE)
                except Busy:
                    time.sleep(0.5)
                    run.refresh_from_db()
                if run.is_live and self.stderr.isatty():
                    self.stderr.write(f"{run.rows:,} rows, {100 * run.byte // max(run.size, 1)} %")
        except KeyboardInterrupt:
            run.refresh_from_db()
            run.cancel(by=None, at=timezone.now())
        return run


def see_that_it_can_be_written(path: Path) -> None:
    """Before anything is imported. Raises CommandError."""
    try:
        path.open("a").close()
    except OSError as fault:
        raise CommandError(str(fault)) from fault


def summary(run: ImportRun, seconds: float) -> dict[str, Any]:
    """What happened, for machines."""
    counts = {
        name: getattr(run, name) for name in ("rows", "accepted", "new", "updated", "unchanged", "rejected")
    }
    rows = run.rejected_rows.order_by("line").values("line", "column", "value", "reason")[:SHOWN]
    about = {"run": str(run.pk), "kind": run.kind, "state": run.state, "dry_run": run.is_dry_run}
    return about | counts | {"seconds": round(seconds, 2), "rejected_rows": list(rows)}


def words(run: ImportRun, result: dict[str, Any]) -> str:
    """What happened, for people."""
    checked = " checked, nothing written" if run.is_dry_run else ""
    lines = [
        (
            f"{run.get_kind_display()}: {run.rows:,} rows{checked} in {result['seconds']:.1f} s. "
            f"Accepted {run.accepted:,} ({run.new:,} new, {run.updated:,} updated, {run.unchanged:,} unchanged), "
            f"rejected {run.rejected:,}."
        )
    ]
    for row in result["rejected_rows"]:
        lines.append(f"  line {row['line']}, {row['column'] or 'row'} “{row['value'][:60]}”: {row['reason']}")
    if run.rejected > SHOWN:
        lines.append(f"  … and {run.rejected - SHOWN:,} more. --rejected FILE writes all of them.")
    return "\n".join(lines)
