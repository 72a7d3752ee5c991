"""The queue and the leases stand beside the ledger; what is under way is carried over."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# Room on each page for another version of every row on it: a claim takes them all at once.
ROOM = [
    "ALTER TABLE overture_delivery SET (fillfactor = 45)",
    "ALTER TABLE overture_contacted SET (fillfactor = 50)",
]
CARRY_OVER = [
    "UPDATE overture_delivery SET has_address_alone = false WHERE state = 'skipped'",
    # What waits, as one run for each moment at which something of a mailing is due.
    """INSERT INTO overture_queued (mailing_id, first, last, due_at)
        SELECT mailing_id, min(id), max(id), due_at FROM (
            SELECT d.id, d.mailing_id, d.due_at,
                d.id - row_number() OVER (PARTITION BY d.mailing_id, d.due_at ORDER BY d.id) AS run
            FROM overture_delivery d JOIN overture_mailing m ON m.id = d.mailing_id
            WHERE d.state IN ('queued', 'deferred') AND m.approved_at IS NOT NULL AND m.state <> 'cancelled'
        ) waiting GROUP BY mailing_id, due_at, run""",
    """INSERT INTO overture_lease (id, mailbox_id, mailings, deliveries, until, has_ended)
        SELECT d.lease, m.mailbox_id, array_agg(DISTINCT d.mailing_id), array_agg(d.id ORDER BY d.id),
            coalesce(max(d.leased_until), now()), false
        FROM overture_delivery d JOIN overture_mailing m ON m.id = d.mailing_id
        WHERE d.lease IS NOT NULL AND d.state IN ('sending', 'unknown') AND m.mailbox_id IS NOT NULL
        GROUP BY d.lease, m.mailbox_id""",
]


class Migration(migrations.Migration):
    dependencies = [("overture", "0023_received_emails")]

    operations = [
        migrations.CreateModel(
            name="Queued",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first", models.BigIntegerField()),
                ("last", models.BigIntegerField()),
                ("due_at", models.DateTimeField()),
                (
                    "mailing",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="overture.mailing",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["mailing", "due_at", "first"], name="queued_due")]},
        ),
        migrations.CreateModel(
            name="Lease",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "mailings",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                (
                    "deliveries",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("until", models.DateTimeField()),
                ("has_ended", models.BooleanField(default=False)),
                (
                    "mailbox",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="overture.mailbox"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("has_ended", False)), fields=["until"], name="lease_open")
                ]
            },
        ),
        migrations.RemoveConstraint(model_name="delivery", name="one_delivery_per_address"),
        migrations.RemoveIndex(model_name="delivery", name="delivery_due"),
        migrations.RemoveIndex(model_name="delivery", name="delivery_leased"),
        migrations.AddField(
            model_name="delivery",
            name="has_address_alone",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.RunSQL(ROOM, migrations.RunSQL.noop),
        migrations.RunSQL(CARRY_OVER, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("has_address_alone", True)),
                fields=("manifest", "address_key"),
                name="one_delivery_per_address",
            ),
        ),
    ]
