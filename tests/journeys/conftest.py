"""Journeys walk through a live server in Debian's Chromium. `page` comes from pytest-playwright."""

import os
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
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
def at_rest(live_server: Any, page: Page) -> Iterator[None]:
    """When a journey ends nothing may still be asked of the server: the tables are emptied next."""
    under_way: list[None] = []

    def begins(**_: Any) -> None:
        under_way.append(None)

    def ends(**_: Any) -> None:
        under_way.pop()

    request_started.connect(begins)
    request_finished.connect(ends)
    yield
    for each in [one for context in page.context.browser.contexts for one in context.pages]:
        each.goto("about:blank")
    until = time.monotonic() + 20
    while under_way and time.monotonic() < until:
        time.sleep(0.02)
    request_started.disconnect(begins)
    request_finished.disconnect(ends)


@pytest.fixture
def walk(page: Page, live_server: Any, alice: Staff, at_rest: None) -> Walk:
    """Alice, signed in."""
    walk = Walk(page, live_server.url, alice)
    walk.signs_in()
    return walk
