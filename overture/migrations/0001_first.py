import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import overture.directory.models
import overture.lib.transactions
from django.conf import settings
from django.db import migrations, models


EXTENSIONS = [
    "CREATE EXTENSION IF NOT EXISTS unaccent",
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE EXTENSION IF NOT EXISTS btree_gin",
]
# The builtin collation sorts É after Z; names are compared and sorted by this.
PLAIN = """
CREATE FUNCTION plain(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT lower(public.unaccent('public.unaccent', $1)) $$
"""
# Words are what stands between signs: the parser would take `rate-card.pdf` or an address for one word.
WORDS = r"""
CREATE FUNCTION inbox_words(text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT to_tsvector('simple', translate(public.plain($1), '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~', repeat(' ', 32)))
$$
"""
# Django's database cache (sign-in counters); unlogged, because losing it costs nothing.
CACHE = [
    "CREATE UNLOGGED TABLE overture_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, "
    "expires timestamptz NOT NULL)",
    "CREATE INDEX overture_cache_expires ON overture_cache (expires)",
]
# Account numbers and ad ids begin where they cannot be taken for counts.
NUMBERS = [
    "ALTER TABLE overture_partner ALTER COLUMN id RESTART WITH 10000",
    "ALTER TABLE overture_ad ALTER COLUMN id RESTART WITH 1000",
]
# Room on each page, so that a row's next version stands beside it: a claim takes all rows of a page at once.
ROOM = [
    "ALTER TABLE overture_delivery SET (fillfactor = 45)",
    "ALTER TABLE overture_contacted SET (fillfactor = 50)",
]
# A change of a listed partner, or of who is a prospect and how far, carries the number of its transaction.
CHANGED = """
CREATE FUNCTION note_transaction() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN NEW.changed_xid = pg_current_xact_id()::text::bigint; RETURN NEW; END $$
"""
PARTNER_CHANGED = """
CREATE TRIGGER partner_changed BEFORE UPDATE ON overture_partner FOR EACH ROW
WHEN (OLD.workspace_id IS NULL OR NEW.workspace_id IS NULL) EXECUTE FUNCTION note_transaction()
"""
PROSPECT_CHANGED = """
CREATE TRIGGER prospect_changed BEFORE UPDATE OF stage, partner_id, archived_at ON overture_prospect
FOR EACH ROW WHEN ((OLD.stage, OLD.partner_id, OLD.archived_at) IS DISTINCT FROM
    (NEW.stage, NEW.partner_id, NEW.archived_at))
EXECUTE FUNCTION note_transaction()
"""
# Whom a thread is with, and what it is found by, follow the prospect: stage, kind and names are written in
# many places, one or a hundred thousand at a time.
FOLLOW = """
CREATE FUNCTION inbox_among(stage text, kind text) RETURNS text LANGUAGE sql IMMUTABLE
AS $$ SELECT CASE WHEN stage <> 'joined' THEN 'prospects' WHEN kind = 'creator' THEN 'creators' ELSE 'partners' END $$;
CREATE FUNCTION inbox_follow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE overture_conversation AS c SET prospect_id = NEW.id, among = inbox_among(NEW.stage, NEW.kind)
    WHERE c.workspace_id = NEW.workspace_id AND c.partner_id = NEW.partner_id
      AND (c.prospect_id, c.among) IS DISTINCT FROM (NEW.id, inbox_among(NEW.stage, NEW.kind));
    UPDATE overture_threadwords AS t SET names = inbox_words(NEW.search_text)
    FROM overture_conversation AS c WHERE t.conversation_id = c.id
      AND c.workspace_id = NEW.workspace_id AND c.partner_id = NEW.partner_id
      AND t.names IS DISTINCT FROM inbox_words(NEW.search_text);
    RETURN NULL;
END $$;
CREATE FUNCTION inbox_follow_new() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE overture_conversation AS c SET prospect_id = added.id, among = inbox_among(added.stage, added.kind)
    FROM added WHERE c.workspace_id = added.workspace_id AND c.partner_id = added.partner_id;
    UPDATE overture_threadwords AS t SET names = inbox_words(added.search_text)
    FROM added JOIN overture_conversation AS c USING (workspace_id, partner_id)
    WHERE t.conversation_id = c.id AND added.search_text <> '';
    RETURN NULL;
END $$;
CREATE TRIGGER inbox_follow AFTER UPDATE OF stage, kind, search_text, partner_id ON overture_prospect FOR EACH ROW
WHEN ((OLD.stage = 'joined') <> (NEW.stage = 'joined')
    OR (OLD.kind, OLD.search_text, OLD.partner_id) IS DISTINCT FROM (NEW.kind, NEW.search_text, NEW.partner_id))
EXECUTE FUNCTION inbox_follow();
CREATE TRIGGER inbox_follow_new AFTER INSERT ON overture_prospect REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION inbox_follow_new()
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.RunSQL(EXTENSIONS, migrations.RunSQL.noop),
        migrations.RunSQL([PLAIN, WORDS], migrations.RunSQL.noop),
        migrations.RunSQL(CACHE, migrations.RunSQL.noop),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='email')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='name')),
                ('language', models.CharField(blank=True, choices=[('en', 'English'), ('fr', 'Français')], max_length=2, verbose_name='language')),
                ('theme', models.CharField(choices=[('system', 'Like this device'), ('light', 'Light'), ('dark', 'Dark')], default='system', max_length=6, verbose_name='theme')),
                ('has_single_keys', models.BooleanField(default=True, verbose_name='single-key shortcuts')),
                ('is_operator', models.BooleanField(default=False)),
                ('is_active', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CaughtEmail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('received_at', models.DateTimeField(auto_now_add=True)),
                ('sender', models.CharField(max_length=400)),
                ('recipients', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=400), size=None)),
                ('subject', models.CharField(max_length=500)),
                ('raw', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='Pulse',
            fields=[
                ('of', models.CharField(max_length=24, primary_key=True, serialize=False)),
                ('count', models.BigIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name='SendingAddress',
            fields=[
                ('address_key', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('claims', models.BigIntegerField(db_default=0, default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Workspace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('postal_address', models.TextField(blank=True, max_length=500, verbose_name='postal address')),
                ('contact_days', models.PositiveSmallIntegerField(default=7, verbose_name='days between two emails')),
                ('time_zone', models.CharField(default='UTC', max_length=60, verbose_name='time zone')),
                ('is_open_to_partners', models.BooleanField(default=False, verbose_name='partners may write first')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='SendingCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address_key', models.CharField(max_length=32)),
                ('second', models.DateTimeField()),
                ('count', models.IntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('address_key', 'second'), name='one_count_per_second')],
            },
        ),
        migrations.CreateModel(
            name='StoredFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('served_sha256', models.CharField(max_length=64)),
                ('type', models.CharField(choices=[('csv', 'CSV'), ('pdf', 'PDF'), ('jpeg', 'JPEG'), ('png', 'PNG'), ('gif', 'GIF')], max_length=4)),
                ('size', models.BigIntegerField()),
                ('state', models.CharField(choices=[('pending', 'Being scanned'), ('clean', 'Clean'), ('infected', 'Infected'), ('unscannable', 'Could not be scanned')], default='pending', max_length=11)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('has_preview', models.BooleanField(default=False)),
                ('width', models.PositiveIntegerField(null=True)),
                ('height', models.PositiveIntegerField(null=True)),
                ('pages', models.PositiveIntegerField(null=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('due_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), null=True)),
                ('scanned_at', models.DateTimeField(null=True)),
                ('signatures', models.CharField(blank=True, max_length=80)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('deleted_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'pending')), fields=['due_at'], name='stored_file_due'), models.Index(fields=['created_at'], name='stored_file_age')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'clean', 'infected', 'unscannable'])), name='stored_file_state_known')],
            },
        ),
        migrations.CreateModel(
            name='Group',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.workspace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('workspace'), overture.directory.models.Plain(models.F('name')), name='one_group_per_name')],
            },
        ),
        migrations.CreateModel(
            name='Program',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('kind', models.CharField(choices=[('partner', 'Partner program'), ('creator', 'Creator program'), ('both', 'Partner and creator program')], default='both', max_length=8, verbose_name='kind')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='programs', to='overture.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('administrator', 'Administrator'), ('manager', 'Manager'), ('viewer', 'Viewer')], default='manager', max_length=16, verbose_name='role')),
                ('notify', models.CharField(choices=[('at_once', 'At once'), ('daily', 'Once a day'), ('none', 'Never')], default='at_once', max_length=8, verbose_name='email notices')),
                ('told_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('removed_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='overture.workspace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('workspace', 'user'), name='one_membership_per_user')],
            },
        ),
        migrations.CreateModel(
            name='Ad',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('kind', models.CharField(choices=[('text', 'Text link'), ('banner', 'Banner')], max_length=8, verbose_name='kind')),
                ('text', models.CharField(blank=True, max_length=200, verbose_name='link text')),
                ('image', models.CharField(blank=True, max_length=1000, verbose_name='picture address')),
                ('width', models.PositiveSmallIntegerField(null=True, verbose_name='width')),
                ('height', models.PositiveSmallIntegerField(null=True, verbose_name='height')),
                ('alt', models.CharField(blank=True, max_length=200, verbose_name='alternative text')),
                ('landing_page', models.CharField(max_length=1000, verbose_name='landing page')),
                ('active_from', models.DateTimeField(default=django.utils.timezone.now, verbose_name='active from')),
                ('active_to', models.DateTimeField(null=True, verbose_name='active to')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='overture.program')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.workspace')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('active_to', None), ('active_to__gt', models.F('active_from')), _connector='OR'), name='ad_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='Mailbox',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(default='smtp', max_length=10)),
                ('address', models.CharField(max_length=320, verbose_name='address')),
                ('address_key', models.CharField(max_length=32)),
                ('sender_name', models.CharField(blank=True, max_length=120, verbose_name='sender name')),
                ('host', models.CharField(max_length=255, verbose_name='server')),
                ('port', models.PositiveIntegerField(default=587, verbose_name='port')),
                ('security', models.CharField(choices=[('none', 'None'), ('starttls', 'STARTTLS'), ('tls', 'TLS')], default='starttls', max_length=8, verbose_name='security')),
                ('username', models.CharField(blank=True, max_length=320, verbose_name='user name')),
                ('secret', models.TextField(blank=True)),
                ('provider', models.CharField(blank=True, choices=[('', 'Password'), ('google', 'Google'), ('microsoft', 'Microsoft')], max_length=12)),
                ('reads', models.BooleanField(default=False)),
                ('imap_host', models.CharField(blank=True, max_length=255)),
                ('imap_port', models.PositiveIntegerField(default=993)),
                ('imap_security', models.CharField(choices=[('none', 'None'), ('starttls', 'STARTTLS'), ('tls', 'TLS')], default='tls', max_length=8)),
                ('imap_username', models.CharField(blank=True, max_length=320)),
                ('imap_secret', models.TextField(blank=True)),
                ('shares_other_mail', models.BooleanField(default=False)),
                ('appends_sent', models.BooleanField(default=False)),
                ('per_minute', models.PositiveIntegerField(default=30, verbose_name='per minute')),
                ('per_hour', models.PositiveIntegerField(default=200, verbose_name='per hour')),
                ('per_day', models.PositiveIntegerField(default=500, verbose_name='per day')),
                ('largest_message', models.BigIntegerField(default=0)),
                ('time_zone', models.CharField(default='UTC', max_length=60, verbose_name='time zone')),
                ('state', models.CharField(choices=[('connected', 'Connected'), ('disconnected', 'Disconnected'), ('reconnect', 'Sign in again')], default='connected', max_length=12)),
                ('reason', models.CharField(blank=True, max_length=40)),
                ('reason_words', models.CharField(blank=True, max_length=500)),
                ('dkim_key', models.TextField(blank=True)),
                ('dkim_selector', models.CharField(blank=True, max_length=32)),
                ('dkim_seen_at', models.DateTimeField(null=True)),
                ('domain_says', models.JSONField(default=dict)),
                ('domain_asked_at', models.DateTimeField(null=True)),
                ('backoff_until', models.DateTimeField(null=True)),
                ('backoff_count', models.PositiveSmallIntegerField(default=0)),
                ('checked_at', models.DateTimeField(null=True)),
                ('removed_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('delegates', models.ManyToManyField(related_name='+', to='overture.membership')),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='mailboxes', to='overture.membership')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('told_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='overture.membership')),
                ('stored', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='overture.storedfile')),
                ('workspace', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to='overture.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('start', models.CharField(max_length=12)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('used_at', models.DateTimeField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_tokens', to='overture.membership')),
            ],
        ),
        migrations.CreateModel(
            name='Run',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('state', models.CharField(choices=[('queued', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed')], default='queued', max_length=8)),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(null=True)),
                ('problem', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('started_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('undone_at', models.DateTimeField(null=True)),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to='overture.membership')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='Selection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origin', models.CharField(default='prospects', max_length=10)),
                ('filter', models.JSONField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('touched_at', models.DateTimeField(auto_now=True)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.membership')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='TileSelection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('partner', 'Partner'), ('creator', 'Creator')], max_length=8)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('touched_at', models.DateTimeField(auto_now=True)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.membership')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.CharField(max_length=500, verbose_name='address')),
                ('events', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('message.received', 'A partner sent a message'), ('reply.received', 'A partner replied by email'), ('file.blocked', 'A file was blocked'), ('stage.changed', 'The stage of a prospect changed'), ('mailing.done', 'A mailing is done'), ('opted_out', 'A person opted out')], max_length=20), size=None, verbose_name='events')),
                ('secret', models.TextField()),
                ('old_secret', models.TextField(blank=True)),
                ('old_secret_until', models.DateTimeField(null=True)),
                ('read_up_to', models.BigIntegerField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('failing_since', models.DateTimeField(null=True)),
                ('rests_until', models.DateTimeField(null=True)),
                ('paused_at', models.DateTimeField(null=True)),
                ('paused_because', models.CharField(blank=True, choices=[('by_hand', 'Paused'), ('failing', 'Paused, nothing arrived'), ('gone', 'Paused, address gone')], max_length=40)),
                ('removed_at', models.DateTimeField(null=True)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='overture.membership')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='SavedSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('partner', 'Partner'), ('creator', 'Creator')], max_length=8)),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('search', models.JSONField()),
                ('is_telling', models.BooleanField(default=True, verbose_name='tell me about new matches')),
                ('told_until', models.DateTimeField(auto_now_add=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.membership')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.workspace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('member', 'kind', 'name'), name='one_search_per_name')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('facts', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('read_at', models.DateTimeField(null=True)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.membership')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.workspace')),
            ],
            options={
                'indexes': [models.Index(fields=['member', '-id'], name='notice_of_member'), models.Index(condition=models.Q(('read_at', None)), fields=['member'], name='notice_unread')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, verbose_name='email')),
                ('role', models.CharField(choices=[('administrator', 'Administrator'), ('manager', 'Manager'), ('viewer', 'Viewer')], default='manager', max_length=16, verbose_name='role')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='overture.membership')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.workspace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('workspace', 'email'), name='one_invitation_per_email')],
            },
        ),
        migrations.CreateModel(
            name='KeptAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200)),
                ('digest', models.CharField(max_length=64)),
                ('status', models.PositiveSmallIntegerField()),
                ('body', models.TextField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.membership')),
            ],
            options={
                'indexes': [models.Index(fields=['created_at'], name='answer_age')],
                'constraints': [models.UniqueConstraint(fields=('member', 'key'), name='one_answer_per_key')],
            },
        ),
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file_name', models.CharField(max_length=200)),
                ('content', models.BinaryField()),
                ('size', models.BigIntegerField()),
                ('encoding', models.CharField(blank=True, max_length=12)),
                ('delimiter', models.CharField(blank=True, max_length=1)),
                ('columns', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('mapping', models.JSONField(default=dict)),
                ('into', models.CharField(choices=[('prospects', 'Prospects'), ('directory', 'Directory')], default='prospects', max_length=10)),
                ('is_dry_run', models.BooleanField(default=False)),
                ('row_count', models.PositiveIntegerField(default=0)),
                ('created_count', models.PositiveIntegerField(default=0)),
                ('updated_count', models.PositiveIntegerField(default=0)),
                ('unchanged_count', models.PositiveIntegerField(default=0)),
                ('refused_count', models.PositiveIntegerField(default=0)),
                ('run', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='imported', to='overture.run')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='MailboxGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('refresh_token', models.TextField()),
                ('access_token', models.TextField(blank=True)),
                ('token_expires_at', models.DateTimeField(null=True)),
                ('scopes', models.TextField(blank=True)),
                ('renewed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('granted_at', models.DateTimeField(auto_now_add=True)),
                ('mailbox', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='grant', to='overture.mailbox')),
            ],
        ),
        migrations.CreateModel(
            name='MailboxRelay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.CharField(blank=True, max_length=30)),
                ('domain', models.CharField(blank=True, max_length=253)),
                ('key_id', models.CharField(blank=True, max_length=128)),
                ('stream', models.CharField(blank=True, max_length=64)),
                ('api_key', models.TextField(blank=True)),
                ('signing_key', models.TextField(blank=True)),
                ('hook_secret', models.TextField(blank=True)),
                ('last_event_at', models.DateTimeField(null=True)),
                ('mailbox', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='relay', to='overture.mailbox')),
            ],
        ),
        migrations.CreateModel(
            name='MessageRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(blank=True, max_length=20000)),
                ('language', models.CharField(choices=[('en', 'English'), ('fr', 'Français')], default='en', max_length=2)),
                ('overrides_policy', models.BooleanField(default=False)),
                ('attachments', models.ManyToManyField(related_name='message_runs', to='overture.attachment')),
                ('run', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='overture.run')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='Partner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('standing', models.CharField(choices=[('in_review', 'In review'), ('listed', 'Listed'), ('suspended', 'Suspended'), ('merged', 'Merged')], db_default='listed', default='listed', max_length=10, verbose_name='standing')),
                ('kind', models.CharField(choices=[('partner', 'Partner'), ('creator', 'Creator')], default='partner', max_length=8, verbose_name='kind')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('website', models.CharField(blank=True, max_length=300, verbose_name='website')),
                ('website_key', models.CharField(blank=True, max_length=300)),
                ('country', models.CharField(blank=True, max_length=2, verbose_name='country')),
                ('category', models.CharField(blank=True, max_length=80, verbose_name='category')),
                ('language', models.CharField(blank=True, max_length=8, verbose_name='language')),
                ('audience', models.BigIntegerField(null=True, verbose_name='audience')),
                ('about', models.TextField(blank=True, db_default='', max_length=5000, verbose_name='about')),
                ('topics', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, db_default=models.Value([], output_field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None)), default=list, size=None, verbose_name='topics')),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=8), blank=True, db_default=models.Value([], output_field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=8), size=None)), default=list, size=None, verbose_name='languages')),
                ('methods', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), blank=True, db_default=models.Value([], output_field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), size=None)), default=list, size=None, verbose_name='promotional methods')),
                ('business_model', models.CharField(blank=True, choices=[('publisher', 'Media publisher'), ('independent', 'Independent author'), ('deals', 'Deals and prices'), ('community', 'Community'), ('app', 'App or tool'), ('agency', 'Agency or network'), ('shop', 'Shop')], db_default='', max_length=12, verbose_name='business model')),
                ('audience_countries', models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict, verbose_name='audience by country')),
                ('audience_ages', models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict, verbose_name='audience by age')),
                ('channels', models.JSONField(db_default=models.Value([], models.JSONField()), default=list, verbose_name='channels')),
                ('active_on', models.DateField(null=True, verbose_name='last active')),
                ('has_messaging', models.BooleanField(default=False, verbose_name='messaging')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('listed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=django.utils.timezone.now)),
                ('changed_xid', models.BigIntegerField(db_default=overture.lib.transactions.ThisTransaction(), editable=False)),
                ('logo', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='logo_of', to='overture.attachment')),
                ('merged_into', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged_from', to='overture.partner')),
                ('workspace', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to='overture.workspace')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('website_key', ''), _negated=True), fields=['website_key'], name='partner_website'), models.Index(condition=models.Q(('workspace__isnull', False)), fields=['workspace'], name='partner_workspace'), models.Index(condition=models.Q(('workspace', None)), fields=['changed_xid', 'id'], name='partner_changes'), models.Index(condition=models.Q(('workspace', None), models.Q(('standing', 'listed'), _negated=True)), fields=['standing', 'id'], name='partner_not_listed'), models.Index(django.contrib.postgres.indexes.OpClass(overture.directory.models.Plain(models.F('name')), name='text_pattern_ops'), condition=models.Q(('workspace', None)), name='partner_name')],
                'constraints': [models.CheckConstraint(condition=models.Q(('standing__in', ['in_review', 'listed', 'suspended', 'merged'])), name='standing_known'), models.CheckConstraint(condition=models.Q(('merged_into', None), ('standing', 'merged'), _connector='XOR'), name='merged_leads_on')],
            },
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('watcher', models.UUIDField(null=True)),
                ('watched_until', models.DateTimeField(null=True)),
                ('due_at', models.DateTimeField(null=True)),
                ('looked_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=40)),
                ('reason_words', models.CharField(blank=True, max_length=500)),
                ('failures', models.PositiveSmallIntegerField(default=0)),
                ('since', models.DateTimeField(null=True)),
                ('mailbox', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='reading', to='overture.mailbox')),
            ],
        ),
        migrations.CreateModel(
            name='WebhookCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('activity_number', models.BigIntegerField(null=True)),
                ('event', models.CharField(choices=[('message.received', 'A partner sent a message'), ('reply.received', 'A partner replied by email'), ('file.blocked', 'A file was blocked'), ('stage.changed', 'The stage of a prospect changed'), ('mailing.done', 'A mailing is done'), ('opted_out', 'A person opted out'), ('test', 'Test')], max_length=20)),
                ('body', models.JSONField()),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('done', 'Delivered'), ('failed', 'Failed')], default='waiting', max_length=8)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('due_at', models.DateTimeField(null=True)),
                ('status', models.PositiveSmallIntegerField(null=True)),
                ('problem', models.CharField(blank=True, max_length=20)),
                ('answer', models.CharField(blank=True, max_length=500)),
                ('took_ms', models.PositiveIntegerField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('tried_at', models.DateTimeField(null=True)),
                ('webhook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calls', to='overture.webhook')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.workspace')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['webhook', 'due_at', 'id'], name='webhook_call_due'), models.Index(fields=['webhook', '-id'], name='webhook_call_latest'), models.Index(fields=['created_at'], name='webhook_call_age')],
                'constraints': [models.UniqueConstraint(fields=('webhook', 'activity_number', 'event'), name='told_once_per_webhook')],
            },
        ),
        migrations.CreateModel(
            name='Lease',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('mailings', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('deliveries', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('until', models.DateTimeField()),
                ('has_ended', models.BooleanField(default=False)),
                ('mailbox', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='overture.mailbox')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('has_ended', False)), fields=['until'], name='lease_open')],
            },
        ),
        migrations.CreateModel(
            name='Folder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=500)),
                ('role', models.CharField(choices=[('inbox', 'Inbox'), ('sent', 'Sent')], max_length=5)),
                ('uidvalidity', models.BigIntegerField(default=0)),
                ('valid_since', models.DateTimeField(null=True)),
                ('last_uid', models.BigIntegerField(default=0)),
                ('modseq', models.DecimalField(decimal_places=0, default=0, max_digits=20)),
                ('read_up_to', models.DateTimeField(null=True)),
                ('looked_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=40)),
                ('reason_words', models.CharField(blank=True, max_length=500)),
                ('mailbox', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='folders', to='overture.mailbox')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('mailbox', 'role'), name='one_folder_per_role'), models.CheckConstraint(condition=models.Q(('role__in', ['inbox', 'sent'])), name='folder_role_known')],
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_name', models.CharField(blank=True, max_length=100, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=100, verbose_name='last name')),
                ('title', models.CharField(blank=True, max_length=100, verbose_name='job title')),
                ('address', models.CharField(blank=True, max_length=320, verbose_name='email')),
                ('address_key', models.CharField(blank=True, max_length=32)),
                ('wrote_at', models.DateTimeField(null=True)),
                ('erased_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='overture.partner')),
                ('workspace', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to='overture.workspace')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('address_key', ''), _negated=True), fields=['address_key'], name='contact_address')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('address_key', ''), _negated=True), fields=('workspace', 'partner', 'address_key'), name='one_contact_per_address', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='DirectoryEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(max_length=20)),
                ('facts', models.JSONField(default=dict)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='overture.partner')),
            ],
        ),
        migrations.CreateModel(
            name='PartnerClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('kind', models.CharField(choices=[('partner', 'Partner'), ('creator', 'Creator')], default='partner', max_length=8, verbose_name='kind')),
                ('website', models.CharField(blank=True, max_length=300, verbose_name='website')),
                ('found_by', models.CharField(blank=True, choices=[('website', 'the same website'), ('address', 'the address of its account'), ('name', 'the same name'), ('invitation', 'an invitation to another address')], max_length=10)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('begun_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, choices=[('made', 'New in the directory'), ('granted', 'Granted'), ('other', 'Another partner'), ('refused', 'Refused')], max_length=8)),
                ('decided_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='claims', to='overture.partner')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='partner_claims', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('begun_at__isnull', False), ('outcome', '')), fields=['id'], name='claim_undecided')],
                'constraints': [models.CheckConstraint(condition=models.Q(('outcome', ''), ('decided_at__isnull', False), _connector='XOR'), name='claim_decided_once'), models.CheckConstraint(condition=models.Q(('begun_at', None), ('partner__isnull', False), _connector='OR'), name='begun_claim_means_one')],
            },
        ),
        migrations.CreateModel(
            name='PartnerUser',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('notify', models.CharField(choices=[('at_once', 'At once'), ('daily', 'Once a day'), ('none', 'Never')], default='at_once', max_length=8, verbose_name='email notices')),
                ('chose_at', models.DateTimeField(null=True)),
                ('told_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('removed_at', models.DateTimeField(null=True)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='users', to='overture.partner')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='partner_users', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('partner', 'user'), name='one_user_per_partner')],
            },
        ),
        migrations.CreateModel(
            name='AdClick',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('ad', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clicks', to='overture.ad')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.partner')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.program')),
            ],
        ),
        migrations.CreateModel(
            name='TileSelectionRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.partner')),
                ('selection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='overture.tileselection')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('selection', 'partner'), name='tile_chosen_once')],
            },
        ),
        migrations.CreateModel(
            name='SavedPartner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to='overture.membership')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.partner')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.workspace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('workspace', 'partner'), name='saved_once')],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('spam', 'Spam or fraud'), ('wrong_facts', 'Wrong facts'), ('offensive', 'Offensive content'), ('gone', 'Does not exist any more'), ('other', 'Another reason')], max_length=12, verbose_name='reason')),
                ('text', models.TextField(blank=True, max_length=2000, verbose_name='what is wrong')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('settled_at', models.DateTimeField(null=True)),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to='overture.membership')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='overture.partner')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.workspace')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('settled_at', None)), fields=['partner'], name='report_open')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('settled_at', None)), fields=('workspace', 'partner', 'member'), name='one_open_report_each')],
            },
        ),
        migrations.CreateModel(
            name='PartnerInvitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.EmailField(max_length=320, verbose_name='email')),
                ('is_colleague', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('invited_by_member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='overture.membership')),
                ('invited_by_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='overture.partner')),
                ('workspace', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to='overture.workspace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('partner', 'workspace', 'address'), name='one_open_partner_invitation', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='NotInterested',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to='overture.membership')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.partner')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.workspace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('workspace', 'partner'), name='not_interested_once')],
            },
        ),
        migrations.CreateModel(
            name='MessageDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(blank=True, max_length=20000)),
                ('saved_at', models.DateTimeField(auto_now=True)),
                ('attachments', models.ManyToManyField(related_name='drafts', to='overture.attachment')),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='overture.membership')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.partner')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.workspace')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('member__isnull', False), ('user__isnull', False), _connector='XOR'), name='draft_writer_is_one'), models.UniqueConstraint(condition=models.Q(('member__isnull', False)), fields=('member', 'partner'), name='one_draft_per_member'), models.UniqueConstraint(condition=models.Q(('user__isnull', False)), fields=('user', 'workspace', 'partner'), name='one_draft_per_user')],
            },
        ),
        migrations.CreateModel(
            name='Contacted',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(choices=[('email', 'Email'), ('message', 'Message')], max_length=8)),
                ('mailing_number', models.BigIntegerField(null=True)),
                ('planned_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('member', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to='overture.membership')),
                ('partner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, to='overture.partner')),
                ('workspace', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, to='overture.workspace')),
            ],
            options={
                'indexes': [models.Index(fields=['workspace', 'partner', '-planned_at'], name='contacted_partner')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('mailing_number__isnull', False)), fields=('mailing_number', 'partner'), name='contacted_once_per_mailing')],
            },
        ),
        migrations.CreateModel(
            name='ImportRefusal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveIntegerField()),
                ('column', models.CharField(blank=True, max_length=200)),
                ('code', models.CharField(max_length=40)),
                ('facts', models.JSONField(default=dict)),
                ('cells', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('imported', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='refusals', to='overture.import')),
            ],
            options={
                'indexes': [models.Index(fields=['imported', 'line'], name='refusal_line')],
            },
        ),
        migrations.CreateModel(
            name='Prospect',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(choices=[('new', 'New'), ('outreach', 'Outreach'), ('negotiating', 'Negotiating'), ('joined', 'Joined'), ('expired', 'Expired'), ('rejected_by_partner', 'Rejected by partner'), ('rejected_by_you', 'Rejected by you')], default='new', max_length=20, verbose_name='stage')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('plain_name', models.GeneratedField(db_persist=True, expression=overture.directory.models.Plain(models.F('name')), output_field=models.TextField())),
                ('kind', models.CharField(choices=[('partner', 'Partner'), ('creator', 'Creator')], default='partner', max_length=8, verbose_name='kind')),
                ('website', models.CharField(blank=True, max_length=300, verbose_name='website')),
                ('country', models.CharField(blank=True, max_length=2, verbose_name='country')),
                ('category', models.CharField(blank=True, max_length=80, verbose_name='category')),
                ('language', models.CharField(blank=True, max_length=8, verbose_name='language')),
                ('audience', models.BigIntegerField(null=True, verbose_name='audience')),
                ('search_text', models.TextField(blank=True)),
                ('archived_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('active_at', models.DateTimeField(auto_now_add=True)),
                ('changed_xid', models.BigIntegerField(db_default=overture.lib.transactions.ThisTransaction(), editable=False)),
                ('groups', models.ManyToManyField(related_name='prospects', to='overture.group')),
                ('owner', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to='overture.membership')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='overture.partner')),
                ('primary_contact', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='overture.contact')),
                ('workspace', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to='overture.workspace')),
            ],
            options={
                'indexes': [models.Index(models.F('workspace'), models.F('plain_name'), models.F('id'), name='prospect_by_name'), models.Index(condition=models.Q(('owner__isnull', False)), fields=['owner'], name='prospect_by_owner'), models.Index(condition=models.Q(('primary_contact__isnull', False)), fields=['primary_contact'], name='prospect_by_primary'), models.Index(fields=['workspace', 'active_at', 'id'], name='prospect_by_activity'), models.Index(fields=['workspace', 'created_at', 'id'], name='prospect_by_age'), models.Index(fields=['workspace', 'stage'], name='prospect_by_stage'), models.Index(fields=['workspace', 'changed_xid'], name='prospect_changes'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.F('search_text'), name='gin_trgm_ops'), name='prospect_search')],
                'constraints': [models.UniqueConstraint(fields=('workspace', 'partner'), name='one_prospect_per_partner'), models.CheckConstraint(condition=models.Q(('stage__in', ['new', 'outreach', 'negotiating', 'joined', 'expired', 'rejected_by_partner', 'rejected_by_you'])), name='prospect_stage_known')],
            },
        ),
        migrations.CreateModel(
            name='ImportChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.JSONField(null=True)),
                ('added', models.JSONField(default=dict)),
                ('imported', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='overture.import')),
                ('prospect', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.prospect')),
            ],
        ),
        migrations.CreateModel(
            name='SelectionRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('prospect', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.prospect')),
                ('selection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='overture.selection')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('selection', 'prospect'), name='chosen_once')],
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=10000, verbose_name='note')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to='overture.membership')),
                ('mentions', models.ManyToManyField(related_name='+', to='overture.membership')),
                ('prospect', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='overture.prospect')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='Mailing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sender_name', models.CharField(blank=True, max_length=120, verbose_name='sender name')),
                ('reply_to', models.CharField(blank=True, max_length=320, verbose_name='reply-to')),
                ('subject', models.TextField(blank=True, max_length=1000, verbose_name='subject')),
                ('content', models.TextField(blank=True, verbose_name='content')),
                ('language', models.CharField(choices=[('en', 'English'), ('fr', 'Français')], default='en', max_length=2, verbose_name='language')),
                ('contact_policy', models.CharField(choices=[('hold', 'Hold'), ('override', 'Override')], default='hold', max_length=8)),
                ('audience', models.JSONField(default=dict)),
                ('is_single', models.BooleanField(default=False)),
                ('in_reply_to', models.CharField(blank=True, db_default='', default='', max_length=500)),
                ('references', models.JSONField(db_default=models.Value([], models.JSONField()), default=list)),
                ('draft_version', models.PositiveIntegerField(default=1)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('prepared', 'Prepared'), ('scheduled', 'Scheduled'), ('sending', 'Sending'), ('paused', 'Paused'), ('cancelled', 'Cancelled'), ('done', 'Done')], default='draft', max_length=10)),
                ('reason', models.CharField(blank=True, max_length=40)),
                ('reason_facts', models.JSONField(default=dict)),
                ('reason_words', models.CharField(blank=True, max_length=500)),
                ('approved_at', models.DateTimeField(null=True)),
                ('scheduled_at', models.DateTimeField(null=True)),
                ('starts_at', models.DateTimeField(null=True)),
                ('watched_from', models.DateTimeField(null=True)),
                ('done_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('attachments', models.ManyToManyField(related_name='mailings', to='overture.attachment')),
                ('mailbox', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='overture.mailbox')),
                ('to_contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='overture.contact')),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='overture.membership')),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to='overture.membership')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.workspace')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'sending')), fields=['mailbox'], name='mailing_sending'), models.Index(condition=models.Q(('state', 'scheduled')), fields=['starts_at'], name='mailing_scheduled'), models.Index(fields=['workspace', '-updated_at'], name='mailing_latest')],
            },
        ),
        migrations.CreateModel(
            name='SearchedMailing',
            fields=[
                ('mailing', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='searched', serialize=False, to='overture.mailing')),
            ],
        ),
        migrations.CreateModel(
            name='Manifest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('draft_version', models.PositiveIntegerField()),
                ('sender_address', models.CharField(max_length=320)),
                ('sender_name', models.CharField(max_length=120)),
                ('reply_to', models.CharField(blank=True, max_length=320)),
                ('subject', models.TextField()),
                ('content', models.TextField()),
                ('language', models.CharField(max_length=2)),
                ('contact_policy', models.CharField(max_length=8)),
                ('origin', models.CharField(default='prospects', max_length=10)),
                ('brand', models.CharField(max_length=120)),
                ('postal_address', models.TextField(blank=True)),
                ('ads', models.JSONField(default=dict)),
                ('in_reply_to', models.CharField(blank=True, db_default='', default='', max_length=500)),
                ('references', models.JSONField(db_default=models.Value([], models.JSONField()), default=list)),
                ('recipients', models.PositiveIntegerField(default=0)),
                ('queued', models.PositiveIntegerField(default=0)),
                ('skipped', models.JSONField(default=dict)),
                ('matched', models.PositiveIntegerField(default=0)),
                ('finishes_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('attachments', models.ManyToManyField(related_name='manifests', to='overture.attachment')),
                ('mailbox', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='overture.mailbox')),
                ('mailing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='manifests', to='overture.mailing')),
            ],
        ),
        migrations.CreateModel(
            name='Queued',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first', models.BigIntegerField()),
                ('last', models.BigIntegerField()),
                ('due_at', models.DateTimeField()),
                ('mailing', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='overture.mailing')),
            ],
            options={
                'indexes': [models.Index(fields=['mailing', 'due_at', 'first'], name='queued_due')],
            },
        ),
        migrations.CreateModel(
            name='Activity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(max_length=40)),
                ('facts', models.JSONField(default=dict)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('xid', models.BigIntegerField(db_default=overture.lib.transactions.ThisTransaction(), editable=False, null=True)),
                ('mailing', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, to='overture.mailing')),
                ('member', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to='overture.membership')),
                ('prospect', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, to='overture.prospect')),
                ('workspace', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, to='overture.workspace')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('prospect__isnull', False)), fields=['prospect', '-id'], name='activity_of_prospect'), models.Index(condition=models.Q(('mailing__isnull', False)), fields=['mailing', '-id'], name='activity_of_mailing'), models.Index(fields=['workspace', '-id'], name='activity_of_workspace'), models.Index(condition=models.Q(('member__isnull', False)), fields=['member'], name='activity_of_member'), models.Index(condition=models.Q(('verb__in', ('message_received', 'reply_received', 'file_blocked', 'stage_changed', 'stage_moved', 'mailing_done', 'opted_out'))), fields=['workspace', 'xid'], name='activity_told')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.CharField(blank=True, max_length=320)),
                ('address_key', models.CharField(blank=True, max_length=32)),
                ('mpid', models.BigIntegerField()),
                ('company_name', models.CharField(max_length=200)),
                ('first_name', models.CharField(blank=True, max_length=100)),
                ('last_name', models.CharField(blank=True, max_length=100)),
                ('state', models.CharField(choices=[('queued', 'Queued'), ('sending', 'Sending'), ('deferred', 'Deferred'), ('sent', 'Sent'), ('failed', 'Failed'), ('skipped', 'Skipped'), ('cancelled', 'Cancelled'), ('unknown', 'Unknown')], max_length=10)),
                ('reason', models.CharField(blank=True, max_length=40)),
                ('smtp_reply', models.CharField(blank=True, max_length=500)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('has_address_alone', models.BooleanField(db_default=True, default=True)),
                ('due_at', models.DateTimeField(null=True)),
                ('lease', models.UUIDField(null=True)),
                ('leased_until', models.DateTimeField(null=True)),
                ('claimed_at', models.DateTimeField(null=True)),
                ('first_tried_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('delivered_at', models.DateTimeField(null=True)),
                ('replied_at', models.DateTimeField(null=True)),
                ('bounced_at', models.DateTimeField(null=True)),
                ('bounce_kind', models.CharField(blank=True, max_length=10)),
                ('complained_at', models.DateTimeField(null=True)),
                ('opted_out_at', models.DateTimeField(null=True)),
                ('changed_at', models.DateTimeField(auto_now_add=True)),
                ('contact', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to='overture.contact')),
                ('mailing', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='overture.mailing')),
                ('manifest', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='overture.manifest')),
                ('partner', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to='overture.partner')),
                ('prospect', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to='overture.prospect')),
                ('workspace', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, to='overture.workspace')),
            ],
            options={
                'indexes': [models.Index(fields=['mailing', 'id'], name='delivery_of_mailing'), models.Index(condition=models.Q(('address_key', ''), _negated=True), fields=['address_key'], name='delivery_address')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'sending', 'deferred', 'sent', 'failed', 'skipped', 'cancelled', 'unknown'])), name='delivery_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'sending'), _negated=True), ('lease__isnull', False), _connector='OR'), name='sending_has_lease'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['queued', 'deferred']), _negated=True), ('due_at__isnull', False), _connector='OR'), name='waiting_has_due'), models.UniqueConstraint(fields=('prospect', 'manifest'), name='one_delivery_per_prospect'), models.UniqueConstraint(condition=models.Q(('has_address_alone', True)), fields=('manifest', 'address_key'), name='one_delivery_per_address')],
            },
        ),
        migrations.CreateModel(
            name='SentCopy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_id', models.CharField(max_length=500)),
                ('is_ours', models.BooleanField(default=False)),
                ('found_at', models.DateTimeField(auto_now_add=True)),
                ('delivery', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='sent_copy', to='overture.delivery')),
                ('mailbox', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to='overture.mailbox')),
            ],
            options={
                'indexes': [models.Index(fields=['mailbox', 'message_id'], name='sent_copy_message_id')],
            },
        ),
        migrations.CreateModel(
            name='Suppression',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address_key', models.CharField(max_length=32)),
                ('address', models.CharField(blank=True, max_length=320, verbose_name='address')),
                ('reason', models.CharField(choices=[('opted_out', 'Opted out'), ('bounced', 'Bounced'), ('complained', 'Complained'), ('by_hand', 'By hand')], max_length=12, verbose_name='reason')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='note')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('lifted_at', models.DateTimeField(null=True)),
                ('lifted_because', models.CharField(blank=True, max_length=500)),
                ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='overture.membership')),
                ('delivery', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to='overture.delivery')),
                ('lifted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='overture.membership')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.workspace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('lifted_at', None)), fields=('workspace', 'address_key'), name='one_suppression_per_address')],
            },
        ),
        migrations.CreateModel(
            name='GivenId',
            fields=[
                ('delivery', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='overture.delivery')),
                ('given_id', models.CharField(max_length=200)),
            ],
            options={
                'indexes': [models.Index(fields=['given_id'], name='delivery_given_id')],
            },
        ),
        migrations.CreateModel(
            name='MessageRunRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sent', 'Sent'), ('held', 'Held back')], max_length=7)),
                ('reason', models.CharField(blank=True, max_length=40)),
                ('message_run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='overture.messagerun')),
                ('prospect', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.prospect')),
            ],
            options={
                'indexes': [models.Index(fields=['message_run', 'state', 'id'], name='message_run_row_state')],
                'constraints': [models.UniqueConstraint(fields=('message_run', 'prospect'), name='messaged_once_per_run'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'sent', 'held'])), name='message_run_row_state_known')],
            },
        ),
        migrations.CreateModel(
            name='Mail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('folder', models.CharField(choices=[('inbox', 'Inbox'), ('sent', 'Sent')], default='inbox', max_length=5)),
                ('uidvalidity', models.BigIntegerField()),
                ('uid', models.BigIntegerField()),
                ('header_message_id', models.CharField(blank=True, max_length=500)),
                ('fingerprint', models.CharField(max_length=32)),
                ('kind', models.CharField(choices=[('reply', 'Reply'), ('other', 'Other'), ('automatic', 'Automatic answer'), ('bounce', 'Bounce'), ('complaint', 'Complaint')], max_length=9)),
                ('state', models.CharField(choices=[('matched', 'Matched'), ('unmatched', 'Unmatched'), ('settled', 'Settled')], max_length=9)),
                ('sender_address', models.CharField(blank=True, max_length=320)),
                ('sender_name', models.CharField(blank=True, max_length=200)),
                ('subject', models.CharField(blank=True, max_length=1000, verbose_name='subject')),
                ('received_at', models.DateTimeField()),
                ('size', models.BigIntegerField(default=0)),
                ('raw', models.CharField(blank=True, max_length=200)),
                ('other_files', models.JSONField(default=list)),
                ('facts', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='overture.contact')),
                ('delivery', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='mails', to='overture.delivery')),
                ('mailbox', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mails', to='overture.mailbox')),
                ('partner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='overture.partner')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.workspace')),
            ],
            options={
                'indexes': [models.Index(fields=['mailbox', 'header_message_id'], name='mail_message_id'), models.Index(fields=['partner', '-received_at'], name='mail_of_partner'), models.Index(condition=models.Q(('state', 'unmatched')), fields=['workspace', '-received_at'], name='mail_unmatched'), models.Index(condition=models.Q(('raw', ''), _negated=True), fields=['created_at'], name='mail_with_raw')],
                'constraints': [models.UniqueConstraint(fields=('mailbox', 'fingerprint'), name='one_mail_per_fingerprint')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('brand', 'Brand'), ('partner', 'Partner')], max_length=7)),
                ('way', models.CharField(choices=[('message', 'Message'), ('email', 'Email')], db_default='message', default='message', max_length=7)),
                ('text', models.TextField(blank=True, max_length=20000, verbose_name='message')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('edited_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('noticed_at', models.DateTimeField(null=True)),
                ('attachments', models.ManyToManyField(related_name='messages', to='overture.attachment')),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='overture.membership')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('noticed_at', None)), fields=['created_at'], name='message_unnoticed')],
                'constraints': [models.CheckConstraint(condition=models.Q(('side__in', ['brand', 'partner'])), name='message_side_known'), models.CheckConstraint(condition=models.Q(('member__isnull', False), ('user__isnull', False), _negated=True), name='message_one_author'), models.CheckConstraint(condition=models.Q(('way__in', ['message', 'email'])), name='message_way_known')],
            },
        ),
        migrations.CreateModel(
            name='Conversation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('last_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('top_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('last_in_at', models.DateTimeField(null=True)),
                ('last_out_at', models.DateTimeField(null=True)),
                ('among', models.CharField(choices=[('prospects', 'Prospects'), ('partners', 'Partners'), ('creators', 'Creators')], db_default='prospects', default='prospects', max_length=9)),
                ('snoozed_until', models.DateTimeField(null=True)),
                ('done_at', models.DateTimeField(null=True)),
                ('spam_at', models.DateTimeField(null=True)),
                ('state', models.GeneratedField(db_persist=True, expression=models.Case(models.When(spam_at__isnull=False, then=models.Value('spam')), models.When(done_at__isnull=False, then=models.Value('done')), models.When(snoozed_until__isnull=False, then=models.Value('snoozed')), default=models.Value('open')), output_field=models.CharField(choices=[('open', 'Open'), ('snoozed', 'Snoozed'), ('done', 'Done'), ('spam', 'Spam')], max_length=7))),
                ('blocked_at', models.DateTimeField(null=True)),
                ('reported_at', models.DateTimeField(null=True)),
                ('version', models.BigIntegerField(default=0)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('assignee', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='overture.membership')),
                ('last_message', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='overture.message')),
                ('top_message', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='overture.message')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='overture.partner')),
                ('prospect', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to='overture.prospect')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='overture.workspace')),
            ],
            options={
                'indexes': [models.Index(fields=['workspace', 'state', '-top_at', '-id'], name='conversation_latest'), models.Index(fields=['workspace', 'state', 'among', '-top_at', '-id'], name='conversation_among'), models.Index(condition=models.Q(('assignee__isnull', False)), fields=['assignee', 'state', '-top_at', '-id'], name='conversation_of_assignee'), models.Index(condition=models.Q(('snoozed_until__isnull', False)), fields=['snoozed_until'], name='conversation_snoozed'), models.Index(fields=['partner', '-last_at', '-id'], name='conversation_of_partner')],
                'constraints': [models.UniqueConstraint(fields=('workspace', 'partner'), name='one_conversation_per_partner')],
            },
        ),
        migrations.CreateModel(
            name='Received',
            fields=[
                ('message', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='received', serialize=False, to='overture.message')),
                ('sender_name', models.CharField(blank=True, max_length=200)),
                ('sender_address', models.CharField(blank=True, max_length=320)),
                ('subject', models.CharField(blank=True, max_length=1000, verbose_name='subject')),
                ('quoted', models.TextField(blank=True)),
                ('html', models.TextField(blank=True)),
                ('is_automatic', models.BooleanField(default=False)),
                ('away_until', models.DateField(null=True)),
                ('other_files', models.JSONField(default=list)),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='overture.contact')),
            ],
        ),
        migrations.CreateModel(
            name='ReadUpTo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('up_to', models.DateTimeField()),
                ('read_at', models.DateTimeField()),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readers', to='overture.conversation')),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='overture.membership')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('member__isnull', False), ('user__isnull', False), _connector='XOR'), name='reader_is_one'), models.UniqueConstraint(condition=models.Q(('member__isnull', False)), fields=('member', 'conversation'), name='read_once_per_member'), models.UniqueConstraint(condition=models.Q(('user__isnull', False)), fields=('user', 'conversation'), name='read_once_per_user')],
            },
        ),
        migrations.CreateModel(
            name='Unread',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='unread', to='overture.conversation')),
                ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='overture.membership')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('member', 'conversation'), name='unread_once_per_member')],
            },
        ),
        migrations.CreateModel(
            name='ThreadWords',
            fields=[
                ('conversation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='overture.conversation')),
                ('names', django.contrib.postgres.search.SearchVectorField()),
                ('texts', django.contrib.postgres.search.SearchVectorField()),
                ('words', models.GeneratedField(db_persist=True, expression=models.Func(models.F('names'), models.F('texts'), arg_joiner=' || ', template='(%(expressions)s)'), output_field=django.contrib.postgres.search.SearchVectorField())),
                ('workspace', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to='overture.workspace')),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['workspace', 'words'], name='thread_words')],
            },
        ),
        migrations.AddField(
            model_name='mailing',
            name='manifest',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='overture.manifest'),
        ),
        migrations.AddField(
            model_name='messagerunrow',
            name='message',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='overture.message'),
        ),
        migrations.AddField(
            model_name='mail',
            name='message',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='mail', to='overture.message'),
        ),
        migrations.AddField(
            model_name='message',
            name='conversation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='overture.conversation'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['conversation', '-created_at', '-id'], name='message_of_conversation'),
        ),
        migrations.RunSQL([*NUMBERS, *ROOM], migrations.RunSQL.noop),
        migrations.RunSQL([CHANGED, PARTNER_CHANGED, PROSPECT_CHANGED, FOLLOW], migrations.RunSQL.noop),
    ]
