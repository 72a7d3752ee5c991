"""Prepare has just read and locked what these keys name: they are not checked again for each row."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("overture", "0025_mailbox_grant_renewed")]

    operations = [
        migrations.AlterField(
            model_name="delivery",
            name="mailing",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="deliveries",
                to="overture.mailing",
            ),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="prospect",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                to="overture.prospect",
            ),
        ),
    ]
