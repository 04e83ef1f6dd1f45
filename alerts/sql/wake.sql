-- Brings back what was snoozed until now, in the state that its account is in.
WITH woken AS (
    UPDATE alerts_alert alert SET snoozed_until = NULL, state = CASE WHEN EXISTS (
        SELECT FROM alerts_accountstate known
        WHERE known.campaign_id = alert.campaign_id AND known.account_id = alert.account_id AND known.state = 'recovering'
    ) THEN 'recovering' ELSE 'firing' END
    WHERE alert.organization_id = %(organization)s AND alert.state = 'snoozed' AND alert.snoozed_until <= %(at)s
    RETURNING alert.id
)
INSERT INTO alerts_alertevent (organization_id, alert_id, kind, at)
SELECT %(organization)s, id, 'woke', %(at)s FROM woken
