-- Resolves the open alerts of a campaign that ended.
WITH ended AS (
    UPDATE alerts_alert SET state = 'resolved', ended_at = %(at)s, snoozed_until = NULL
    WHERE campaign_id = %(campaign)s AND state IN ('firing', 'recovering', 'snoozed')
    RETURNING id, organization_id
)
INSERT INTO alerts_alertevent (organization_id, alert_id, kind, at)
SELECT organization_id, id, 'campaign_ended', %(at)s FROM ended
