"""Five definitions of rising difficulty, S1 to S5, each beside the best SQL that we know by hand, and DuckDB's.

`%(o)s` is the organization, `%(first)s` and `%(second)s` the stored segments S1 and S2. In DuckDB the tables hold
the columns that these definitions need and nothing else, which is the most that columns can gain.
"""

from typing import Any, NamedTuple
from uuid import UUID

from console.demo.rules import ago, amounts, group, related, rule
from tests.benchmarks.definitions import MINE


class Standard(NamedTuple):
    """A definition of customers, SQL that selects the same ids, and SQL for DuckDB that counts them."""

    name: str
    definition: dict[str, Any]
    by_hand: str
    in_columns: str


COUNTRIES = ["AT", "DE", "PL"]
GOLD = rule("custom_data.tier", "=", "gold")
LAST_90 = rule("booked_on", "between", [ago(90), ago(0)])
SINCE = "DATE '2026-11-22' - 90"
LATE = "DATE '2026-11-22' - 30"
OWED = "('upcoming', 'approved', 'edited', 'partially_paid')"
OURS = "organization_id = %(o)s AND"
PEOPLE = MINE.replace("count(*)", "c.id")
RICH, POOR = 10_000, 25_000


def of_account(table: str, *, also: str = "") -> str:
    """What each account did in 90 days: how many items, and the sum of its credits."""
    return f"""SELECT account_id, count(*) AS items, sum(amount) FILTER (WHERE direction = 'credit') AS credits
      FROM {table} WHERE {also} booked_on BETWEEN {SINCE} AND '2026-11-22' GROUP BY account_id"""


PLAIN = [
    Standard(
        "S1 country in three",
        group(rule("country", "in", COUNTRIES)),
        f"{PEOPLE} c.country IN ('AT', 'DE', 'PL')",
        "SELECT count(*) FROM customer WHERE country IN ('AT', 'DE', 'PL')",
    ),
    Standard(
        "S2 custom data: tier is gold",
        group(GOLD),
        f"{PEOPLE} fold(c.custom_data ->> 'tier') = 'gold'",
        "SELECT count(*) FROM customer WHERE tier = 'gold'",
    ),
    Standard(
        "S3 overdue invoice, failed method",
        group(
            related("invoices", "some", rule("days_overdue", ">", 30)),
            rule("default_payment_method_status", "=", "failed"),
        ),
        f"""SELECT customer_id AS id FROM billing_invoice
          WHERE organization_id = %(o)s AND status IN {OWED} AND due_on < {LATE}
        INTERSECT SELECT customer_id FROM billing_paymentmethod
          WHERE organization_id = %(o)s AND is_default AND status = 'failed' AND deleted_at IS NULL""",
        f"""SELECT count(*) FROM (SELECT customer_id FROM invoice WHERE status IN {OWED} AND due_on < {LATE}
        INTERSECT SELECT customer_id FROM method WHERE is_default AND status = 'failed')""",
    ),
    Standard(
        "S4 active: 5 items, 1,000 in",
        group(
            related("transactions", "atLeast", LAST_90, threshold=5),
            amounts("sum", ">=", "1000.00", rule("direction", "=", "credit"), LAST_90),
        ),
        f"""SELECT h.customer_id AS id FROM ({of_account("balances_transaction", also=OURS)}) AS t
        JOIN portfolios_accountholder AS h USING (account_id) JOIN balances_balance AS a USING (account_id)
        GROUP BY h.customer_id
        HAVING sum(t.items) >= 5 AND sum(credits) FILTER (WHERE a.asset_code = 'EUR') >= 1000""",
        f"""SELECT count(*) FROM (SELECT h.customer_id FROM ({of_account("item")}) AS t
        JOIN holder AS h USING (account_id) JOIN account AS a ON a.id = h.account_id GROUP BY h.customer_id
        HAVING sum(items) >= 5 AND sum(credits) FILTER (WHERE a.asset_code = 'EUR') >= 1000)""",
    ),
]


def standards(first: UUID, second: UUID) -> list[Standard]:
    """S1 to S5, where `first` and `second` are the stored segments of the definitions S1 and S2."""
    return [*PLAIN, nested(first, second)]


def nested(first: UUID, second: UUID) -> Standard:
    """S5: in the stored segment `first` or rich, and not in `second` while of little means."""
    in_first = rule("segment", "in", [str(first)])
    in_second = rule("segment", "in", [str(second)])
    return Standard(
        "S5 nested, sums, segments",
        group(
            group(in_first, rule("total_balance", ">", f"{RICH}.00"), combinator="or"),
            group(group(in_second, rule("total_balance", "<", f"{POOR}.00")), negated=True),
        ),
        f"""SELECT id FROM (
          SELECT customer_id AS id FROM segments_customermembership WHERE segment_id = %(first)s
          UNION SELECT customer_id FROM held WHERE total > {RICH}
        ) AS either
        EXCEPT (SELECT customer_id FROM segments_customermembership WHERE segment_id = %(second)s
          INTERSECT SELECT customer_id FROM held WHERE total < {POOR})""",
        f"""WITH held AS (SELECT h.customer_id, coalesce(sum(b.ledger), 0) AS total
          FROM holder AS h JOIN account AS a ON a.id = h.account_id LEFT JOIN balance AS b USING (account_id)
          WHERE h.role = 'owner' AND a.asset_code = 'EUR' GROUP BY h.customer_id)
        SELECT count(*) FROM ((SELECT customer_id FROM member WHERE segment = 1
          UNION SELECT customer_id FROM held WHERE total > {RICH})
        EXCEPT (SELECT customer_id FROM member WHERE segment = 2
          INTERSECT SELECT customer_id FROM held WHERE total < {POOR}))""",
    )


# What a customer owns in euro (accounts that never moved hold nothing), beside a definition that asks it twice.
HELD_SUMS = """WITH held AS MATERIALIZED (
  SELECT h.customer_id, coalesce(sum(b.ledger), 0) AS total
  FROM portfolios_accountholder AS h JOIN portfolios_account AS a ON a.id = h.account_id
  LEFT JOIN balances_balance AS b USING (account_id)
  WHERE h.organization_id = %(o)s AND h.role = 'owner' AND a.asset_code = 'EUR' AND a.deleted_at IS NULL
  GROUP BY h.customer_id)
"""


def ids_by_hand(case: Standard) -> str:
    """The whole statement that selects the members' ids."""
    return HELD_SUMS + case.by_hand if " held " in case.by_hand else case.by_hand
