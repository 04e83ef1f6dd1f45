-- "The ledger balance falls below T, and clears at C": judges the noted figures, one after the other, and writes alerts,
-- their events and where each account stands. At or over C an account is clear, under T it is below, between the two it
-- stays what it was. A fall from clear to below fires once; the next clear ends it. One statement for everything noted.
WITH RECURSIVE
rule AS (
    SELECT campaign.id AS campaign_id, campaign.segment_id, segment.population, campaign.cooldown, campaign.version,
        trig.threshold, trig.clear_at, trig.currency, campaign.swept_at
    FROM alerts_trigger trig
    JOIN alerts_campaign campaign ON campaign.id = trig.campaign_id
    JOIN segments_segment segment ON segment.id = campaign.segment_id
    WHERE trig.organization_id = %(organization)s AND trig.kind = 'ledger_below' AND campaign.state = 'active'
),
-- Which figures concern which campaign, and from when on the account is a member.
crossed AS (
    SELECT trig.campaign_id, figure.account_id, max(figure.known_at) AS last_at
    FROM alerts_figure figure
    JOIN portfolios_account account ON account.id = figure.account_id AND account.status <> 'CLOSED'
    JOIN alerts_trigger trig ON trig.organization_id = %(organization)s AND trig.kind = 'ledger_below'
        AND trig.currency = account.asset_code
        AND trig.threshold > figure.value AND trig.threshold <= figure.previous
    WHERE figure.campaign_id IS NULL
    GROUP BY trig.campaign_id, figure.account_id
),
pair AS MATERIALIZED (
    SELECT crossed.campaign_id, crossed.account_id, entry.entered_at AS since
    FROM crossed JOIN rule USING (campaign_id)
    CROSS JOIN LATERAL (
        SELECT min(entered_at) AS entered_at FROM (
            SELECT tag.entered_at FROM segments_accountmembership tag
            WHERE rule.population = 'accounts' AND tag.segment_id = rule.segment_id
                AND tag.account_id = crossed.account_id
            UNION ALL
            SELECT greatest(member.entered_at, holder.created_at)
            FROM portfolios_accountholder holder
            JOIN segments_customermembership member
                ON member.segment_id = rule.segment_id AND member.customer_id = holder.customer_id
            WHERE rule.population = 'customers' AND holder.account_id = crossed.account_id AND holder.role = 'owner'
        ) AS entries
    ) AS entry
    WHERE rule.swept_at IS NOT NULL AND entry.entered_at <= crossed.last_at
        AND NOT EXISTS (
            SELECT FROM alerts_accountstate known WHERE known.campaign_id = crossed.campaign_id
                AND known.account_id = crossed.account_id AND known.state <> 'normal'
        )
    UNION ALL
    SELECT known.campaign_id, known.account_id, '-infinity'
    FROM (SELECT DISTINCT account_id FROM alerts_figure WHERE campaign_id IS NULL) AS touched
    JOIN alerts_accountstate known USING (account_id)
    JOIN rule ON rule.campaign_id = known.campaign_id AND rule.swept_at IS NOT NULL
    WHERE known.state <> 'normal'
    UNION ALL
    SELECT figure.campaign_id, figure.account_id, '-infinity'
    FROM alerts_figure figure JOIN rule USING (campaign_id)
),
seen AS MATERIALIZED (
    SELECT pair.campaign_id, pair.account_id, rule.threshold, rule.clear_at, figure.position, figure.previous,
        figure.value, figure.day, figure.known_at, figure.side AS told, figure.how, figure.since_on,
        CASE WHEN figure.value < rule.threshold THEN 'below' WHEN figure.value >= rule.clear_at THEN 'clear' END AS side
    FROM pair JOIN rule USING (campaign_id)
    JOIN alerts_figure figure ON figure.account_id = pair.account_id AND figure.known_at >= pair.since
        AND (figure.campaign_id IS NULL OR figure.campaign_id = pair.campaign_id)
),
start AS MATERIALIZED (
    SELECT DISTINCT ON (seen.campaign_id, seen.account_id) seen.campaign_id, seen.account_id,
        CASE WHEN seen.told IS NOT NULL THEN seen.told
            WHEN known.state IN ('firing', 'recovering', 'waiting') THEN 'below'
            WHEN known.state = 'voided' OR seen.previous >= seen.threshold THEN 'clear'
            ELSE 'below' END AS side,
        coalesce(known.state, '') IN ('firing', 'recovering') AS is_open,
        coalesce(known.episode, 0) AS episode, known.last_fired_at
    FROM seen LEFT JOIN alerts_accountstate known USING (campaign_id, account_id)
    ORDER BY seen.campaign_id, seen.account_id, seen.position
),
turn AS MATERIALIZED (
    SELECT judged.*, lead(value) OVER following AS next_value, lead(known_at) OVER following AS next_at,
        row_number() OVER following AS place
    FROM (
        SELECT seen.*, coalesce(lag(seen.side) OVER earlier, start.side) AS came_from
        FROM seen JOIN start USING (campaign_id, account_id) WHERE seen.side IS NOT NULL
        WINDOW earlier AS (PARTITION BY seen.campaign_id, seen.account_id ORDER BY seen.position)
    ) AS judged
    WHERE side <> came_from
    WINDOW following AS (PARTITION BY campaign_id, account_id ORDER BY position)
),
fall AS MATERIALIZED (
    SELECT turn.*, row_number() OVER (PARTITION BY campaign_id, account_id ORDER BY position) AS nth
    FROM turn WHERE side = 'below'
),
-- One after the other, since each alert begins the cooldown of the next.
tried AS (
    SELECT fall.campaign_id, fall.account_id, fall.nth, may.fire,
        CASE WHEN may.fire THEN fall.known_at ELSE start.last_fired_at END AS last_fired_at
    FROM fall JOIN start USING (campaign_id, account_id) JOIN rule USING (campaign_id)
    CROSS JOIN LATERAL (
        SELECT start.last_fired_at IS NULL
            OR coalesce(fall.known_at >= start.last_fired_at + rule.cooldown, false) AS fire
    ) AS may
    WHERE fall.nth = 1
    UNION ALL
    SELECT fall.campaign_id, fall.account_id, fall.nth, may.fire,
        CASE WHEN may.fire THEN fall.known_at ELSE tried.last_fired_at END
    FROM tried JOIN fall ON fall.campaign_id = tried.campaign_id AND fall.account_id = tried.account_id
        AND fall.nth = tried.nth + 1
    JOIN rule ON rule.campaign_id = fall.campaign_id
    CROSS JOIN LATERAL (
        SELECT tried.last_fired_at IS NULL
            OR coalesce(fall.known_at >= tried.last_fired_at + rule.cooldown, false) AS fire
    ) AS may
),
fire AS MATERIALIZED (
    SELECT fall.*, start.episode + row_number() OVER (PARTITION BY campaign_id, account_id ORDER BY nth) AS episode
    FROM fall JOIN tried USING (campaign_id, account_id, nth) JOIN start USING (campaign_id, account_id)
    WHERE tried.fire
),
latest AS (
    SELECT DISTINCT ON (campaign_id, account_id) campaign_id, account_id, threshold, value, known_at
    FROM seen ORDER BY campaign_id, account_id, position DESC
),
last_turn AS (
    SELECT DISTINCT ON (turn.campaign_id, turn.account_id) turn.campaign_id, turn.account_id, turn.side,
        fire.position IS NOT NULL AS is_fire
    FROM turn LEFT JOIN fire USING (campaign_id, account_id, position)
    ORDER BY turn.campaign_id, turn.account_id, turn.position DESC
),
outcome AS MATERIALIZED (
    SELECT latest.campaign_id, latest.account_id, latest.value, latest.known_at, start.is_open,
        last_turn.side IS NOT NULL AS has_turned,
        CASE WHEN coalesce(last_turn.side, start.side) = 'clear' THEN 'normal'
            WHEN NOT coalesce(last_turn.is_fire, start.is_open) THEN 'waiting'
            WHEN latest.value < latest.threshold THEN 'firing' ELSE 'recovering' END AS state,
        start.episode + (
            SELECT count(*) FROM fire WHERE (campaign_id, account_id) = (latest.campaign_id, latest.account_id)
        ) AS episode,
        coalesce((
            SELECT max(known_at) FROM fire WHERE (campaign_id, account_id) = (latest.campaign_id, latest.account_id)
        ), start.last_fired_at) AS last_fired_at
    FROM latest JOIN start USING (campaign_id, account_id) LEFT JOIN last_turn USING (campaign_id, account_id)
),
cleared AS (
    UPDATE alerts_alert alert SET state = 'resolved', ended_at = turn.known_at, snoozed_until = NULL
    FROM turn JOIN start USING (campaign_id, account_id)
    WHERE start.is_open AND turn.place = 1 AND turn.side = 'clear'
        AND alert.campaign_id = turn.campaign_id AND alert.account_id = turn.account_id
        AND alert.state IN ('firing', 'recovering', 'snoozed')
    RETURNING alert.id, turn.value, turn.known_at
),
-- An account has one open alert a campaign at most: what clears is closed (and counted) before anything new is opened.
fired AS (
    INSERT INTO alerts_alert (organization_id, campaign_id, account_id, episode, state, fired_at, ended_at, as_of, value,
        threshold, currency, evidence)
    SELECT %(organization)s, fire.campaign_id, fire.account_id, fire.episode,
        CASE WHEN fire.next_at IS NULL THEN outcome.state ELSE 'resolved' END, fire.known_at, fire.next_at, fire.day,
        fire.value, rule.threshold, rule.currency, jsonb_build_object(
            'how', fire.how, 'value', trim_scale(fire.value)::text, 'previous', trim_scale(fire.previous)::text,
            'threshold', trim_scale(rule.threshold)::text, 'clear_at', trim_scale(rule.clear_at)::text,
            'currency', rule.currency, 'as_of', fire.day, 'known_at', fire.known_at, 'version', rule.version,
            'transactions', cause.items, 'transaction_count', cause.total)
    FROM fire JOIN rule USING (campaign_id) JOIN outcome USING (campaign_id, account_id)
    CROSS JOIN (SELECT count(*) FROM cleared) AS closed
    CROSS JOIN LATERAL (
        SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'booked_on', booked_on, 'amount', signed))
            FILTER (WHERE place <= 20), '[]') AS items, count(*) AS total
        FROM (
            SELECT id, booked_on, trim_scale(CASE direction WHEN 'credit' THEN amount ELSE -amount END)::text AS signed,
                row_number() OVER (ORDER BY amount DESC, id) AS place
            FROM balances_transaction item
            WHERE item.account_id = fire.account_id AND item.booked_on <= %(today)s
                AND (fire.how = 'movement' AND item.recorded_at = fire.known_at
                    OR fire.how = 'day' AND item.booked_on > fire.since_on)
            ORDER BY place
        ) AS item
    ) AS cause
    ON CONFLICT (campaign_id, account_id, episode) DO NOTHING
    RETURNING id, campaign_id, account_id, episode, value, fired_at, ended_at, evidence
),
swung AS (
    UPDATE alerts_alert alert SET state = outcome.state
    FROM outcome
    WHERE outcome.is_open AND NOT outcome.has_turned
        AND alert.campaign_id = outcome.campaign_id AND alert.account_id = outcome.account_id
        AND alert.state IN ('firing', 'recovering') AND alert.state <> outcome.state
    RETURNING alert.id, alert.state, outcome.value, outcome.known_at
),
stood AS (
    INSERT INTO alerts_accountstate AS known (campaign_id, account_id, organization_id, state, value, episode,
        last_fired_at, seen_at)
    SELECT campaign_id, account_id, %(organization)s, state, value, episode, last_fired_at, known_at FROM outcome
    ON CONFLICT (campaign_id, account_id) DO UPDATE SET state = excluded.state, value = excluded.value,
        episode = excluded.episode, last_fired_at = excluded.last_fired_at, seen_at = excluded.seen_at
),
told AS (
    INSERT INTO alerts_alertevent (organization_id, alert_id, kind, at, data)
    SELECT %(organization)s, id, 'fired', fired_at, jsonb_build_object(
        'value', evidence -> 'value', 'previous', evidence -> 'previous', 'how', evidence -> 'how') FROM fired
    UNION ALL
    SELECT %(organization)s, fired.id, 'recovered', fired.ended_at, jsonb_build_object('value', (
        SELECT trim_scale(fire.next_value)::text FROM fire
        WHERE (campaign_id, account_id, episode) = (fired.campaign_id, fired.account_id, fired.episode)
    )) FROM fired WHERE fired.ended_at IS NOT NULL
    UNION ALL
    SELECT %(organization)s, id, 'recovered', known_at, jsonb_build_object('value', trim_scale(value)::text) FROM cleared
    UNION ALL
    SELECT %(organization)s, id, CASE state WHEN 'firing' THEN 'fell_again' ELSE 'recovering' END, known_at,
        jsonb_build_object('value', trim_scale(value)::text) FROM swung
)
SELECT (SELECT count(*) FROM fired), (SELECT count(*) FROM cleared)
