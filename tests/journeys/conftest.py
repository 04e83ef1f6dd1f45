"""Journeys walk through a live server in Debian's Chromium. `page` comes from pytest-playwright."""

import os
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from console.organizations.models import Staff
from tests.browser import launch_arguments
from tests.journeys.walk import Walk

# Playwright's synchronous interface runs a loop of its own in this thread, which Django would take for an async caller.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
# The machine may be busy with other tests meanwhile.
expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The installed Chromium instead of one that would have to be downloaded."""
    return {**browser_type_launch_args, **launch_arguments()}


@pytest.fixture
def walk(page: Page, live_server: Any, alice: Staff) -> Walk:
    """Alice, signed in."""
    walk = Walk(page, live_server.url, alice)
    walk.signs_in()
    return walk
