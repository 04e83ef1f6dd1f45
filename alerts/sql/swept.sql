-- Remembers up to where the members of a campaign were looked at.
UPDATE alerts_campaign SET swept_at = %(at)s, swept_on = %(today)s, members_as_of = %(members_as_of)s
WHERE id = %(campaign)s AND state = 'active'
