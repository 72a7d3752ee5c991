import django.db.models.deletion
from django.db import migrations, models

# Who wrote so far: the workspaces' own contacts as they were marked, those of accounts by the mails kept of them.
CARRY_OVER = [
    """
INSERT INTO overture_wrote (workspace_id, address_key, at)
SELECT workspace_id, address_key, min(at) FROM (
    SELECT workspace_id, address_key, wrote_at AS at FROM overture_contact
    WHERE workspace_id IS NOT NULL AND wrote_at IS NOT NULL
    UNION ALL
    SELECT mail.workspace_id, contact.address_key, mail.received_at
    FROM overture_mail AS mail JOIN overture_contact AS contact ON contact.id = mail.contact_id
    WHERE mail.state = 'matched' AND mail.kind IN ('reply', 'other')
      AND lower(mail.sender_address) = lower(contact.address)
) AS told WHERE address_key <> '' GROUP BY workspace_id, address_key
""",
    """
UPDATE overture_prospect AS prospect SET search_text = prospect.search_text || ' ' || plain(contact.address)
FROM overture_wrote AS wrote JOIN overture_contact AS contact
  ON contact.address_key = wrote.address_key AND contact.workspace_id IS NULL AND contact.erased_at IS NULL
WHERE prospect.workspace_id = wrote.workspace_id AND prospect.partner_id = contact.partner_id
  AND prospect.stage <> 'joined'
""",
]


class Migration(migrations.Migration):
    dependencies = [("overture", "0001_first")]

    operations = [
        migrations.CreateModel(
            name="Wrote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address_key", models.CharField(max_length=32)),
                ("at", models.DateTimeField()),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="overture.workspace"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("workspace", "address_key"), name="wrote_once"),
                    models.CheckConstraint(
                        condition=models.Q(("address_key", ""), _negated=True), name="wrote_from_an_address"
                    ),
                ],
            },
        ),
        migrations.RunSQL(CARRY_OVER, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="contact", name="wrote_at"),
    ]
