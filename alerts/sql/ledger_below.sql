-- "The ledger balance falls below T, and clears at C": which figures concern which campaigns, as steps for walk.sql.
-- Movements are matched to thresholds by range (previous >= T > value, an index on thresholds), so the cost follows what
-- was crossed and not campaigns x accounts; beside that only accounts whose state is open are looked at.
INSERT INTO alerts_step
WITH pair AS MATERIALIZED (
    -- A member fell across the threshold: from its entry on.
    SELECT DISTINCT campaign.id AS campaign_id, entry.account_id, entry.entered_at AS since
    FROM alerts_entry entry
    JOIN alerts_figure figure ON figure.account_id = entry.account_id AND figure.known_at >= entry.entered_at
    JOIN portfolios_account account ON account.id = entry.account_id AND account.status <> 'CLOSED'
    JOIN alerts_trigger trig ON trig.organization_id = %(organization)s AND trig.kind = 'ledger_below'
        AND trig.currency = account.asset_code
        AND trig.threshold > figure.value AND trig.threshold <= figure.previous
    JOIN alerts_campaign campaign ON campaign.id = trig.campaign_id AND campaign.segment_id = entry.segment_id
        AND campaign.state = 'active' AND campaign.swept_at IS NOT NULL
    LEFT JOIN alerts_accountstate known
        ON known.campaign_id = campaign.id AND known.account_id = entry.account_id AND known.state <> 'normal'
    WHERE known.state IS NULL
    UNION ALL
    -- Its state is open, so whatever it shows matters.
    SELECT known.campaign_id, known.account_id, '-infinity'
    FROM (SELECT DISTINCT account_id FROM alerts_figure WHERE campaign_id IS NULL) AS touched
    JOIN alerts_accountstate known ON known.account_id = touched.account_id AND known.state <> 'normal'
    JOIN alerts_campaign campaign ON campaign.id = known.campaign_id
        AND campaign.state = 'active' AND campaign.swept_at IS NOT NULL
    UNION ALL
    -- The figure is meant for this campaign.
    SELECT campaign_id, account_id, '-infinity' FROM alerts_figure WHERE campaign_id IS NOT NULL
)
SELECT pair.campaign_id, pair.account_id, row_number() OVER each, row_number() OVER each = count(*) OVER whole,
    CASE WHEN figure.value < trig.threshold THEN 'below' WHEN figure.value >= trig.clear_at THEN 'clear' END,
    figure.previous, figure.value, figure.day, figure.known_at, figure.how, figure.since_on,
    trig.threshold, trig.clear_at, trig.currency, campaign.version, campaign.cooldown,
    CASE WHEN figure.start IS NOT NULL THEN figure.start
        WHEN known.state IN ('firing', 'recovering', 'waiting') THEN 'below'
        WHEN known.state = 'voided' OR figure.previous >= trig.threshold THEN 'clear'
        ELSE 'below' END,
    coalesce(known.state, '') IN ('firing', 'recovering'), coalesce(known.episode, 0), known.last_fired_at
FROM alerts_figure figure
JOIN pair ON pair.account_id = figure.account_id AND figure.known_at >= pair.since
    AND (figure.campaign_id IS NULL OR figure.campaign_id = pair.campaign_id)
JOIN alerts_campaign campaign ON campaign.id = pair.campaign_id AND campaign.state = 'active'
JOIN alerts_trigger trig ON trig.campaign_id = campaign.id AND trig.kind = 'ledger_below'
LEFT JOIN alerts_accountstate known ON known.campaign_id = pair.campaign_id AND known.account_id = pair.account_id
WINDOW whole AS (PARTITION BY pair.campaign_id, pair.account_id), each AS (whole ORDER BY figure.position)
