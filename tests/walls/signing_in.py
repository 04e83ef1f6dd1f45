"""The console's own way into the database: as the role that owns nothing, where tests come as the owner."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from console.embedded.postgres import APP
from console.organizations import scope


@contextmanager
def as_app(database: str = "") -> Iterator[None]:
    """From a shell: signed in as tranche_app, to the tests' database or another, with nothing said yet."""
    given, wanted = connection.settings_dict, {"USER": APP, **({"NAME": database} if database else {})}
    before = {name: given[name] for name in wanted}
    try:
        _sign_in(wanted)
        with scope.nobody():
            yield
    finally:
        _sign_in(before)


def _sign_in(who: dict[str, str]) -> None:
    connection.close()
    connection.close_pool()
    connection.settings_dict.update(who)
