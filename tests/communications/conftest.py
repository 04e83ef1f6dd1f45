"""A mail server for every test that asks, and the settings that lead there."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.communications.sinks import HookSink, MailSink, hook_server, mail_server


@pytest.fixture
def post(settings: Any) -> Iterator[MailSink]:
    """A mail server that takes everything; the settings send there."""
    sink = MailSink()
    with mail_server(sink) as port:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield sink


@pytest.fixture
def hooks(settings: Any) -> Iterator[HookSink]:
    """An endpoint on loopback that answers 200."""
    settings.WEBHOOK_ALLOW_LOOPBACK = True
    with hook_server(HookSink()) as sink:
        yield sink
