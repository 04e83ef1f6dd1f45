-- Takes back alerts whose condition did not hold after all: the balance of the firing day, with the corrections that
-- became known since, is not under the threshold. A correction is a reversal effective by that day, or an item booked
-- on a day before it; a later credit of the day itself is a recovery.
WITH suspect AS (
    SELECT alert.id, alert.campaign_id, alert.account_id, alert.episode, alert.state,
        alert.value + correction.change AS corrected, correction.change, correction.items
    FROM alerts_alert alert
    CROSS JOIN LATERAL (
        SELECT sum(CASE direction WHEN 'credit' THEN amount ELSE -amount END) AS change,
            jsonb_agg(item.id ORDER BY item.recorded_at) AS items
        FROM balances_transaction item
        WHERE item.account_id = alert.account_id AND item.booked_on <= alert.as_of AND item.recorded_at > alert.fired_at
            AND (item.reverses_id IS NOT NULL OR item.booked_on < alert.as_of)
    ) AS correction
    WHERE alert.account_id IN (SELECT account_id FROM alerts_figure)
        AND alert.organization_id = %(organization)s AND alert.state <> 'voided'
        AND (alert.ended_at IS NULL OR alert.fired_at > %(at)s - interval '35 days')
        AND alert.value + correction.change >= alert.threshold
),
taken_back AS (
    UPDATE alerts_alert alert SET state = 'voided', ended_at = coalesce(alert.ended_at, %(at)s), snoozed_until = NULL
    FROM suspect WHERE alert.id = suspect.id
    RETURNING alert.id, suspect.corrected, suspect.change, suspect.items
),
rearmed AS (
    UPDATE alerts_accountstate known SET
        state = CASE WHEN known.episode = suspect.episode AND known.state <> 'normal' THEN 'voided' ELSE known.state END,
        last_fired_at = (
            SELECT max(fired_at) FROM alerts_alert other
            WHERE other.campaign_id = known.campaign_id AND other.account_id = known.account_id
                AND other.state <> 'voided' AND other.id NOT IN (SELECT id FROM suspect)
        )
    FROM suspect WHERE known.campaign_id = suspect.campaign_id AND known.account_id = suspect.account_id
),
told AS (
    INSERT INTO alerts_alertevent (organization_id, alert_id, kind, at, data)
    SELECT %(organization)s, id, 'voided', %(at)s, jsonb_build_object(
        'corrected', trim_scale(corrected)::text, 'change', trim_scale(change)::text, 'transactions', items)
    FROM taken_back
)
SELECT count(*) FROM taken_back
