"""What customers of the demo bank are billed, and how they pay: statements that follow the draw of a run of customers.

About a third of the persons and most businesses get an invoice a month, for up to four months; most are paid, some are
late by 30 days and more. Some default payment methods have failed or run out. What they agreed to comes with it.
"""

from console.demo.chance import dice, weighted, whole
from console.demo.customers import key

CONNECTORS = {"Stripe": "payments", "Xero": "accounting"}

INVOICES = f"""
INSERT INTO billing_invoice (id, organization_id, customer_id, external_id, number, status, currency, total,
  amount_due, period_start, period_end, issued_on, due_on, payment_link)
SELECT {key(1262304000000, "bill", "invoice")}, %(organization)s, id, 'INV-' || lpad(bill::text, 8, '0'),
  to_char(issued_on, 'YYYY-') || lpad(bill::text, 8, '0'), status, asset, total,
  CASE status WHEN 'paid' THEN 0 WHEN 'void' THEN 0 WHEN 'partially_paid' THEN round(total * 0.4, 2) ELSE total END,
  issued_on - 30, issued_on - 1, issued_on, issued_on + 14, ''
FROM (
  SELECT *, CASE WHEN issued_on + 14 >= %(as_of)s::date
      THEN {weighted("bill", 62, {"approved": 80, "draft": 20})}
      ELSE {weighted("bill", 63, {"paid": 82, "approved": 11, "partially_paid": 4, "void": 3})} END AS status
  FROM (
    SELECT c.*, 10 * n + month AS bill,
      %(as_of)s::date - 30 * month - {whole("10 * n + month", 61, 0, 20)} AS issued_on,
      round(greatest(income * (0.01 + 0.05 * {dice("10 * n + month", 64)}) / 100, 15)::numeric, 2) AS total
    FROM demo_customer AS c CROSS JOIN generate_series(0, 3) AS month
    WHERE {dice("n", 60)} < CASE WHEN is_business THEN 0.85 ELSE 0.3 END
  ) AS issued
) AS billed
"""
METHODS = f"""
INSERT INTO billing_paymentmethod (id, organization_id, customer_id, external_id, type, status, connector_id,
  is_default, country, expires_on, details)
SELECT {key(1293840000000, "n", "method")}, %(organization)s, id, 'PM-' || lpad(n::text, 7, '0'), type,
  CASE WHEN expires_on < %(as_of)s::date THEN 'expired' ELSE {weighted("n", 66, {"active": 96, "failed": 4})} END,
  CASE WHEN type IN ('card', 'paypal') THEN %(payments)s END, true, country, expires_on,
  CASE WHEN type = 'card' THEN 'Card, ends in ' || lpad({whole("n", 68, 0, 9999)}::text, 4, '0') ELSE '' END
FROM (
  SELECT *, CASE WHEN type = 'card' THEN (date_trunc('month', %(as_of)s::date) - interval '1 day')::date
    + 31 * ({whole("n", 67, 0, 42)} - 2) END AS expires_on
  FROM (
    SELECT *, {weighted("n", 65, {"card": 50, "direct_debit": 30, "bank_transfer": 15, "paypal": 5})} AS type
    FROM demo_customer WHERE {dice("n", 69)} < 0.45
  ) AS chosen
) AS paying
"""
LINKS = f"""
INSERT INTO billing_connectorlink (organization_id, customer_id, connector_id, reference, connection, synced_at)
SELECT %(organization)s, id, connector, prefix || lpad(n::text, 8, '0'),
  CASE WHEN {dice("n", 71)} < 0.93 THEN 'linked' ELSE 'not linked' END,
  %(as_of)s::date - interval '1 hour' * {whole("n", 72, 1, 300)}
FROM demo_customer CROSS JOIN LATERAL (VALUES
  (%(payments)s::uuid, 'cus_', {dice("n", 69)} < 0.25),
  (%(accounting)s::uuid, 'xero-', is_business AND {dice("n", 73)} < 0.5)
) AS known(connector, prefix, is_there)
WHERE is_there
"""
# Four in five were asked about offers when they opened, three in four of those agreed; fewer were asked for surveys.
CONSENTS = f"""
INSERT INTO billing_consent (organization_id, customer_id, channel, purpose, is_given, said_at, source)
SELECT %(organization)s, id, channel, purpose, {dice("n", 75)} < agree, since + interval '9 hours' + after, source
FROM demo_customer CROSS JOIN LATERAL (VALUES
  ('email', 'marketing', {dice("n", 74)} < 0.8, 0.75, interval '0', 'file'),
  ('email', 'surveys', {dice("n", 76)} < 0.2, 0.6, interval '20 days', 'api'),
  ('phone', 'marketing', {dice("n", 77)} < 0.12, 0.3, interval '3 days', 'staff')
) AS said(channel, purpose, is_there, agree, after, source)
WHERE is_there
"""
WRITES = [INVOICES, METHODS, LINKS, CONSENTS]
