"""manage.py migrate: Django's own, and then walls, triggers of several kinds, and what guards their functions."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from communications import telling
from console.organizations import guards, scope, walls, watched
from segments.freshness import triggers


class Command(migrate.Command):
    """Ends with walls, triggers and guards as models and lists say now, once all tables are there."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run it as whoever signed in, who must own the tables."""
        with scope.nobody():
            return super().execute(*args, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        connection = connections[options["database"]]
        executor = MigrationExecutor(connection)
        if options["plan"] or executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return
        built, now_watched = walls.build(connection), watched.build(connection)
        now_told, now_noted = telling.build(connection), triggers.build(connection)
        guards.build(connection)
        if built and options["verbosity"]:
            self.stdout.write(f"Walls built around {len(built)} tables.")
        if now_watched and options["verbosity"]:
            self.stdout.write(f"Triggers of the audit trail made or taken away at {len(now_watched)} tables.")
        if now_told and options["verbosity"]:
            self.stdout.write(f"Triggers that tell of events made or taken away at {len(now_told)} tables.")
        if now_noted and options["verbosity"]:
            self.stdout.write(
                f"Triggers that note whom a change touched made or taken away at {len(now_noted)} tables."
            )
