from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0004_external_accounts")]

    operations = [
        migrations.AlterField(
            model_name="account",
            name="entity_id",
            field=models.CharField(blank=True, db_default="", default="", max_length=256),
        ),
    ]
