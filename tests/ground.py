"""pytest plugin (`-p tests.ground`): a throw-away PostgreSQL and broker, before pytest-django reads the settings.

DATABASE_URL and REDIS_URL, where they are set, are used instead. Workers of xdist inherit what their controller set.
"""

import contextlib
import os
from collections.abc import Generator

import pytest

from console.embedded.throwaway import THROWN_AWAY, throwaway
from tests import seed
from tests.walls import report

_ground = contextlib.ExitStack()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None, object, object]:
    """Put the ground's addresses into the environment; a wrapper comes before pytest-django's own hook."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "console.settings")
    if "PYTEST_XDIST_WORKER" not in os.environ:
        os.environ.update(_ground.enter_context(throwaway(dict(os.environ), seed.current())))
    return (yield)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Serve static files from where they lie, uncollected; drop no database of a server that goes as a whole."""
    from django.conf import settings

    finders = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": finders}
    config.option.reuse_db = config.option.reuse_db or THROWN_AWAY in os.environ
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Stop what was started; when we are killed the kernel does it."""
    _ground.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what the walks between banks tried, and repeat which checks failed before the tests began."""
    report.tell(terminalreporter)
    if failed := os.environ.get("TRANCHE_FAILED_CHECKS"):
        terminalreporter.section("checks that failed before the tests", red=True)
        terminalreporter.line(failed, red=True)
