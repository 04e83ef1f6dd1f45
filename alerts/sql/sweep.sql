-- Looks at every member of the campaigns that are due (just activated, a day began, their segment was refreshed) and notes
-- as figures those that are below or whose state is open. An account with movements still in the queue waits for them.
WITH due AS (
    SELECT campaign.id, campaign.segment_id, segment.population, campaign.on_activation, campaign.swept_on,
        coalesce(campaign.members_as_of, '-infinity') AS members_as_of, rule.threshold, rule.currency
    FROM alerts_campaign campaign
    JOIN alerts_trigger rule ON rule.campaign_id = campaign.id
    JOIN segments_segment segment ON segment.id = campaign.segment_id
    WHERE campaign.id = ANY (%(campaigns)s)
), member AS (
    SELECT due.id, tag.account_id, tag.entered_at
    FROM due JOIN segments_accountmembership tag USING (segment_id) WHERE due.population = 'accounts'
    UNION ALL
    SELECT due.id, holder.account_id, min(greatest(entry.entered_at, holder.created_at))
    FROM due JOIN segments_customermembership entry USING (segment_id)
    JOIN portfolios_accountholder holder ON holder.customer_id = entry.customer_id AND holder.role = 'owner'
    WHERE due.population = 'customers' GROUP BY due.id, holder.account_id
), seen AS (
    SELECT due.*, member.account_id, member.entered_at > due.members_as_of AS is_new, known.state,
        CASE WHEN balance.last_on <= %(today)s THEN balance.ledger ELSE (
            SELECT ledger FROM balances_dailybalance
            WHERE account_id = balance.account_id AND day <= %(today)s ORDER BY day DESC LIMIT 1
        ) END AS value
    FROM due JOIN member USING (id)
    JOIN balances_balance balance ON balance.account_id = member.account_id
    JOIN portfolios_account account
        ON account.id = member.account_id AND account.asset_code = due.currency AND account.status <> 'CLOSED'
    LEFT JOIN alerts_accountstate known ON known.campaign_id = due.id AND known.account_id = member.account_id
    WHERE NOT EXISTS (SELECT FROM balances_movement queued WHERE queued.account_id = member.account_id)
), judged AS (
    SELECT seen.*, CASE WHEN state IN ('firing', 'recovering', 'waiting', 'voided') OR is_new THEN value ELSE coalesce((
        SELECT ledger FROM balances_dailybalance
        WHERE account_id = seen.account_id AND day <= seen.swept_on ORDER BY day DESC LIMIT 1
    ), 0) END AS previous
    FROM seen WHERE value < threshold OR state IN ('firing', 'recovering', 'waiting', 'voided')
)
INSERT INTO alerts_figure (campaign_id, account_id, position, previous, value, day, known_at, start, how, since_on)
SELECT id, account_id, 0, previous, value, %(today)s, %(at)s,
    CASE WHEN state IN ('firing', 'recovering', 'waiting', 'voided') OR NOT is_new THEN NULL
        WHEN on_activation = 'fire' THEN 'clear' ELSE 'below' END,
    CASE WHEN coalesce(state, 'normal') = 'normal' AND is_new THEN 'activation' ELSE 'day' END, swept_on
FROM judged
-- Below, known since long, never noted: it crossed today, or it waits without a row.
WHERE value IS NOT NULL
    AND (state IN ('firing', 'recovering', 'waiting', 'voided') OR is_new OR previous >= threshold)
