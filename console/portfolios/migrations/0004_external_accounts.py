"""Each asset gets its external account: where money comes from and goes to."""

from django.db import migrations

OPENED = """
INSERT INTO portfolios_account (organization_id, ledger_id, external_id, name, alias, type, asset_code, status)
SELECT organization_id, ledger_id, '@external/' || code || '/' || right(ledger_id::text, 8), 'External ' || code,
    '@external/' || code, 'external', code, 'external'
FROM ledgers_asset
"""


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0003_records"), ("ledgers", "0003_records")]

    operations = [migrations.RunSQL(OPENED, migrations.RunSQL.noop)]
