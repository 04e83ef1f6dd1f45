"""Journeys walk through a live server in Debian's Chromium. `page` comes from pytest-playwright."""

import os
from typing import Any

import pytest

from tests.browser import launch_arguments

# Playwright's synchronous interface runs a loop of its own in this thread, which Django would take for an async caller.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The installed Chromium instead of one that would have to be downloaded."""
    return {**browser_type_launch_args, **launch_arguments()}
