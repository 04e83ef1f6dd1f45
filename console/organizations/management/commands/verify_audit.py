"""manage.py verify_audit: prove the audit trail. Exit code 1 where it does not hold."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from console.organizations import heads
from console.organizations.commands import OperatorCommand, organization_of
from console.organizations.models import Organization
from console.organizations.proving import Verdict, Witness, prove, witnesses


class Command(OperatorCommand):
    help = (
        "Prove the audit trail of one organization or of all: that no event was altered, moved, deleted or put in by"
        " hand, and that none is missing at the end. Names the first bad event. Exit code 1 when there is one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organization", metavar="SLUG", help="only this one")
        parser.add_argument(
            "--heads", type=Path, metavar="PATH", help="a file or folder of exported heads (default: our own)"
        )
        parser.add_argument(
            "--since-head",
            action="store_true",
            help="only what came after each newest head: quick, for every hour",
        )
        parser.add_argument("--json", action="store_true", help="one object on standard output, for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(self.verdicts(options))
        holds = not any(verdict.fault for verdict in found)
        if options["json"]:
            self.stdout.write(
                json.dumps({"holds": holds, "chains": [asdict(each) for each in found]}, default=str)
            )
        else:
            self.tell(found)
        if not holds:
            sys.exit(1)

    def verdicts(self, options: dict[str, Any]) -> Any:
        """A verdict for each chain that the database has or a head knows."""
        path = options["heads"] or heads.folder()
        if options["heads"] and not path.exists():
            raise CommandError(f"There is no {path}.")
        try:
            seen = witnesses(list(heads.read(path))) if path.exists() else {}
        except heads.Forged as fault:
            yield Verdict("heads", fault=str(fault))
            return
        if not seen:
            self.stderr.write("There are no heads: events missing at the end of a chain can't be noticed.")
        if options["organization"]:
            chains = {str(organization_of(options["organization"]).pk)}
        else:
            chains = {heads.name_of(each) for each in heads.chains()} | set(seen)
        for name in sorted(chains):
            organization = None if name == heads.PLATFORM else UUID(name)
            witness = seen.get(name, Witness())
            yield prove(organization, witness, at=timezone.now(), since_head=options["since_head"])

    def tell(self, found: list[Verdict]) -> None:
        slugs = {str(pk): slug for pk, slug in Organization.objects.values_list("pk", "slug")}
        for verdict in found:
            name = slugs.get(verdict.organization, verdict.organization)
            where = f" at number {verdict.seq}" if verdict.seq else ""
            where += f", id {verdict.event}" if verdict.event else ""
            said = f"BROKEN{where}: {verdict.fault}" if verdict.fault else "holds"
            self.stdout.write(f"{name:<38} {verdict.events:>10,} events  {said}")
