"""10,000 messages, the dispatcher killed 20 times at random: none lost, the books balance, few duplicates."""

import random
import time

from communications.books import books_of_run
from tests.benchmarks.report import Report
from tests.communications.faults.storm import CONCURRENCY, storm

MESSAGES, KILLS = 10_000, 20


def run(report: Report) -> None:
    """The full size of tests/communications/faults: kills spread over the whole send, then a person decides."""
    began = time.monotonic()
    with storm(MESSAGES) as weather:
        for arrived in sorted(random.sample(range(1, MESSAGES * 9 // 10), KILLS)):
            weather.killed_when(arrived, batch=200)
        weather.finish()
        unasked, books = weather.duplicates, books_of_run(weather.run)
        decided = weather.decide()
        weather.finish()
        missing = MESSAGES - len(weather.sink.arrivals)
        report.note(f"{weather.kills} kills, {books.uncertain} uncertain, {decided} sent again by decision")
        report.note(f"{weather.duplicates} arrived twice, {unasked} of them before anyone decided")
        report.limit(
            "killed dispatchers: messages lost", ours=len(weather.lost) + missing, at_most=0, unit="messages"
        )
        most = KILLS * CONCURRENCY
        report.limit("killed dispatchers: duplicates", ours=weather.duplicates, at_most=most, unit="messages")
        report.limit("killed dispatchers: duplicates unasked", ours=unasked, at_most=0, unit="messages")
        report.limit(
            "killed dispatchers: books out of balance", ours=len(weather.unbalanced), at_most=0, unit="times"
        )
        sent = books_of_run(weather.run).sent
        report.reach("killed dispatchers: sent in the end", ours=sent, at_least=MESSAGES, unit="messages")
        report.note(f"{time.monotonic() - began:.0f} s in all")
