"""A workspace with any number of conversations and messages, made in SQL, for the benchmark of the inbox."""

from typing import Any

from django.db import connection

from benchmarks._ledger import people
from overture.accounts.models import Membership, User

# How often a word is written falls with its rank, as in any language; 20,000 of them.
_WORDS = """
CREATE TEMPORARY TABLE word AS SELECT n, CASE WHEN n <= array_length(known, 1) THEN known[n]
    ELSE translate(left(md5(n::text), 4 + n %% 6), '0123456789', 'eaiouraslt') END AS word
FROM generate_series(1, 20000) n, (SELECT %s::text[] AS known) given
"""
_KNOWN = (
    "the of and to in we you for a is our your with that on can be will would like from have this "
    "are at please thank as it if by rates linen winter guide images december january commission "
    "feature readers campaign newsletter layout send attached offer budget samples Norwegen Épices "
    "prêt été façade"
)
_CONVERSATIONS = """
INSERT INTO overture_conversation (workspace_id, partner_id, prospect_id, last_at, top_at, among, version,
    done_at, assignee_id, created_at)
SELECT p.workspace_id, p.partner_id, p.id, now(), now(), 'prospects', 1,
    CASE WHEN p.id %% 5 = 0 THEN now() END, CASE WHEN p.id %% 50 = 1 THEN %(member)s END, now()
FROM overture_prospect p WHERE p.workspace_id = %(workspace)s
"""
# Half of a message each: picking every word of two million would take an hour.
_PHRASES = """
CREATE TEMPORARY TABLE phrase AS
WITH picked AS MATERIALIZED (
    SELECT p, 1 + floor(power(random(), 4) * 20000)::int AS pick
    FROM generate_series(0, 39999) p, generate_series(1, 8) x WHERE x <= 4 + p %% 5
)
SELECT p AS n, string_agg(word.word, ' ') AS words FROM picked JOIN word ON word.n = picked.pick GROUP BY p
"""
_MESSAGES = """
INSERT INTO overture_message (conversation_id, side, member_id, text, created_at, noticed_at)
SELECT c.id, CASE WHEN k %% 2 = 0 THEN 'brand' ELSE 'partner' END, CASE WHEN k %% 2 = 0 THEN %(member)s END,
    coalesce(one.words, '') || ' ' || coalesce(two.words, ''),
    now() - make_interval(secs => (%(each)s - k) * 86400 + (c.id %% 90) * 40000 + k), now()
FROM overture_conversation c CROSS JOIN generate_series(1, %(each)s) turn (k)
JOIN phrase one ON one.n = (c.id * 7919 + k * 104729) %% 40000
JOIN phrase two ON two.n = (c.id * 15485863 + k * 32452843) %% 40000
WHERE c.workspace_id = %(workspace)s
"""
_NEWEST = """
UPDATE overture_conversation c SET last_message_id = newest.id, top_message_id = newest.id,
    last_at = newest.created_at, top_at = newest.created_at, last_in_at = newest.last_in,
    last_out_at = newest.last_out
FROM (SELECT conversation_id, max(id) AS id, max(created_at) AS created_at,
          max(created_at) FILTER (WHERE side = 'partner') AS last_in,
          max(created_at) FILTER (WHERE side = 'brand') AS last_out
      FROM overture_message GROUP BY conversation_id) newest
WHERE newest.conversation_id = c.id AND c.workspace_id = %(workspace)s
"""
_FOUND_BY = """
INSERT INTO overture_threadwords (conversation_id, workspace_id, names, texts)
SELECT c.id, c.workspace_id, inbox_words(p.search_text), strip(inbox_words(said.text))
FROM overture_conversation c JOIN overture_prospect p ON p.id = c.prospect_id
JOIN (SELECT conversation_id, string_agg(text, ' ') AS text FROM overture_message GROUP BY 1) said
  ON said.conversation_id = c.id
WHERE c.workspace_id = %(workspace)s
"""
_UNREAD = """
INSERT INTO overture_unread (member_id, conversation_id, at)
SELECT %(member)s, id, last_in_at FROM overture_conversation
WHERE workspace_id = %(workspace)s AND last_in_at IS NOT NULL AND done_at IS NULL
  AND id %% %(every)s = %(every)s - 1
"""
_READ = """
INSERT INTO overture_readupto (conversation_id, member_id, up_to, read_at)
SELECT id, %(member)s, last_in_at, now() FROM overture_conversation
WHERE workspace_id = %(workspace)s AND last_in_at IS NOT NULL
"""
_INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
WHERE tablename IN ('overture_message', 'overture_threadwords') AND indexdef NOT LIKE '%%UNIQUE%%'
"""


def make_threads(member: Membership, count: int, each: int) -> Membership:
    """`count` threads of `each` messages; a twentieth unread. Answers a colleague who has read nothing."""
    people(member, count)
    colleague = Membership.objects.create(
        workspace_id=member.workspace_id,
        user=User.objects.create(email="behind@halden.example", name="Camille"),
        role="manager",
    )
    facts = {"workspace": member.workspace_id, "member": member.pk, "each": each}
    with connection.cursor() as cursor:
        cursor.execute(_WORDS, [_KNOWN.split()])
        cursor.execute("CREATE INDEX ON word (n)")
        cursor.execute(_PHRASES, [])
        cursor.execute("ANALYZE word, phrase")
        cursor.execute(_CONVERSATIONS, facts)
        cursor.execute(_INDEXES)
        indexes: list[Any] = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        for statement in (_MESSAGES, _NEWEST, _FOUND_BY, _READ):
            cursor.execute(statement, facts)
        for _, definition in indexes:
            cursor.execute(definition)
        cursor.execute(_UNREAD, {**facts, "every": 20})
        cursor.execute(_UNREAD, {**facts, "member": colleague.pk, "every": 1})
        cursor.execute("VACUUM ANALYZE")
    return colleague
