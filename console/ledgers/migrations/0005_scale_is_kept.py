"""Of an amount eight decimals are kept; an asset that said it has more was never written with them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledgers", "0004_typed_accounts")]

    operations = [
        migrations.RunSQL("UPDATE ledgers_asset SET scale = 8 WHERE scale > 8", migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="asset",
            constraint=models.CheckConstraint(
                condition=models.Q(("scale__lte", 8)), name="asset_scale_is_kept"
            ),
        ),
    ]
