from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("segments", "0005_bulk")]

    operations = [
        migrations.AlterField(
            model_name="bulkrun",
            name="action",
            field=models.CharField(
                choices=[
                    ("carry", "Assign segment"),
                    ("drop", "Take segment off"),
                    ("move", "Move to portfolio"),
                    ("take_out", "Take out of portfolio"),
                    ("block", "Block"),
                    ("unblock", "Unblock"),
                    ("empty", "Delete portfolio"),
                ],
                max_length=8,
            ),
        )
    ]
