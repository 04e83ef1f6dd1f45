-- Ends what concerns accounts that a campaign watches no more: they left its segment, were closed or changed currency.
WITH gone AS (
    UPDATE alerts_accountstate known SET state = 'normal', seen_at = %(at)s
    FROM alerts_campaign campaign
    JOIN segments_segment segment ON segment.id = campaign.segment_id
    JOIN alerts_trigger rule ON rule.campaign_id = campaign.id
    WHERE campaign.id = ANY (%(campaigns)s) AND known.campaign_id = campaign.id AND known.state <> 'normal'
        AND NOT EXISTS (
            SELECT FROM portfolios_account account
            WHERE account.id = known.account_id AND account.status <> 'CLOSED' AND account.asset_code = rule.currency
                AND (segment.population = 'accounts' AND EXISTS (
                    SELECT FROM segments_accountmembership tag
                    WHERE tag.segment_id = segment.id AND tag.account_id = account.id
                ) OR segment.population = 'customers' AND EXISTS (
                    SELECT FROM portfolios_accountholder holder
                    JOIN segments_customermembership member ON member.customer_id = holder.customer_id
                    WHERE holder.account_id = account.id AND holder.role = 'owner' AND member.segment_id = segment.id
                ))
        )
    RETURNING known.campaign_id, known.account_id
),
ended AS (
    UPDATE alerts_alert alert SET state = 'resolved', ended_at = %(at)s, snoozed_until = NULL
    FROM gone WHERE alert.campaign_id = gone.campaign_id AND alert.account_id = gone.account_id
        AND alert.state IN ('firing', 'recovering', 'snoozed')
    RETURNING alert.id
)
INSERT INTO alerts_alertevent (organization_id, alert_id, kind, at)
SELECT %(organization)s, id, 'left', %(at)s FROM ended
