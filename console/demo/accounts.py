"""The statements that draw the accounts of a run of customers, and write them with their holders.

Six places a customer may fill: current, savings, second current, deposit, second savings, second deposit.
`demo_account` holds what the transactions need: `rate` is what an amount in euro is multiplied by in the account's
asset, `course` what happens on it (full, salary, side, quiet, savings, deposit, closed), money in cents of the asset.
"""

from console.demo.chance import bell, dice, one_of, weighted, whole
from console.demo.customers import key

DRAW = f"""
CREATE TEMPORARY TABLE demo_account ON COMMIT DROP AS
WITH places AS MATERIALIZED (
  SELECT c.*, n * 8 + place AS a, place, type,
    CASE WHEN place = 3 THEN CASE asset WHEN 'CZK' THEN 'EUR' ELSE asset END ELSE asset END AS code
  FROM demo_customer AS c
  CROSS JOIN (VALUES (1, 'current'), (2, 'savings'), (3, 'current'), (4, 'deposit'), (5, 'savings'), (6, 'deposit'))
    AS p (place, type)
  WHERE has_current AND CASE place WHEN 1 THEN true WHEN 2 THEN has_savings WHEN 3 THEN has_second
    WHEN 4 THEN has_deposit WHEN 5 THEN has_savings AND {dice("n", 50)} < 0.2
    ELSE has_deposit AND {dice("n", 51)} < 0.4 END
), courses AS MATERIALIZED (
  SELECT *, CASE
      WHEN place = 1 AND life < %(full)s THEN 'full'
      WHEN place = 1 AND life < %(salary)s THEN 'salary'
      WHEN {dice("a", 52)} < 0.04 THEN 'closed'
      WHEN type <> 'current' THEN type
      WHEN {dice("a", 53)} < %(side)s THEN 'side' ELSE 'quiet' END AS course,
    CASE code WHEN 'CZK' THEN 24 ELSE 1 END AS rate,
    least(since + CASE WHEN place = 1 THEN 0 ELSE ((%(as_of)s::date - since) * {dice("a", 54)})::int END,
      greatest(since, %(as_of)s::date - 10)) AS opened_on
  FROM places
)
SELECT a, n, pair, place, type, code, rate, course, opened_on, portfolio_id, income * rate AS income, age, is_business,
  has_savings, has_second, name AS holder, {key(1262304000000, "a", "account")} AS id,
  greatest(opened_on, %(as_of)s::date - 365) AS first_on,
  is_couple AND mod(n, 2) = 1 AND place = 1 AND {dice("a", 55)} < 0.4 AS is_joint,
  {dice("a", 56)} < CASE WHEN is_business THEN 0.55 WHEN place = 1 THEN 0.13 ELSE 0.03 END AS has_user,
  round(100 * rate * CASE course WHEN 'savings' THEN exp(7.9 + 1.1 * {bell("a", 57)})
    WHEN 'deposit' THEN 500 * round(exp(2.9 + 0.8 * {bell("a", 57)}))
    ELSE exp(5.7 + 1.15 * {bell("a", 57)}) END)::bigint AS opening,
  least(300, floor(%(busy)s * power(1 - {dice("a", 58)}, -0.62)))::int AS busy,
  {dice("a", 59)} AS thrift
FROM courses
ORDER BY a
"""

WRITE = f"""
INSERT INTO portfolios_account (id, organization_id, ledger_id, portfolio_id, external_id, name, alias, type,
  asset_code, status, is_blocked, has_overdraft_protection, opened_on, metadata, created_at)
SELECT id, %(organization)s, %(ledger)s, portfolio_id, 'ACC-' || lpad(n::text, 7, '0') || '-' || place,
  CASE WHEN is_joint THEN 'Household account' WHEN place = 1 AND is_business THEN 'Business account'
    WHEN place = 1 THEN 'Current account' WHEN place = 2 THEN 'Savings'
    WHEN place = 3 AND is_business THEN 'Payroll account' WHEN place = 3 AND code = 'EUR' THEN 'Euro account'
    WHEN place = 3 THEN 'Second account'
    WHEN place = 5 THEN {one_of("a", 60, ["Holiday fund", "New kitchen", "Rainy days"])}
    ELSE 'Term deposit, ' || {weighted("a", 61, {"6": 1, "12": 3, "24": 2})} || ' months' END,
  CASE WHEN {dice("a", 62)} < 0.05 THEN '@nb' || a ELSE '' END, type, code,
  CASE WHEN course = 'closed' THEN 'CLOSED' WHEN course = 'quiet' AND {dice("a", 63)} < 0.2 THEN 'DORMANT'
    ELSE 'ACTIVE' END,
  course <> 'closed' AND {dice("a", 64)} < 0.004,
  type = 'current' AND {dice("n", 33)} < 0.38,
  opened_on,
  jsonb_build_object('statement_frequency',
      {weighted("a", 65, {"monthly": 88, "weekly": 6, "after transaction": 4, "quarterly": 2})})
    || CASE WHEN type = 'current' THEN jsonb_build_object('overdraft_limit', 500 * rate * {whole("a", 66, 0, 6)})
       ELSE jsonb_build_object('interest_rate', round((0.5 + {dice("a", 67)} * 3)::numeric, 2)) END,
  opened_on + interval '9 hours' + interval '1 second' * floor({dice("a", 68)} * 28800)
FROM demo_account
ORDER BY a
"""

# A couple's second owner, and whom the owner lets use the account: somebody else of the same run.
HOLDERS = f"""
INSERT INTO portfolios_accountholder (organization_id, account_id, customer_id, role, created_at)
SELECT %(organization)s, h.account, c.id, h.role, h.since
FROM (
  SELECT a, id AS account, n AS holder, 'owner' AS role, opened_on::timestamptz AS since, 0 AS nth FROM demo_account
  UNION ALL
  SELECT a, id, n + 1, 'owner', opened_on::timestamptz, 1 FROM demo_account WHERE is_joint
  UNION ALL
  SELECT a, id, guest, 'authorised user', least(opened_on + 90, %(as_of)s::date - 1)::timestamptz, 2
  FROM (SELECT *, %(first)s + mod(n - %(first)s + 2 + {whole("a", 70, 0, 40)}, %(last)s - %(first)s + 1) AS guest
        FROM demo_account WHERE has_user) AS shared
  WHERE guest NOT IN (pair, pair + 1)
) AS h JOIN demo_customer AS c ON c.n = h.holder
ORDER BY h.a, h.nth
"""
