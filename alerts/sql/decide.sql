-- The banner to show a customer now, and the record that it was served, in one go. No row: no such customer here. A row
-- without a banner: nothing to show. Each step is a look-up by index: customer, holdings, open alerts, campaign, banner.
WITH person AS (
    SELECT id FROM customers_customer WHERE opaque_id = %(customer)s AND organization_id = %(organization)s
),
choice AS (
    SELECT person.id AS customer_id, alert.id AS alert_id, banner.id AS banner_id,
        banner.title, banner.text, banner.button_label, banner.link
    FROM person
    JOIN portfolios_accountholder holder ON holder.customer_id = person.id AND holder.role = 'owner'
    JOIN alerts_alert alert ON alert.account_id = holder.account_id AND alert.state IN ('firing', 'recovering', 'snoozed')
    JOIN alerts_campaign campaign ON campaign.id = alert.campaign_id AND campaign.state = 'active'
    JOIN alerts_banner banner ON banner.campaign_id = campaign.id AND banner.placement = %(placement)s
        AND banner.approval_id IS NOT NULL AND banner.withdrawn_at IS NULL
    ORDER BY campaign.priority DESC, alert.fired_at DESC, alert.id LIMIT 1
),
served AS (
    INSERT INTO alerts_impression (organization_id, banner_id, alert_id, customer_id, served_at)
    SELECT %(organization)s, banner_id, alert_id, customer_id, %(at)s FROM choice
    RETURNING id
)
SELECT served.id, choice.title, choice.text, choice.button_label, choice.link
FROM person LEFT JOIN choice ON true LEFT JOIN served ON true
