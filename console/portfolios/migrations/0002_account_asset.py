from django.db import migrations


class Migration(migrations.Migration):
    """An account's asset is one of its ledger's: the database holds to it."""

    dependencies = [("portfolios", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE portfolios_account ADD CONSTRAINT account_asset_of_ledger FOREIGN KEY (ledger_id, asset_code)"
            " REFERENCES ledgers_asset (ledger_id, code) DEFERRABLE INITIALLY IMMEDIATE",
            "ALTER TABLE portfolios_account DROP CONSTRAINT account_asset_of_ledger",
        )
    ]
