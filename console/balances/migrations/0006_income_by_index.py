from django.db import migrations, models

import console.balances.models.items
import console.organizations.fields

# Holders are joined before anything is added up, so that the income of a few is made from their items alone.
VIEW = """
CREATE VIEW balances_income WITH (security_invoker = true) AS
SELECT customer_id || ' ' || label || ' ' || currency AS id, organization_id, customer_id, label, currency,
       array_agg(month ORDER BY month) AS months, array_agg(amount ORDER BY month) AS amounts, max(last_on) AS last_on
FROM (
    SELECT t.organization_id, h.customer_id, a.asset_code AS currency, t.income_kind AS label,
           date_trunc('month', t.booked_on::timestamp)::date AS month, sum(t.amount) AS amount, max(t.booked_on) AS last_on
    FROM balances_transaction t
    JOIN portfolios_account a ON a.id = t.account_id AND a.organization_id = t.organization_id
    JOIN portfolios_accountholder h ON h.account_id = t.account_id AND h.organization_id = t.organization_id
    WHERE t.income_kind IS NOT NULL
    GROUP BY 1, 2, 3, 4, 5
) monthly
GROUP BY organization_id, customer_id, label, currency
"""


class Migration(migrations.Migration):
    dependencies = [
        ("balances", "0005_balance_by_index"),
        ("organizations", "0021_keys_of_ledgers"),
        ("portfolios", "0011_holders_by_index"),
    ]

    operations = [
        migrations.RunSQL("DROP INDEX transaction_income", migrations.RunSQL.noop),
        migrations.RunSQL("DROP VIEW balances_income", migrations.RunSQL.noop),
        migrations.AddField(
            model_name="transaction",
            name="income_kind",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(
                        direction="credit",
                        then=console.balances.models.items.IncomeKind(
                            "metadata", console.organizations.fields.Fold("purpose")
                        ),
                    )
                ),
                help_text="What kind of income it is, by its label; none for what is no income. See Income.",
                output_field=models.TextField(null=True),
            ),
        ),
        migrations.RunSQL(VIEW, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="transaction",
            index=models.Index(
                condition=models.Q(("income_kind__isnull", False)),
                fields=["organization", "account"],
                include=("income_kind", "booked_on", "amount"),
                name="transaction_income",
            ),
        ),
    ]
