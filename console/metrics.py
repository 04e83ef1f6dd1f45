"""The bank's figures for the monitoring, read from the database when they are asked for: the same from every worker."""

from collections.abc import Iterator

from django.db import DatabaseError, connection
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from console.organizations import scope

MOST = 10_000  # counted no further: an alarm needs no more, and each figure stays a look into an index
COUNTS = {
    "messages_queued": (
        "Messages that wait to be sent",
        "FROM communications_message WHERE state = 'queued'",
    ),
    "messages_uncertain": (
        "Messages of which nobody knows whether they were sent: a person decides",
        "FROM communications_message WHERE state = 'uncertain'",
    ),
    "segment_refreshes_queued": (
        "Refreshes of segments that wait for a worker",
        "FROM segments_run WHERE state = 'queued'",
    ),
    "segments_failed": (
        "Segments in use whose last refresh failed",
        """FROM segments_segment s CROSS JOIN LATERAL (
               SELECT r.state FROM segments_run r WHERE r.segment_id = s.id AND r.state IN ('done', 'failed')
               ORDER BY r.requested_at DESC LIMIT 1) latest
           WHERE s.archived_at IS NULL AND latest.state = 'failed'""",
    ),
    "audit_events_unlinked": (
        "Events of the audit trail that no chain holds yet",
        "FROM organizations_auditevent WHERE seq IS NULL",
    ),
    "imports_at_work": (
        "Imports that wait or run",
        "FROM imports_importrun WHERE state IN ('queued', 'running')",
    ),
}
SECONDS = {
    "messages_due_seconds": (
        "Seconds for which the first message that may be sent has been due",
        """
SELECT COALESCE(GREATEST(EXTRACT(epoch FROM clock_timestamp() - min(at)), 0), 0) FROM (
    SELECT first.at FROM communications_configuration c
    JOIN organizations_organization o ON o.id = c.organization_id AND o.is_sending
    CROSS JOIN LATERAL (
        SELECT m.next_attempt_at AS at FROM communications_message m
        WHERE m.configuration_id = c.id AND m.state = 'queued' ORDER BY m.next_attempt_at LIMIT 1) first
    WHERE c.state = 'active'
    UNION ALL
    SELECT first.at FROM communications_endpoint e
    JOIN organizations_organization o ON o.id = e.organization_id AND o.is_sending
    CROSS JOIN LATERAL (
        SELECT m.next_attempt_at AS at FROM communications_message m
        WHERE m.endpoint_id = e.id AND m.configuration_id IS NULL AND m.state = 'queued'
        ORDER BY m.next_attempt_at LIMIT 1) first
    WHERE e.is_enabled) due
""",
    ),
    "audit_unlinked_seconds": (
        "Seconds for which the first event of the audit trail has waited for its link; half a minute is usual",
        """
SELECT COALESCE(GREATEST(EXTRACT(epoch FROM clock_timestamp() - min(first.at)), 0), 0)
FROM (SELECT id FROM organizations_organization UNION ALL SELECT NULL) o
CROSS JOIN LATERAL (
    SELECT e.at FROM organizations_auditevent e
    WHERE e.organization_id IS NOT DISTINCT FROM o.id AND e.seq IS NULL ORDER BY e.id LIMIT 1) first
""",
    ),
}


class Bank(Collector):
    """Reads the figures at each scrape. Without a database it says that, and no figure."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            figures = list(read())
        except DatabaseError:
            figures = []
        yield GaugeMetricFamily("tranche_database_up", "1 while the database answers", value=bool(figures))
        yield from figures


def read() -> Iterator[GaugeMetricFamily]:
    """Each figure with its name and meaning. Raises DatabaseError."""
    with scope.across(task="metrics"), connection.cursor() as cursor:
        for name, (words, rows) in COUNTS.items():
            cursor.execute(f"SELECT count(*) FROM (SELECT {rows} LIMIT {MOST}) AS counted")
            yield GaugeMetricFamily(
                f"tranche_{name}", f"{words}; {MOST:,} stands for more", cursor.fetchone()[0]
            )
        for name, (words, seconds) in SECONDS.items():
            cursor.execute(seconds)
            yield GaugeMetricFamily(f"tranche_{name}", words, float(cursor.fetchone()[0]))


def exposition() -> bytes:
    """All figures in Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Bank())
    return generate_latest(registry)
