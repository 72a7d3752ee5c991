"""Keeps what a prospect is found by: name, website, contacts, and the addresses that may be shown."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

# What a row with the columns of a prospect, called `prospect`, is found by. The rule of shown_address() in
# SQL: custom contacts in full; those of the partner's own account only once joined or once they wrote here.
# An obfuscated one is not found by what it hides. Said by coalesce(), so that no plan goes through all
# contacts of the workspace for each prospect.
WORDS = """
plain(concat_ws(' ', prospect.name, NULLIF(prospect.website, ''), (
    SELECT string_agg(NULLIF(concat_ws(' ', NULLIF(contact.first_name, ''), NULLIF(contact.last_name, ''),
        CASE WHEN contact.workspace_id IS NOT NULL OR prospect.stage = 'joined'
            OR EXISTS (SELECT FROM overture_wrote AS wrote WHERE wrote.workspace_id = prospect.workspace_id
                AND wrote.address_key = contact.address_key)
            THEN NULLIF(contact.address, '') END), ''), ' ' ORDER BY contact.id)
    FROM overture_contact AS contact
    WHERE contact.partner_id = prospect.partner_id AND contact.erased_at IS NULL
      AND coalesce(contact.workspace_id, prospect.workspace_id) = prospect.workspace_id
)))
"""
_REFRESH = f"""
WITH wanted AS (
    SELECT prospect.id, {WORDS} AS words FROM overture_prospect AS prospect WHERE prospect.id = ANY(%s)
)
UPDATE overture_prospect AS prospect SET search_text = wanted.words
FROM wanted WHERE wanted.id = prospect.id AND prospect.search_text IS DISTINCT FROM wanted.words
"""  # noqa: S608

_REFRESH_PARTNERS = _REFRESH.replace("prospect.id = ANY", "prospect.partner_id = ANY")


def refresh(ids: Iterable[int]) -> int:
    """Writes `search_text` of these prospects anew where it changed; one statement. How many changed."""
    numbers = list(ids)
    if not numbers:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_REFRESH, [numbers])
        return int(cursor.rowcount)


def refresh_partners(partners: Iterable[int]) -> int:
    """The same for all prospects of these partners, whosever: their own account's contacts changed."""
    numbers = list(partners)
    if not numbers:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_REFRESH_PARTNERS, [numbers])
        return int(cursor.rowcount)
