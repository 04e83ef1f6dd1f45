#!/usr/bin/env python
"""Django's command line. `bin/manage` runs it in the project's own environment with the servers it needs."""

import os
import sys

# What changes tables signs in to the database as their owner; everything else as a role that owns nothing.
AS_OWNER = {
    "migrate",
    "prepare",
    "flush",
    "sqlmigrate",
    "sqlflush",
    "makemigrations",
    "showmigrations",
    "index_attributes",
    "test",
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "console.settings")
    if AS_OWNER & set(sys.argv[1:2]) and os.environ.get("DATABASE_OWNER_URL"):
        os.environ["DATABASE_URL"] = os.environ["DATABASE_OWNER_URL"]
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
