"""Webhooks: what counts as success, what is never followed, how much is read, how long is waited."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from aiohttp import web
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from communications.channels import webhook as channel
from communications.channels.call import Call
from communications.channels.outcome import Kind, Outcome
from communications.channels.signature import headers
from communications.channels.webhook import Switchboard, retry_after
from tests.communications.sinks import HookSink, apart, hook_server

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_b3RoZXIgc2VjcmV0IG9mIDI0IGJ5dGVzIQ=="


def call(sink: HookSink, *, allow_loopback: bool = True, url: str = "") -> Outcome:
    async def run() -> Outcome:
        board = Switchboard(allow_loopback=allow_loopback)
        outcome = await board.send(Call("msg_1", url or sink.url, b'{"a":1}', [SECRET]))
        await board.close()
        return outcome

    return apart(run())


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (200, Kind.SENT),
        (204, Kind.SENT),
        (301, Kind.DEFERRED),
        (307, Kind.DEFERRED),
        (400, Kind.DEFERRED),
        (410, Kind.FAILED),
        (429, Kind.DEFERRED),
        (500, Kind.DEFERRED),
    ],
)
def test_only_2xx_is_success(status: int, kind: Kind) -> None:
    with hook_server(HookSink(lambda request: web.Response(status=status, text="words"))) as sink:
        outcome = call(sink)
    assert outcome.kind == kind
    assert outcome.code == status
    assert outcome.is_gone == (status == 410)


def test_a_redirect_is_not_followed() -> None:
    with hook_server(HookSink()) as target:
        answer = web.Response(status=302, headers={"Location": target.url})
        with hook_server(HookSink(lambda request: answer)) as sink:
            outcome = call(sink)
    assert target.calls == []
    assert "never followed" in outcome.note


def test_retry_after_is_heard() -> None:
    answer = web.Response(status=429, headers={"Retry-After": "120"})
    with hook_server(HookSink(lambda request: answer)) as sink:
        assert call(sink).retry_after == 120


def test_retry_after_in_both_spellings_within_a_day() -> None:
    now = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    assert retry_after("17", now) == 17
    assert retry_after(format_datetime(now + timedelta(hours=2), usegmt=True), now) == 7200
    assert retry_after("999999999", now) == 86400
    assert retry_after(format_datetime(now - timedelta(hours=2), usegmt=True), now) == 0
    assert retry_after("soon", now) is None
    assert retry_after("", now) is None


def test_a_reply_without_end_is_read_up_to_64_kb() -> None:
    sent = 0

    async def flood(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while sent < 50_000_000:
                await response.write(b"x" * 65536)
                sent += 65536
        except (ConnectionError, asyncio.CancelledError):
            pass
        return response

    with hook_server(HookSink(flood)) as sink:
        outcome = call(sink)
    assert outcome.kind == Kind.SENT
    assert len(outcome.answer) == 1000
    assert sent < 50_000_000


def test_a_slow_answer_ends_with_the_time_of_a_try(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel, "SECONDS", 0.3)

    async def slow(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(3)
        return web.Response()

    with hook_server(HookSink(slow)) as sink:
        began = time.monotonic()
        outcome = call(sink)
        assert time.monotonic() - began < 2.5
    assert outcome.kind == Kind.DEFERRED
    assert "no answer within" in outcome.note


def test_nothing_goes_to_loopback_in_service() -> None:
    with hook_server(HookSink()) as sink:
        for url in (sink.url, sink.url.replace("127.0.0.1", "localhost"), "https://localhost/hook"):
            outcome = call(sink, allow_loopback=False, url=url)
            assert outcome.kind == Kind.DEFERRED
            assert outcome.note.startswith("not sent: "), outcome.note
    assert sink.calls == []


def test_a_name_that_leads_into_the_house_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    async def lookup(loop: Any, host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(2, 1, 6, "", ("93.184.216.34", port)), (2, 1, 6, "", ("10.0.0.8", port))]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", lookup)
    outcome = call(HookSink(), allow_loopback=False, url="https://hooks.bank.example/in")
    assert asked == ["hooks.bank.example"]
    assert "10.0.0.8 is inside a private network" in outcome.note


def test_the_environment_names_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with hook_server(HookSink()) as proxy, hook_server(HookSink()) as sink:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("http_proxy", proxy.url)
        assert call(sink).kind == Kind.SENT
        assert (len(proxy.calls), len(sink.calls)) == (0, 1)


def test_each_live_secret_signs() -> None:
    signed = headers("msg_1", b'{"a":1}', [SECRET, OTHER], datetime.now(UTC))
    for secret in (SECRET, OTHER):
        assert Webhook(secret).verify('{"a":1}', signed) == {"a": 1}
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify('{"a":2}', signed)


def test_the_signature_of_the_specification() -> None:
    at = datetime.fromtimestamp(1614265330, UTC)
    signed = headers("msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', [SECRET], at)
    assert signed["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
