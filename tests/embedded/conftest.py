"""A data folder that the servers' user can reach: pytest's own temporary folders are for ourselves only."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.embedded.paths import Place
from console.embedded.servers import are_running
from tests.embedded.test_processes import wait_until


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """Deleted once the servers in it have stopped."""
    folder = Path(tempfile.mkdtemp(prefix="tranche-test-"))
    folder.chmod(0o755)
    yield folder
    place = Place.from_environment({"TRANCHE_DATA": str(folder)})
    wait_until(lambda: not are_running(place), seconds=60)
    shutil.rmtree(folder)
