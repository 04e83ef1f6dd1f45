-- How many accounts a rule looks at, and how many of these are below its threshold today.
WITH member AS (
    SELECT account_id FROM segments_accountmembership WHERE segment_id = %(segment)s
    UNION
    SELECT holder.account_id
    FROM segments_customermembership entry
    JOIN portfolios_accountholder holder ON holder.customer_id = entry.customer_id AND holder.role = 'owner'
    WHERE entry.segment_id = %(segment)s
)
SELECT count(*), count(*) FILTER (WHERE CASE WHEN balance.last_on <= %(today)s THEN balance.ledger ELSE (
    SELECT ledger FROM balances_dailybalance
    WHERE account_id = balance.account_id AND day <= %(today)s ORDER BY day DESC LIMIT 1
) END < %(threshold)s)
FROM member
JOIN portfolios_account account ON account.id = member.account_id
    AND account.asset_code = %(currency)s AND account.status <> 'CLOSED'
LEFT JOIN balances_balance balance ON balance.account_id = member.account_id
