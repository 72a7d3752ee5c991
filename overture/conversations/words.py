"""Keeps what a conversation is found by: names, messages, names of files, e-mails sent; without accents and
capitals."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from overture.conversations.models import SearchedMailing
from overture.delivery.models import Mailing

# A tsvector holds a megabyte. A thread that has this much is found by what was written until then.
_MOST = 500_000
_SLICE = 2_000
# What all recipients read: without tags, tokens and entities.
_WRITTEN = "manifest.subject || ' ' || manifest.content"
_LETTER = f"regexp_replace({_WRITTEN}, '<[^>]*>|[{{][^}}]*[}}]|&#?[a-z0-9]+;', ' ', 'gi')"
# Those to a prospect that left, or were tried.
_LETTERS = f"""coalesce((
    SELECT string_agg({_LETTER}, ' ' ORDER BY d.id DESC) FROM overture_delivery d
    JOIN overture_manifest manifest ON manifest.id = d.manifest_id
    WHERE d.prospect_id = c.prospect_id AND d.first_tried_at IS NOT NULL
), '')"""  # noqa: S608
_THREADS = """
SELECT c.id FROM overture_delivery d JOIN overture_conversation c ON c.prospect_id = d.prospect_id
WHERE d.mailing_id = %s AND d.first_tried_at IS NOT NULL ORDER BY c.id
"""
_ADD_LETTER = f"""
UPDATE overture_threadwords SET texts = texts || (
    SELECT strip(inbox_words(left({_LETTER}, %(most)s))) FROM overture_mailing mailing
    JOIN overture_manifest manifest ON manifest.id = mailing.manifest_id WHERE mailing.id = %(mailing)s)
WHERE conversation_id = ANY(%(threads)s) AND octet_length(texts::text) < %(most)s
"""  # noqa: S608


def begin(conversation_id: int) -> None:
    """The row of a new conversation, with the names it is found by, and the e-mails sent before."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO overture_threadwords (conversation_id, workspace_id, names, texts)
            SELECT c.id, c.workspace_id, inbox_words(coalesce(prospect.search_text, partner.name)),
                   strip(inbox_words(left({_LETTERS}, %s)))
            FROM overture_conversation c JOIN overture_partner partner ON partner.id = c.partner_id
            LEFT JOIN overture_prospect prospect ON prospect.id = c.prospect_id
            WHERE c.id = %s ON CONFLICT DO NOTHING""",  # noqa: S608
            [_MOST // 2, conversation_id],
        )


def add(conversation_id: int, text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE overture_threadwords SET texts = texts || strip(inbox_words(%s))
            WHERE conversation_id = %s AND octet_length(texts::text) < %s""",
            [text, conversation_id, _MOST],
        )


def renew(conversation_id: int) -> None:
    """From all messages and e-mails there are: a word that was taken out is not found any more."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE overture_threadwords SET texts = strip(inbox_words(left(coalesce((
                SELECT string_agg(coalesce(r.subject, '') || ' ' || m.text || ' ' || coalesce((
                    SELECT string_agg(a.name, ' ') FROM overture_message_attachments held
                    JOIN overture_attachment a ON a.id = held.attachment_id WHERE held.message_id = m.id
                ), ''), ' ' ORDER BY m.id DESC) FROM overture_message m
                LEFT JOIN overture_received r ON r.message_id = m.id WHERE m.conversation_id = %s
            ), '') || ' ' || {_LETTERS}, %s))) FROM overture_conversation c
            WHERE conversation_id = c.id AND c.id = %s""",  # noqa: S608
            [conversation_id, _MOST // 2, conversation_id],
        )


def add_finished_mailings() -> None:
    """What was e-mailed to those with a thread; in slices, since a mailing may be to a hundred thousand."""
    unknown = Mailing.objects.filter(state=Mailing.State.DONE, searched=None).order_by("done_at", "pk")
    for mailing in unknown.values_list("pk", flat=True):
        for threads in _threads_of(mailing):
            with connection.cursor() as cursor:
                cursor.execute(_ADD_LETTER, {"mailing": mailing, "threads": threads, "most": _MOST})
        SearchedMailing.objects.get_or_create(mailing_id=mailing)


def _threads_of(mailing_id: int) -> Iterator[list[int]]:
    with connection.cursor() as cursor:
        cursor.execute(_THREADS, [mailing_id])
        threads = [number for (number,) in cursor.fetchall()]
    for start in range(0, len(threads), _SLICE):
        yield threads[start : start + _SLICE]
