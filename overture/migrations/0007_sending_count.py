"""Limits count by the second since they slide: the table says so, too."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("overture", "0006_ledger_indexes"),
    ]

    operations = [
        migrations.RemoveConstraint("sendingminute", "one_count_per_minute"),
        migrations.RenameModel("SendingMinute", "SendingCount"),
        migrations.RenameField("sendingcount", "minute", "second"),
        migrations.AddConstraint(
            "sendingcount",
            models.UniqueConstraint(fields=("address_key", "second"), name="one_count_per_second"),
        ),
    ]
