"""Add what an authority says of the claims in an answer."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0009_alerts"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="replied_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="reply",
            field=models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
    ]
