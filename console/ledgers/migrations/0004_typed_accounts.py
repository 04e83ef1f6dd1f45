from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledgers", "0003_records")]

    operations = [
        migrations.AddField(
            model_name="ledger",
            name="has_typed_accounts",
            field=models.BooleanField(db_default=False, default=False, verbose_name="only account types"),
        ),
    ]
