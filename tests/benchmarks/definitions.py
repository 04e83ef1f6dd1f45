"""Ten definitions as staff write them, each beside the best SQL that we know by hand for the same members.

`%(o)s` is the organization. The hand-written SQL uses every fact of the tables: folded columns, covering
indexes, that an account belongs to one organization, that a customer holds an account once.
"""

from typing import Any, NamedTuple

from console.demo.rules import amounts, group, related, rule


class Case(NamedTuple):
    """A definition of a population, and SQL that counts its members."""

    name: str
    definition: dict[str, Any]
    by_hand: str
    population: str = "customers"


def direction(value: str) -> dict[str, Any]:
    return rule("direction", "=", value)


def purpose(value: str) -> dict[str, Any]:
    return rule("purpose", "=", value)


def booked(since: str, until: str) -> dict[str, Any]:
    return rule("booked_on", "between", [since, until])


BRANCHES = ["Praha", "Brno"]
QUARTER = booked("2026-07-01", "2026-09-30")
IN_QUARTER = "booked_on BETWEEN '2026-07-01' AND '2026-09-30'"
MINE = "SELECT count(*) FROM customers_customer AS c WHERE c.organization_id = %(o)s AND"
BRANCH = "fold(c.custom_data ->> 'branch')"
HELD = "SELECT h.customer_id FROM portfolios_accountholder AS h"
IN_EURO = "(SELECT id FROM portfolios_account WHERE organization_id = %(o)s AND asset_code = 'EUR')"

CASES = [
    Case(
        "region in",
        group(rule("custom_data.branch", "in", BRANCHES)),
        f"{MINE} {BRANCH} IN ('praha', 'brno')",
    ),
    Case(
        "region not in",
        group(rule("custom_data.branch", "notIn", BRANCHES)),
        f"{MINE} ({BRANCH} IN ('praha', 'brno')) IS NOT TRUE",
    ),
    Case(
        "statement frequency",
        group(
            related(
                "accounts",
                "some",
                rule("metadata.statement_frequency", "in", ["weekly", "after transaction"]),
            )
        ),
        f"""{MINE} c.id IN ({HELD} JOIN portfolios_account AS a ON a.id = h.account_id
        WHERE a.organization_id = %(o)s
          AND fold(a.metadata ->> 'statement_frequency') IN ('weekly', 'after transaction'))""",
    ),
    Case(
        "credits over 5,000 in a quarter",
        group(amounts("sum", ">", "5000.00", direction("credit"), QUARTER)),
        f"""SELECT count(*) FROM (
          SELECT h.customer_id FROM (
            SELECT account_id, sum(amount) AS credits FROM balances_transaction
            WHERE {IN_QUARTER} AND direction = 'credit' AND account_id IN {IN_EURO} GROUP BY account_id
          ) AS t JOIN portfolios_accountholder AS h USING (account_id)
          GROUP BY h.customer_id HAVING sum(credits) > 5000) AS m""",
    ),
    Case(
        "household without insurance",
        group(
            related(
                "transactions", "atLeast", direction("debit"), purpose("household"), QUARTER, threshold=3
            ),
            related("transactions", "none", purpose("insurance")),
        ),
        f"""SELECT count(*) FROM (
          SELECT h.customer_id FROM (
            SELECT account_id,
              count(*) FILTER (WHERE purpose_folded = 'household' AND direction = 'debit' AND {IN_QUARTER}) AS shopping,
              count(*) FILTER (WHERE purpose_folded = 'insurance') AS insurance
            FROM balances_transaction
            WHERE organization_id = %(o)s AND (purpose_folded = 'insurance'
              OR purpose_folded = 'household' AND direction = 'debit' AND {IN_QUARTER})
            GROUP BY account_id
          ) AS t JOIN portfolios_accountholder AS h USING (account_id)
          GROUP BY h.customer_id HAVING sum(shopping) >= 3 AND sum(insurance) = 0) AS m""",
    ),
    Case(
        "pension, or elderly elsewhere",
        group(
            related("transactions", "some", purpose("pension"), direction("credit")),
            group(
                group(rule("custom_data.branch", "in", BRANCHES), negated=True),
                rule("custom_data.birth_date", "<", "1946-01-01"),
            ),
            combinator="or",
        ),
        f"""SELECT count(*) FROM (
          {HELD} WHERE h.account_id IN (
            SELECT account_id FROM balances_transaction
            WHERE organization_id = %(o)s AND purpose_folded = 'pension' AND direction = 'credit')
          UNION
          SELECT c.id FROM customers_customer AS c WHERE c.organization_id = %(o)s
            AND c.custom_data ->> 'birth_date' < '1946-01-01' AND ({BRANCH} IN ('praha', 'brno')) IS NOT TRUE) AS m""",
    ),
    Case(
        "no transaction",
        group(related("transactions", "none", rule("all", "=", True))),
        # An account has a balance from its first transaction on, and never without one.
        f"""{MINE} NOT EXISTS (SELECT FROM portfolios_accountholder AS h JOIN balances_balance AS b USING (account_id)
          WHERE h.customer_id = c.id)""",
    ),
    Case(
        "average credit of a year",
        group(
            amounts(
                "avg",
                "between",
                ["500.00", "1000.00"],
                direction("credit"),
                booked("2025-12-01", "2026-11-21"),
            )
        ),
        f"""SELECT count(*) FROM (
          SELECT h.customer_id FROM (
            SELECT account_id, sum(amount) AS credits, count(*) AS items FROM balances_transaction
            WHERE booked_on BETWEEN '2025-12-01' AND '2026-11-21' AND direction = 'credit'
              AND account_id IN {IN_EURO} GROUP BY account_id
          ) AS t JOIN portfolios_accountholder AS h USING (account_id)
          GROUP BY h.customer_id HAVING sum(credits) BETWEEN 500 * sum(items) AND 1000 * sum(items)) AS m""",
    ),
    Case(
        "authorised users",
        group(related("accounts", "some", rule("role", "=", "authorised user"))),
        "SELECT count(DISTINCT customer_id) FROM portfolios_accountholder WHERE organization_id = %(o)s"
        " AND role = 'authorised user'",
    ),
    Case(
        "accounts with a large credit",
        group(related("transactions", "some", direction("credit"), rule("amount", ">=", "3000.00"))),
        """SELECT count(*) FROM portfolios_account AS a WHERE a.organization_id = %(o)s AND a.asset_code = 'EUR'
          AND a.id IN (SELECT account_id FROM balances_transaction
            WHERE organization_id = %(o)s AND direction = 'credit' AND amount >= 3000)""",
        "accounts",
    ),
]
