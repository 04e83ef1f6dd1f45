"""When a failed try is repeated."""

import pytest

from communications.schedule import EMAIL, WEBHOOK, wait


def test_webhooks_are_tried_as_standard_webhooks_says_within_a_tenth() -> None:
    delays = [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]
    for tries, delay in enumerate(delays, start=1):
        assert wait(WEBHOOK, tries) == pytest.approx(delay, rel=0.1)
    assert wait(WEBHOOK, 10) is None


def test_two_messages_do_not_come_back_at_the_same_moment() -> None:
    assert len({wait(EMAIL, 3) for _ in range(20)}) > 10


def test_a_wish_to_be_left_alone_lengthens_and_never_shortens() -> None:
    assert wait(WEBHOOK, 1, 120) == 120
    assert wait(WEBHOOK, 3, 1) == pytest.approx(1800, rel=0.1)
