"""What every walk around the walls begins with: two banks that are furnished alike, and a count of what it tries."""

from collections.abc import Callable, Iterator

import pytest

from tests.walls.bank import furnished
from tests.walls.report import PROPERTY, Walk
from tests.walls.walking import OURS, THEIRS, Bank


@pytest.fixture
def ours(db: None) -> Bank:
    return furnished("northbank", OURS)


@pytest.fixture
def theirs(db: None) -> Bank:
    return furnished("southbank", THEIRS)


@pytest.fixture
def walk(request: pytest.FixtureRequest) -> Iterator[Callable[[str], Walk]]:
    """Begins a walk under the name of its line in the report."""
    begun: list[Walk] = []

    def begin(what: str) -> Walk:
        begun.append(Walk(what))
        return begun[-1]

    yield begin
    request.node.user_properties += [(PROPERTY, one.told()) for one in begun]
