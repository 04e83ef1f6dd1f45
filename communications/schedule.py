"""When a failed try is repeated: seconds from the end of one to the start of the next, a little spread."""

import random

MINUTE, HOUR = 60.0, 3600.0
# Standard Webhooks; the first try is at once.
WEBHOOK = (5.0, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR)
# Mail servers that greylist want minutes; two days and a half in all.
EMAIL = (MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 20 * HOUR, 24 * HOUR)
# A message that can't be written is parked after three tries.
UNRENDERED = (5.0, MINUTE)
JITTER = 0.05

Schedule = tuple[float, ...]


def schedule_of(channel: str) -> Schedule:
    """The schedule of a channel, "email" or "webhook"."""
    return EMAIL if channel == "email" else WEBHOOK


def wait(schedule: Schedule, tries: int, wish: float | None = None) -> float | None:
    """Seconds until the next try after `tries` of them, None when they are used up; `wish` (Retry-After) lengthens."""
    if tries > len(schedule):
        return None
    spread = random.uniform(1 - JITTER, 1 + JITTER)
    return max(schedule[tries - 1] * spread, wish or 0.0)
