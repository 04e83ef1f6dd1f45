-- Takes movements off the queue and notes them as figures. Only committed rows are seen and each is deleted by the one
-- who read it, so nothing is skipped however late its writer committed. The writer locks the balance first: within an
-- account the ids come in the order of what happened.
WITH picked AS MATERIALIZED (
    -- Once: joined in a loop, a selection that locks would be made anew and take others each time.
    SELECT id FROM balances_movement WHERE organization_id = %(organization)s
    ORDER BY id LIMIT %(batch)s FOR UPDATE SKIP LOCKED
), taken AS (
    DELETE FROM balances_movement AS movement USING picked WHERE movement.id = picked.id
    RETURNING movement.id, account_id, previous, ledger, at
), noted AS (
    INSERT INTO alerts_figure (account_id, position, previous, value, day, known_at, how)
    SELECT taken.account_id, taken.id, taken.previous, taken.ledger, balance.last_on, taken.at, 'movement'
    FROM taken JOIN balances_balance balance USING (account_id)
    WHERE balance.last_on <= %(today)s
    UNION ALL
    -- The account has items of days to come: only today's balance counts, before and after what the batches brought.
    SELECT taken.account_id, max(taken.id), today.ledger - brought.change, today.ledger, today.day, max(taken.at), 'movement'
    FROM taken JOIN balances_balance balance USING (account_id)
    CROSS JOIN LATERAL (
        SELECT day, ledger FROM balances_dailybalance
        WHERE account_id = taken.account_id AND day <= %(today)s ORDER BY day DESC LIMIT 1
    ) AS today
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(CASE direction WHEN 'credit' THEN amount ELSE -amount END), 0) AS change
        FROM balances_transaction item
        WHERE item.account_id = taken.account_id AND item.booked_on <= %(today)s
            AND item.recorded_at IN (SELECT at FROM taken same WHERE same.account_id = taken.account_id)
    ) AS brought
    WHERE balance.last_on > %(today)s
    GROUP BY taken.account_id, today.ledger, today.day, brought.change
)
SELECT count(*) FROM taken
