from django.db import migrations, models
from django.db.models import F

FILL = """
UPDATE balances_balance SET asset_code = account.asset_code
FROM portfolios_account AS account WHERE account.id = balances_balance.account_id
"""


class Migration(migrations.Migration):
    """Keep the currency beside the balance: lists sort and rules compare within one currency."""

    dependencies = [("balances", "0004_covering_index")]
    operations = [
        migrations.AddField("balance", "asset_code", models.CharField(max_length=100, null=True)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            "balance",
            "asset_code",
            models.CharField(
                max_length=100, help_text="The account's: balances compare within one currency only."
            ),
        ),
        migrations.RemoveIndex("balance", "balance_by_ledger"),
        migrations.AddIndex(
            "balance",
            models.Index(
                F("organization"), F("asset_code"), F("ledger"), F("account"), name="balance_by_currency"
            ),
        ),
    ]
