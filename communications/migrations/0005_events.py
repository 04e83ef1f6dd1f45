"""Domain events: what endpoints subscribe to, messages without a communication, and who writes them."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

EVENTS = [
    ("organization.created", "An organization was made"),
    ("organization.updated", "An organization was changed"),
    ("organization.deleted", "An organization was deleted"),
    ("ledger.created", "A ledger was made"),
    ("ledger.updated", "A ledger was changed"),
    ("ledger.deleted", "A ledger was deleted"),
    ("asset.created", "An asset was made"),
    ("asset.updated", "An asset was changed"),
    ("asset.deleted", "An asset was deleted"),
    ("portfolio.created", "A portfolio was made"),
    ("portfolio.updated", "A portfolio was changed"),
    ("portfolio.deleted", "A portfolio was deleted"),
    ("segment.created", "A segment was made"),
    ("segment.updated", "A segment was changed"),
    ("segment.deleted", "A segment was deleted"),
    ("account.created", "An account was made"),
    ("account.updated", "An account was changed, or its segment"),
    ("account.deleted", "An account was deleted"),
    ("account-type.created", "An account type was made"),
    ("account-type.updated", "An account type was changed"),
    ("account-type.deleted", "An account type was deleted"),
    ("balance.changed", "A balance changed"),
]

# One message for each endpoint that asked and each row to which something happened that has a name. Runs as the owner
# of the tables: an organization's founder is told of it too, and its endpoints lie behind another wall. What it is told
# (communications/telling.py) names columns. What one transaction does to one row under one name is one event.
TELL = """
CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  told CONSTANT jsonb := TG_ARGV[0];
  pairs text;
BEGIN
  IF NOT EXISTS (
      SELECT FROM communications_endpoint
      WHERE is_enabled AND events && ARRAY(SELECT jsonb_array_elements_text(told->'events'))::varchar[]) THEN
    RETURN NULL;
  END IF;
  pairs := CASE TG_OP
    WHEN 'INSERT' THEN 'SELECT NULL::jsonb AS before, to_jsonb(r) AS after FROM now_rows r'
    WHEN 'DELETE' THEN 'SELECT to_jsonb(r) AS before, NULL::jsonb AS after FROM old_rows r'
    ELSE format('SELECT to_jsonb(o) AS before, to_jsonb(n) AS after FROM old_rows o JOIN now_rows n USING (%I)',
        told->>'key') END;
  EXECUTE format($statement$
    WITH pair AS (%s), row_of AS (
        SELECT before, after, coalesce(after, before) AS row_now,
            coalesce(before, $1->'nothing') AS was,
            coalesce(after, '{}') AS is_now
        FROM pair
    ), happened AS (
        SELECT row_now, was, is_now, row_now->>($1->>'key') AS subject,
            coalesce(row_now->>'organization_id', row_now->>'id')::uuid AS organization,
            CASE WHEN $1 ? 'event' THEN $1->>'event'
                WHEN before IS NULL OR before->>'deleted_at' IS NOT NULL AND after->>'deleted_at' IS NULL
                THEN ($1->>'name') || '.created'
                WHEN before->>'deleted_at' IS NULL AND after->>'deleted_at' IS NOT NULL
                THEN ($1->>'name') || '.deleted'
                ELSE ($1->>'name') || '.updated' END AS event,
            (SELECT jsonb_agg(DISTINCT name) FROM jsonb_each_text($1->'fields') AS field (col, name)
             WHERE coalesce(was->col, 'null') IS DISTINCT FROM coalesce(is_now->col, 'null')) AS changed
        FROM row_of
        WHERE NOT ($1 ? 'where') OR (row_now->>($1->>'where'))::boolean
    ), told_of AS (
        SELECT event, organization, (row_now->>'founded_by_id')::uuid AS founder, subject,
            jsonb_strip_nulls(jsonb_build_object(
                'id', subject, 'organizationId', organization,
                'ledgerId', coalesce(row_now->>'ledger_id',
                    (SELECT ledger_id::text FROM portfolios_account WHERE id = (row_now->>'account_id')::uuid)),
                'changed', CASE WHEN event LIKE '%%.updated' OR event LIKE '%%.changed' THEN changed END,
                'updatedAt', to_char((is_now->>'updated_at')::timestamptz, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
            || coalesce((SELECT jsonb_object_agg(name, is_now->col) FROM jsonb_each_text($1->'values') AS value (col, name)
                WHERE is_now ? col), '{}')
            || coalesce((SELECT jsonb_object_agg(name, trim_scale((is_now->>col)::numeric)::text)
                    || jsonb_build_object('previous', jsonb_object_agg(name, trim_scale((was->>col)::numeric)::text))
                FROM jsonb_each_text($1->'amounts') AS amount (col, name)), '{}') AS details
        FROM happened
        WHERE changed IS NOT NULL OR event LIKE '%%.created' OR event LIKE '%%.deleted'
    )
    INSERT INTO communications_message AS message (organization_id, endpoint_id, channel, event, occasion, details,
        state, created_at, changed_at, next_attempt_at)
    SELECT endpoint.organization_id, endpoint.id, 'webhook', event,
        format('%%s %%s %%s', event, subject, pg_current_xact_id()), details,
        'queued', clock_timestamp(), clock_timestamp(), clock_timestamp()
    FROM told_of JOIN communications_endpoint endpoint
        ON endpoint.is_enabled AND event = ANY(endpoint.events) AND endpoint.organization_id IN (organization, founder)
    ORDER BY subject
    ON CONFLICT (endpoint_id, occasion) WHERE configuration_id IS NULL DO UPDATE SET details = message.details || excluded.details
        || CASE WHEN excluded.details ? 'changed' THEN jsonb_build_object('changed', (
            SELECT jsonb_agg(DISTINCT name)
            FROM jsonb_array_elements((message.details->'changed') || (excluded.details->'changed')) AS name))
            ELSE '{}' END
        || CASE WHEN message.details ? 'previous'
            THEN jsonb_build_object('previous', message.details->'previous') ELSE '{}' END
  $statement$, pairs) USING told;
  RETURN NULL;
END $$;
"""
STAYS = """
DROP TRIGGER endpoint_stays ON communications_endpoint;
CREATE TRIGGER endpoint_stays BEFORE UPDATE ON communications_endpoint FOR EACH ROW
    WHEN (NEW.approval_id = OLD.approval_id AND (NEW.url, NEW.events) IS DISTINCT FROM (OLD.url, OLD.events))
    EXECUTE FUNCTION approved_stays();
"""
STAYED = """
DROP TRIGGER endpoint_stays ON communications_endpoint;
CREATE TRIGGER endpoint_stays BEFORE UPDATE ON communications_endpoint FOR EACH ROW
    WHEN (NEW.approval_id = OLD.approval_id AND NEW.url <> OLD.url) EXECUTE FUNCTION approved_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("communications", "0004_watched"),
        ("organizations", "0016_records"),
        ("portfolios", "0003_records"),
    ]

    operations = [
        migrations.AddField(
            model_name="endpoint",
            name="events",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40, choices=EVENTS),
                blank=True,
                db_default=[],
                default=list,
                help_text="What it is told of the record as it happens.",
                size=None,
            ),
        ),
        migrations.AlterField(
            model_name="endpoint",
            name="approval",
            field=models.ForeignKey(
                editable=False,
                help_text="Of its address, and of what it is told.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="endpoints",
                to="organizations.approval",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="event",
            field=models.CharField(blank=True, choices=EVENTS, db_default="", default="", max_length=40),
        ),
        migrations.AddField(
            model_name="message",
            name="details",
            field=models.JSONField(blank=True, db_default={}, default=dict),
        ),
        migrations.AlterField(
            model_name="message",
            name="configuration",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="messages",
                to="communications.configuration",
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="version",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="messages",
                to="communications.configurationversion",
            ),
        ),
        migrations.AddConstraint(
            model_name="endpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(("events__contained_by", [name for name, _ in EVENTS])),
                name="endpoint_events_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("configuration__isnull", False), ("event", ""), ("version__isnull", False)),
                    models.Q(
                        models.Q(("event", ""), _negated=True),
                        ("configuration__isnull", True),
                        ("endpoint__isnull", False),
                        ("version__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="message_of_communication_or_event",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                condition=models.Q(("configuration__isnull", True)),
                fields=("endpoint", "occasion"),
                name="message_once_an_event",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("configuration__isnull", True), ("state", "queued")),
                fields=["endpoint", "next_attempt_at", "id"],
                name="message_event_due",
            ),
        ),
        migrations.RunSQL(TELL, "DROP FUNCTION tell() CASCADE"),
        migrations.RunSQL(STAYS, STAYED),
    ]
