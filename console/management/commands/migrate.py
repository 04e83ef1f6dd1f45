"""manage.py migrate: Django's own, and then the walls around every table."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from console.organizations import scope, walls


class Command(migrate.Command):
    """Ends with a wall around every table, once all of them are there."""

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
        built = walls.build(connection)
        if built and options["verbosity"]:
            self.stdout.write(f"Walls built around {len(built)} tables.")
