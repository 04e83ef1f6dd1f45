"""The statement that draws a run of customers, and the one that writes them.

`demo_customer` holds what later statements need of a customer: income in euro cents a month (net; a business's sales),
how much happens on the first account (`life`), which accounts there are.
"""

from console.demo.chance import bell, dice, one_of, weighted

# A run begins with an odd number; customers 2k-1 and 2k may be a couple: one home, one family name.
PAIR = "(n - 1 + mod(n, 2))"


def key(base: int, number: str, label: str) -> str:
    """A UUID (version 7, so in order) that is the same in every load: milliseconds since `base` count the rows."""
    digest = f"md5('{label} ' || {number})"
    stamp = f"lpad(to_hex({base} + {number}), 12, '0')"
    return f"({stamp} || '7' || substr({digest}, 1, 3) || '8' || substr({digest}, 4, 15))::uuid"


DRAW = f"""
CREATE TEMPORARY TABLE demo_customer ON COMMIT DROP AS
WITH people AS MATERIALIZED (
  SELECT n, {dice("n", 2)} < 0.06 AS is_business, pair,
    {dice("pair", 1)} < 0.3 AND {dice("pair", 2)} >= 0.06 AND {dice("pair + 1", 2)} >= 0.06
      AND pair + 1 <= %(last)s AS is_couple
  FROM generate_series(%(first)s::bigint, %(last)s) AS n CROSS JOIN LATERAL (SELECT {PAIR} AS pair) AS p
), homes AS MATERIALIZED (
  SELECT *, CASE WHEN is_couple THEN pair ELSE n END AS home,
    CASE WHEN is_couple THEN mod(n, 2) = 1 ELSE {dice("n", 6)} < 0.52 END AS is_woman,
    18 + 72 * power({dice("CASE WHEN is_couple THEN pair ELSE n END", 8)}, 1.25) + 3 * {dice("n", 9)} AS age,
    {bell("n", 10)} AS fortune
  FROM people
), placed AS MATERIALIZED (
  SELECT h.*, p.*, c.culture, c.family_first
  FROM homes AS h
  JOIN demo_city AS p ON {dice("home", 3)} >= p.low AND {dice("home", 3)} < p.high
  JOIN demo_culture AS c ON c.country = p.country
    AND {dice("home", 4)} >= c.low AND {dice("home", 4)} < c.high
)
SELECT n, pair, is_couple, is_business, is_woman, city, p.country, portfolio_id, language, dialling, p.culture, fortune,
  {key(1230768000000, "n", "customer")} AS id,
  CASE WHEN is_business
    THEN trades[1 + floor({dice("n", 13)} * cardinality(trades))::int] || ' ' || family.word || ' ' || company
    WHEN family_first THEN family.word || ' ' || given.word ELSE given.word || ' ' || family.word END AS name,
  CASE WHEN is_business THEN 'info.' || family.plain ELSE given.plain || '.' || family.plain END || n AS mailbox,
  make_date(extract(year FROM %(as_of)s::date)::int, 6, 30) - (age * 365.25)::int AS birth_date, age,
  %(as_of)s::date - 3 - (6200 * power({dice("n", 14)}, 1.3))::int AS since,
  (100 * CASE WHEN is_business THEN exp(9.1 + 0.8 * fortune) WHEN age >= 66 THEN 700 + 320 * abs(fortune)
    ELSE exp(7.3 + 0.38 * fortune) END
    * CASE WHEN p.country IN ('DE', 'AT', 'IE', 'FI', 'FR') THEN 1.45 ELSE 1 END)::bigint AS income,
  CASE WHEN p.country = 'CZ' AND {dice("n", 15)} < 0.66 THEN 'CZK' ELSE 'EUR' END AS asset,
  {dice("n", 16)} AS life,
  {dice("n", 17)} < 0.955 AS has_current,
  NOT is_business AND {dice("n", 18)} < 0.55 AS has_savings,
  {dice("n", 19)} < CASE WHEN is_business THEN 0.6 ELSE 0.22 END AS has_second,
  {dice("n", 20)} < 0.21 AS has_deposit
FROM placed AS p
JOIN demo_word AS given ON given.culture = p.culture
  AND given.part = CASE WHEN is_woman THEN 'given f' ELSE 'given m' END
  AND given.nth = floor(given.total * power({dice("n", 7)}, 1.4))
JOIN demo_word AS family ON family.culture = p.culture
  AND family.part = CASE WHEN is_woman AND NOT is_business THEN 'family f' ELSE 'family m' END
  AND family.nth = floor(family.total * power({dice("home", 5)}, 1.4))
ORDER BY n
"""

INDUSTRIES = ["food", "construction", "transport", "retail", "gastronomy", "crafts", "printing", "farming"]
TIER = """CASE WHEN fortune > 1.7 THEN 'premier' WHEN fortune > 0.95 THEN 'gold' WHEN fortune > 0.2 THEN 'silver'
  ELSE 'standard' END"""
CODE = """CASE WHEN is_business THEN 'SME' WHEN fortune > 1.7 THEN 'PRIVATE' WHEN age >= 66 THEN 'SENIOR'
  WHEN age < 27 THEN 'YOUNG' WHEN fortune > 0.8 THEN 'AFFLUENT' ELSE 'MASS' END"""

WRITE = f"""
INSERT INTO customers_customer (id, organization_id, external_id, opaque_id, kind, name, email, phone, country,
  products, custom_data, communications_enabled, profiling_objected_at, created_at)
SELECT id, %(organization)s, 'CUS-' || lpad(n::text, 7, '0'), md5('banner ' || n)::uuid,
  CASE WHEN is_business THEN 'business' ELSE 'person' END, name,
  CASE WHEN {dice("n", 30)} < 0.96 THEN mailbox || '@mail.example' ELSE '' END,
  CASE WHEN {dice("n", 31)} < 0.9
    THEN dialling || regexp_replace(lpad(floor({dice("n", 32)} * 1000000)::text, 6, '0'), '(...)(...)', ' 100 \\1 \\2')
    ELSE '' END,
  country,
  array_remove(ARRAY[
    CASE WHEN has_current THEN 'current_account' END,
    CASE WHEN has_savings THEN 'savings_account' END,
    CASE WHEN has_deposit THEN 'term_deposit' END,
    CASE WHEN has_current AND {dice("n", 33)} < 0.38 THEN 'overdraft_protection' END,
    CASE WHEN has_current AND {dice("n", 34)} < 0.3 THEN 'credit_card' END,
    CASE WHEN age BETWEEN 27 AND 62 AND NOT is_business AND {dice("n", 35)} < 0.24 THEN 'mortgage' END,
    CASE WHEN {dice("n", 36)} < 0.18 THEN 'insurance' END], NULL)::text[],
  CASE WHEN is_business
    THEN jsonb_build_object('tier', {TIER}, 'branch', city, 'segment_code', {CODE}, 'language', language,
      'industry', {one_of("n", 37, INDUSTRIES)}, 'employees', 1 + floor(exp(1.1 + abs(fortune) * 1.3))::int)
    ELSE jsonb_build_object('tier', {TIER}, 'branch', city, 'segment_code', {CODE}, 'language', language,
      'birth_date', birth_date, 'monthly_income', income / 100, 'uses_app', {dice("n", 38)} < 0.72 - age / 250,
      'household', {weighted("n", 39, {"alone": 40, "couple": 32, "family": 28})}) END,
  {dice("n", 40)} < 0.93,
  CASE WHEN {dice("n", 41)} < 0.03 THEN least(since + 30, %(as_of)s::date - 1)::timestamptz END,
  since + interval '8 hours' + interval '1 second' * floor({dice("n", 42)} * 32400)
FROM demo_customer
ORDER BY n
"""
