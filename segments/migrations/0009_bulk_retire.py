from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("segments", "0008_news")]

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
                    ("archive", "Archive segment"),
                    ("delete", "Delete segment"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="bulkrun",
            constraint=models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"])
                | ~Q(action__in=("carry", "archive", "delete"))
                | Q(segment__isnull=False),
                name="bulk_run_has_segment",
            ),
        ),
        migrations.AddConstraint(
            model_name="bulkrun",
            constraint=models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"])
                | ~Q(action__in=("move", "empty"))
                | Q(portfolio__isnull=False),
                name="bulk_run_has_portfolio",
            ),
        ),
    ]
