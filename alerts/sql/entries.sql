-- Notes which watched segments the touched accounts belong to. Each account is looked up once, however many campaigns
-- its balance crossed.
INSERT INTO alerts_entry
WITH touched AS (
    SELECT DISTINCT account_id FROM alerts_figure WHERE campaign_id IS NULL
),
watched AS (
    SELECT DISTINCT segment_id FROM alerts_campaign
    WHERE organization_id = %(organization)s AND state = 'active' AND swept_at IS NOT NULL
)
SELECT account_id, segment_id, min(entered_at) FROM (
    SELECT tag.account_id, tag.segment_id, tag.entered_at
    FROM touched JOIN segments_accountmembership tag USING (account_id)
    UNION ALL
    SELECT holder.account_id, member.segment_id, greatest(member.entered_at, holder.created_at)
    FROM touched JOIN portfolios_accountholder holder USING (account_id)
    JOIN segments_customermembership member USING (customer_id)
    WHERE holder.role = 'owner'
) AS entries
WHERE segment_id IN (SELECT segment_id FROM watched)
GROUP BY account_id, segment_id
