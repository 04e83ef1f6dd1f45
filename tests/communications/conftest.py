"""A mail server for every test that asks, and the settings that lead there."""

from collections.abc import Iterator
from typing import Any

import pytest

from communications.models import Run
from console.organizations.models import Organization, Staff
from tests.communications.factories import an_endpoint, communication, customers, segment_with, sent_by
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


@pytest.fixture
def run(nordbank: Organization, alice: Staff) -> Run:
    """A send by email to three customers, nothing tried yet."""
    return sent_by(communication(nordbank, segment_with(nordbank, *customers(nordbank, 3))), alice)


@pytest.fixture
def hook_run(nordbank: Organization, alice: Staff) -> Run:
    """A send by webhook to one customer."""
    segment = segment_with(nordbank, *customers(nordbank, 1))
    return sent_by(communication(nordbank, segment, endpoint=an_endpoint(nordbank)), alice)
