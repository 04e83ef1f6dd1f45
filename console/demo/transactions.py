"""The statements that draw a year's items of a run of accounts, sort them, and write them with the balances they make.

Money is in cents of the account's asset, signed: what comes in is positive. `what` and `party` are numbers of the small
tables. Sorted once; transactions, daily balances and balances are written from that one order.
"""

from console.demo.chance import dice, weighted_place, whole
from console.demo.counterparties import SHOPS
from console.demo.lookups import parties

FULL, REGULAR = "'full'", "'full', 'salary'"


def party(group: str, number: str = "a", salt: int | str = 80) -> str:
    """One of a group: for an account always the same, unless the number says otherwise."""
    first, last = parties(group)
    return whole(number, salt, first, last)


def euro(amount: str) -> str:
    """An amount in euro as cents of the account's asset; crowns without small change."""
    return f"(CASE rate WHEN 1 THEN round({amount} * 100) ELSE round({amount} * rate) * 100 END)::bigint"


OWN, _ = parties("own bank")
EARNED = "CASE WHEN is_business THEN 4 WHEN age >= 66 THEN 3 ELSE 2 END"
PAYER = (
    f"CASE WHEN is_business THEN {party('client', salt='month * 100 + 80')}"
    f" WHEN age >= 66 THEN {party('pension office')} ELSE {party('employer')} END"
)
HOUSING = f"CASE WHEN age BETWEEN 27 AND 62 AND {dice('a', 75)} < 0.25 THEN 20 ELSE 5 END"
SHARE = {"rent": f"(0.20 + 0.14 * {dice('a', 81)})", "utility": "0.06", "savings": "0.08", "sweep": "0.30"}


def income_cents(share: str) -> str:
    """A share of the month's income, in whole units of the asset, as cents."""
    return f"(round(income * {share} / 100) * 100)::bigint"


# What comes and goes each month. The last column keeps the month's sum near nothing: the rest goes elsewhere.
MONTHLY = f"""
SELECT a, starts + v.day - 1, v.what, v.party, v.cents
FROM demo_account CROSS JOIN demo_month CROSS JOIN LATERAL (VALUES
  ({whole("a", 82, 5, 15)}, {EARNED}, {PAYER}, CASE WHEN {dice("a", 83)} < 0.03 AND month > 8 THEN 0 ELSE
    (income * (0.985 + 0.03 * {dice("a", "month * 100 + 84")}
      + CASE WHEN extract(month FROM starts) = 12 THEN 0.25 ELSE 0 END))::bigint END),
  (1 + {whole("a", 85, 0, 4)}, {HOUSING}, CASE {HOUSING} WHEN 5 THEN {party("landlord")} ELSE {party("lender")} END,
    -{income_cents(SHARE["rent"])}),
  (8 + {whole("a", 86, 0, 6)}, 6, {party("utility")}, -{income_cents(SHARE["utility"])}),
  (18, 7, {party("telecom")}, -{euro("(12 + 30 * " + dice("a", 87) + ")")}),
  ({whole("a", 88, 3, 20)}, 8, {party("insurer")}, CASE WHEN {dice("a", 89)} < 0.6
    THEN -{euro("(14 + 45 * " + dice("a", 90) + ")")} ELSE 0 END),
  (16, 9, {OWN}, CASE WHEN has_savings THEN -{income_cents(SHARE["savings"])} ELSE 0 END),
  ({whole("a", "month * 100 + 91", 2, 25)}, 11, {OWN}, CASE WHEN {dice("a", "month * 100 + 92")} < 0.6
    THEN -{whole("a", "month * 100 + 93", 1, 8)} * 2000 * CASE rate WHEN 1 THEN 1 ELSE 25 END ELSE 0 END),
  (27, CASE WHEN is_business THEN 15 ELSE 10 END, {OWN}, CASE WHEN thrift < 0.12 THEN -{income_cents("0.47")}
    ELSE -{income_cents("(" + SHARE["sweep"] + " * (0.55 + thrift * 0.55))")} END),
  (28, 16, {OWN}, CASE WHEN thrift < 0.06 THEN -{euro("6")} ELSE 0 END)
) AS v (day, what, party, cents)
WHERE course = {FULL}
"""

# Accounts on which the salary lands and from which it leaves.
PASSING = f"""
SELECT a, starts + v.day - 1, v.what, v.party, v.cents
FROM demo_account CROSS JOIN demo_month CROSS JOIN LATERAL (VALUES
  ({whole("a", 82, 5, 15)}, {EARNED}, {PAYER}, (income * (0.99 + 0.02 * {dice("a", "month * 100 + 84")}))::bigint),
  ({whole("a", 82, 5, 15)} + 3, 10, {OWN}, -{income_cents("(0.9 + 0.09 * thrift)")})
) AS v (day, what, party, cents)
WHERE course = 'salary'
"""

# Card payments: many on the first account of a household, by the account's own measure elsewhere.
CARDS = f"""
SELECT a, %(as_of)s::date - 1 - {whole("a", "item * 100 + 94", 0, 363)}, s.what, s.party,
  -greatest(rate * 20,
    {euro("s.euro * (0.35 + 1.3 * " + dice("a", "item * 100 + 95") + ") * (0.6 + 0.8 * thrift)")})
FROM demo_account CROSS JOIN LATERAL generate_series(1, CASE course WHEN 'full' THEN 24 + least(busy, 60) * 2
  WHEN 'side' THEN busy ELSE 3 END) AS item
JOIN demo_shop AS s ON s.nth = {weighted_place("a", "item * 100 + 96", [shop.weight for shop in SHOPS])}
WHERE course IN ({REGULAR}, 'side')
"""

TOP_UPS = f"""
SELECT a, %(as_of)s::date - 1 - {whole("a", "item * 100 + 97", 0, 363)},
  CASE WHEN {dice("a", "item * 100 + 98")} < 0.3 THEN 19 WHEN is_business THEN 4 ELSE 12 END,
  CASE WHEN {dice("a", "item * 100 + 98")} < 0.3 THEN {OWN}
    WHEN is_business THEN {party("client", salt="item * 100 + 99")}
    ELSE {party("friend", salt="item * 100 + 99")} END, {euro("(60 + 340 * " + dice("a", "item * 100 + 98") + ")")}
FROM demo_account CROSS JOIN LATERAL generate_series(1, (busy + 3) / 5) AS item
WHERE course = 'side'
"""

SAVING = f"""
SELECT s.a, starts + 15, 14, {OWN}, (round(c.income * {SHARE["savings"]} / 100) * 100)::bigint
FROM demo_account AS s JOIN demo_account AS c ON c.a = s.a - 1 AND c.course = {FULL} CROSS JOIN demo_month
WHERE s.course = 'savings' AND s.place = 2
UNION ALL
SELECT a, ends - 1, 13, {OWN}, greatest(1, (opening * (0.005 + 0.03 * thrift) / 4)::bigint)
FROM demo_account CROSS JOIN demo_month
WHERE course = 'savings' AND mod(extract(month FROM starts)::int, 3) = 0
   OR course = 'deposit' AND extract(month FROM starts)::int = 1 + mod(a, 12)
UNION ALL
SELECT a, %(as_of)s::date - 1 - {whole("a", "item * 100 + 71", 0, 363)}, 18, {OWN},
  (-round(opening * (0.02 + 0.2 * {dice("a", "item * 100 + 72")}) / 1000) * 1000)::bigint
FROM demo_account CROSS JOIN LATERAL generate_series(1, {whole("a", 73, -2, 2)}) AS item
WHERE course = 'savings'
"""

OPENING = f"""
SELECT a, first_on, CASE WHEN first_on = opened_on THEN 19 ELSE 1 END, {OWN}, opening FROM demo_account
UNION ALL
SELECT a, first_on + 1 + ((%(as_of)s::date - first_on - 2) * {dice("a", 74)})::int, 17, {OWN}, -opening
FROM demo_account WHERE course = 'closed'
"""

DRAW = f"""
CREATE TEMPORARY TABLE demo_item ON COMMIT DROP AS
SELECT a, booked_on, what, party, cents,
  row_number() OVER items AS nth,
  sum(cents) OVER days AS balance,
  sum(cents * (booked_on - date '2000-01-01')) OVER days AS moment,
  lead(booked_on) OVER items IS DISTINCT FROM booked_on AS ends_day,
  lead(booked_on) OVER items IS NULL AS is_last
FROM (
  SELECT m.* FROM ({MONTHLY} UNION ALL {PASSING} UNION ALL {CARDS} UNION ALL {TOP_UPS} UNION ALL {SAVING})
    AS m (a, booked_on, what, party, cents)
  JOIN demo_account USING (a)
  WHERE m.cents <> 0 AND m.booked_on > first_on AND m.booked_on < %(as_of)s
  UNION ALL {OPENING}
) AS drawn (a, booked_on, what, party, cents)
WINDOW items AS (PARTITION BY a ORDER BY booked_on, what, party, cents), days AS (PARTITION BY a ORDER BY booked_on)
"""

WRITE = """
INSERT INTO balances_transaction (organization_id, account_id, source, external_id, booked_on, direction, amount,
  operation, purpose, counterparty, description, recorded_at)
SELECT %(organization)s, d.id, 'demo', 'T' || lpad(a::text, 8, '0') || '-' || lpad(i.nth::text, 4, '0'), booked_on,
  CASE WHEN cents < 0 THEN 'debit' ELSE 'credit' END, abs(cents) * 0.01, w.operation, w.purpose, p.name, w.description,
  (booked_on + interval '21 hours')::timestamptz
FROM demo_item AS i JOIN demo_account AS d USING (a) JOIN demo_what AS w USING (what) JOIN demo_party AS p USING (party)
ORDER BY a, i.nth
"""

# A day's balance, and the sum of every day's balance until then: each amount counts from its day on.
DAILY = """
INSERT INTO balances_dailybalance (organization_id, account_id, day, ledger, cum)
SELECT %(organization)s, d.id, booked_on, balance * 0.01,
  ((booked_on - date '2000-01-01' + 1) * balance - moment) * 0.01
FROM demo_item JOIN demo_account AS d USING (a)
WHERE ends_day
ORDER BY a, booked_on
"""

BALANCES = """
INSERT INTO balances_balance (organization_id, account_id, asset_code, ledger, last_on, items)
SELECT %(organization)s, d.id, d.code, balance * 0.01, booked_on, nth
FROM demo_item JOIN demo_account AS d USING (a)
WHERE is_last
ORDER BY a
"""
