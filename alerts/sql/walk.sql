-- Walks through the steps, the first of every account at once, then the second…, as a state machine:
--   clear + below -> falls; it fires unless the cooldown of its last alert lasts still
--   below + clear -> clears; an open alert ends
--   between       -> everything stays
-- and writes what came of it: alerts with their evidence, their events, and where each account stands now.
WITH RECURSIVE walk AS (
    SELECT step AS this, 0::bigint AS n, step.start AS side, step.was_open AS is_open, step.episode, step.last_fired_at, '' AS did
    FROM alerts_step step WHERE step.n = 1
    UNION ALL
    SELECT step, step.n,
        CASE WHEN turn.falls THEN 'below' WHEN turn.clears THEN 'clear' ELSE walk.side END,
        may.fire OR walk.is_open AND NOT turn.clears,
        walk.episode + may.fire::integer,
        CASE WHEN may.fire THEN step.known_at ELSE walk.last_fired_at END,
        CASE WHEN may.fire THEN 'fired' WHEN turn.clears AND walk.is_open THEN 'cleared' ELSE '' END
    FROM walk
    JOIN alerts_step step ON step.n = walk.n + 1
        AND step.campaign_id = (walk.this).campaign_id AND step.account_id = (walk.this).account_id
    CROSS JOIN LATERAL (
        SELECT coalesce(step.side = 'below', false) AND walk.side = 'clear' AS falls,
            coalesce(step.side = 'clear', false) AND walk.side = 'below' AS clears
    ) AS turn
    CROSS JOIN LATERAL (
        SELECT turn.falls AND (walk.last_fired_at IS NULL
            OR coalesce(step.known_at >= walk.last_fired_at + step.cooldown, false)) AS fire
    ) AS may
),
walked AS MATERIALIZED (
    SELECT (this).*, walk.episode AS in_episode, walk.last_fired_at AS fired_last_at, walk.did,
        CASE WHEN side = 'clear' THEN 'normal' WHEN NOT is_open THEN 'waiting'
            WHEN (this).value < (this).threshold THEN 'firing' ELSE 'recovering' END AS state,
        min((this).known_at) FILTER (WHERE did = 'cleared') OVER episode AS ended_at,
        min((this).value) FILTER (WHERE did = 'cleared') OVER episode AS ended_value
    FROM walk WHERE n > 0
    WINDOW episode AS (PARTITION BY (this).campaign_id, (this).account_id, walk.episode)
),
last_state AS MATERIALIZED (
    SELECT *, first_value(state) OVER (PARTITION BY campaign_id, account_id ORDER BY n DESC) AS final FROM walked
),
cleared AS (
    UPDATE alerts_alert alert SET state = 'resolved', ended_at = walked.known_at, snoozed_until = NULL
    FROM walked
    WHERE walked.did = 'cleared' AND walked.in_episode = walked.episode
        AND alert.campaign_id = walked.campaign_id AND alert.account_id = walked.account_id
        AND alert.state IN ('firing', 'recovering', 'snoozed')
    RETURNING alert.id, walked.value, walked.known_at
),
-- An account has one open alert a campaign at most: what clears is closed (and counted) before anything new is opened.
fired AS (
    INSERT INTO alerts_alert (organization_id, campaign_id, account_id, episode, state, fired_at, ended_at, as_of, value,
        threshold, currency, evidence)
    SELECT %(organization)s, step.campaign_id, step.account_id, step.in_episode,
        CASE WHEN step.ended_at IS NULL THEN step.final ELSE 'resolved' END, step.known_at, step.ended_at, step.day,
        step.value, step.threshold, step.currency, jsonb_build_object(
            'how', step.how, 'value', trim_scale(step.value)::text, 'previous', trim_scale(step.previous)::text,
            'threshold', trim_scale(step.threshold)::text, 'clear_at', trim_scale(step.clear_at)::text,
            'ended_value', trim_scale(step.ended_value)::text,
            'currency', step.currency, 'as_of', step.day, 'known_at', step.known_at, 'version', step.version,
            'transactions', cause.items, 'transaction_count', cause.total)
    FROM last_state step
    CROSS JOIN (SELECT count(*) FROM cleared) AS closed
    CROSS JOIN LATERAL (
        SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'booked_on', booked_on, 'amount', signed))
            FILTER (WHERE place <= 20), '[]') AS items, count(*) AS total
        FROM (
            SELECT id, booked_on, trim_scale(CASE direction WHEN 'credit' THEN amount ELSE -amount END)::text AS signed,
                row_number() OVER (ORDER BY amount DESC, id) AS place
            FROM balances_transaction item
            WHERE item.account_id = step.account_id AND item.booked_on <= %(today)s
                AND (step.how = 'movement' AND item.recorded_at = step.known_at
                    OR step.how = 'day' AND item.booked_on > step.since_on)
            ORDER BY place
        ) AS item
    ) AS cause
    WHERE step.did = 'fired'
    ON CONFLICT (campaign_id, account_id, episode) DO NOTHING
    RETURNING id, fired_at, ended_at, evidence
),
swung AS (
    UPDATE alerts_alert alert SET state = step.state
    FROM last_state step
    WHERE step.is_last AND step.was_open AND step.in_episode = step.episode AND step.state IN ('firing', 'recovering')
        AND alert.campaign_id = step.campaign_id AND alert.account_id = step.account_id
        AND alert.state IN ('firing', 'recovering') AND alert.state <> step.state
    RETURNING alert.id, alert.state, step.value, step.known_at
),
stood AS (
    INSERT INTO alerts_accountstate AS known (campaign_id, account_id, organization_id, state, value, episode,
        last_fired_at, seen_at)
    SELECT campaign_id, account_id, %(organization)s, state, value, in_episode, fired_last_at, known_at
    FROM walked WHERE is_last
    ON CONFLICT (campaign_id, account_id) DO UPDATE SET state = excluded.state, value = excluded.value,
        episode = excluded.episode, last_fired_at = excluded.last_fired_at, seen_at = excluded.seen_at
),
told AS (
    INSERT INTO alerts_alertevent (organization_id, alert_id, kind, at, data)
    SELECT %(organization)s, id, 'fired', fired_at, jsonb_build_object(
        'value', evidence -> 'value', 'previous', evidence -> 'previous', 'how', evidence -> 'how') FROM fired
    UNION ALL
    SELECT %(organization)s, id, 'recovered', ended_at, jsonb_build_object('value', evidence -> 'ended_value')
    FROM fired WHERE ended_at IS NOT NULL
    UNION ALL
    SELECT %(organization)s, id, 'recovered', known_at, jsonb_build_object('value', trim_scale(value)::text) FROM cleared
    UNION ALL
    SELECT %(organization)s, id, CASE state WHEN 'firing' THEN 'fell_again' ELSE 'recovering' END, known_at,
        jsonb_build_object('value', trim_scale(value)::text) FROM swung
)
SELECT (SELECT count(*) FROM fired), (SELECT count(*) FROM cleared)
