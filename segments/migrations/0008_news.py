from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("segments", "0007_freshness")]

    operations = [
        migrations.AddField(
            model_name="segment",
            name="tell_above",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Per cent of the members. Empty: a move is no news.",
                null=True,
                verbose_name="tell the owner of moves above",
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="news",
            field=models.CharField(
                blank=True,
                choices=[("failed", "Failed"), ("moved", "Moved more than was set")],
                db_default="",
                default="",
                max_length=6,
            ),
        ),
        migrations.AddField(model_name="run", name="told_at", field=models.DateTimeField(null=True)),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(
                fields=["requested_at"], name="run_untold", condition=Q(told_at__isnull=True) & ~Q(news="")
            ),
        ),
    ]
