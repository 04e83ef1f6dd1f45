"""Tables made once: a cluster whose template has them is kept in var/ under a name that changes when they could.

Each worker of xdist makes its database from that template, and Django then finds every migration applied.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from console.embedded.paths import CHECKOUT
from console.embedded.throwaway import Seed

KEPT = CHECKOUT / "var" / "test-seeds"
NEWEST_KEPT = 3
# What decides how the tables look: migrations, the fields that they use, Django, and PostgreSQL with its settings.
SOURCES = (
    *(
        "*/migrations/*.py",
        "console/*/migrations/*.py",
        "console/*/fields.py",
        "console/organizations/walls.py",
        "console/organizations/watched.py",
        "communications/telling.py",
    ),
    *(
        "requirements-dev.lock",
        "console/settings.py",
        "console/embedded/postgres.py",
        "console/embedded/roles.sql",
    ),
)


def current() -> Seed:
    """The seed for the tables as they are written now; old ones are deleted."""
    KEPT.mkdir(parents=True, exist_ok=True)
    for old in sorted(KEPT.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)[NEWEST_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
    return Seed(KEPT / _digest(), migrate)


def _digest() -> str:
    digest = hashlib.sha256()
    for path in sorted(path for pattern in SOURCES for path in CHECKOUT.glob(pattern)):
        digest.update(str(path.relative_to(CHECKOUT)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def migrate(url: str) -> None:
    """Make the tables in the database at this address. Raises CalledProcessError."""
    environ = os.environ | {
        "DATABASE_URL": url,
        "SECRET_KEY": "only for migrations",
        "DATABASE_POOL_SIZE": "1",
    }
    command: list[str | Path] = [
        sys.executable,
        CHECKOUT / "manage.py",
        "migrate",
        "--verbosity=0",
        "--skip-checks",
    ]
    subprocess.run(command, env=environ, cwd=CHECKOUT, check=True)
