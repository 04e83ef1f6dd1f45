-- Which active campaigns must look at all their members, and who of these counts as known to them afterwards. A refresh
-- writes its members and `refreshed_at` together, so who enters later has a later `entered_at`; for segments that staff
-- assign by hand a minute is left for assignments about to commit.
SELECT campaign.id, CASE WHEN segment.kind = 'dynamic' THEN segment.refreshed_at ELSE %(at)s - interval '1 minute' END
FROM alerts_campaign campaign JOIN segments_segment segment ON segment.id = campaign.segment_id
WHERE campaign.organization_id = %(organization)s AND campaign.state = 'active' AND (
    campaign.swept_on IS NULL OR campaign.swept_on < %(today)s
    OR segment.kind = 'dynamic' AND segment.refreshed_at IS DISTINCT FROM campaign.members_as_of
    OR segment.kind = 'assigned' AND (EXISTS (
        SELECT FROM segments_accountmembership tag
        WHERE tag.segment_id = segment.id AND tag.entered_at > campaign.members_as_of
    ) OR EXISTS (
        SELECT FROM segments_membershipevent event
        WHERE event.segment_id = segment.id AND event.at > campaign.members_as_of AND event.change = 'left'
    ))
)
ORDER BY campaign.id
