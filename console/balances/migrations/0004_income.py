import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# Labels as banks and their data providers write them, without case and accents. The first kind that a label is of.
KIND = """
CREATE FUNCTION income_kind(metadata jsonb, purpose_folded text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE COALESCE(NULLIF(fold(metadata ->> 'label'), ''), purpose_folded)
    WHEN 'salary' THEN 'salary' WHEN 'wage' THEN 'salary' WHEN 'wages' THEN 'salary' WHEN 'payroll' THEN 'salary'
    WHEN 'pension' THEN 'pension' WHEN 'old-age pension' THEN 'pension' WHEN 'retirement' THEN 'pension'
    WHEN 'benefits' THEN 'benefits' WHEN 'benefit' THEN 'benefits' WHEN 'child benefit' THEN 'benefits'
    WHEN 'unemployment benefit' THEN 'benefits' WHEN 'social benefits' THEN 'benefits'
    WHEN 'rental' THEN 'rental' WHEN 'rental income' THEN 'rental' WHEN 'rent received' THEN 'rental'
    WHEN 'capital' THEN 'capital' WHEN 'capital income' THEN 'capital' WHEN 'dividend' THEN 'capital'
    WHEN 'dividends' THEN 'capital' WHEN 'interest' THEN 'capital'
END
"""
# Added up per account first, then for who holds it, in any role.
VIEW = """
CREATE VIEW balances_income WITH (security_invoker = true) AS
SELECT customer_id || ' ' || label || ' ' || currency AS id, organization_id, customer_id, label, currency,
       array_agg(month ORDER BY month) AS months, array_agg(amount ORDER BY month) AS amounts, max(last_on) AS last_on
FROM (
    SELECT t.organization_id, h.customer_id, t.label, a.asset_code AS currency, t.month,
           sum(t.amount) AS amount, max(t.last_on) AS last_on
    FROM (
        SELECT organization_id, account_id, income_kind(metadata, purpose_folded) AS label,
               date_trunc('month', booked_on::timestamp)::date AS month, sum(amount) AS amount, max(booked_on) AS last_on
        FROM balances_transaction
        WHERE direction = 'credit' AND income_kind(metadata, purpose_folded) IS NOT NULL
        GROUP BY 1, 2, 3, 4
    ) t
    JOIN portfolios_account a ON a.id = t.account_id AND a.organization_id = t.organization_id
    JOIN portfolios_accountholder h ON h.account_id = t.account_id AND h.organization_id = t.organization_id
    GROUP BY 1, 2, 3, 4, 5
) monthly
GROUP BY organization_id, customer_id, label, currency
"""
INDEX = """
CREATE INDEX transaction_income ON balances_transaction (organization_id, account_id)
    WHERE direction = 'credit' AND income_kind(metadata, purpose_folded) IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("balances", "0003_metadata_index")]

    operations = [
        migrations.RunSQL(KIND, "DROP FUNCTION income_kind(jsonb, text)"),
        migrations.RunSQL(VIEW, "DROP VIEW balances_income"),
        migrations.RunSQL(INDEX, "DROP INDEX transaction_income"),
        migrations.CreateModel(
            name="Income",
            fields=[
                ("id", models.TextField(primary_key=True, serialize=False)),
                (
                    "label",
                    models.CharField(
                        choices=[
                            ("salary", "Salary"),
                            ("pension", "Pension"),
                            ("benefits", "Benefits"),
                            ("rental", "Rent"),
                            ("capital", "Interest and dividends"),
                        ],
                        max_length=8,
                    ),
                ),
                ("currency", models.CharField(max_length=100)),
                (
                    "months",
                    django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), size=None),
                ),
                (
                    "amounts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DecimalField(decimal_places=8, max_digits=28), size=None
                    ),
                ),
                ("last_on", models.DateField()),
            ],
            options={"verbose_name_plural": "income", "db_table": "balances_income", "managed": False},
        ),
    ]
