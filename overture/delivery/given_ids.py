"""Ids that relays gave to e-mails when they took them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from overture.delivery.models import GivenId
from overture.lib.steps import Steps
from overture.mailboxes.relays.kinds import ACCEPTED

# Amazon writes its id into the Message-ID, in a domain of its own.
_AMAZON = ".amazonses.com"


def note_given(replies: Iterable[tuple[int, str]]) -> Steps[None]:
    """Of these sent deliveries, by what the relay answered. The same again changes nothing."""
    given = {number: reply.removeprefix(ACCEPTED) for number, reply in replies if reply.startswith(ACCEPTED)}
    if given:
        yield (
            """INSERT INTO overture_givenid (delivery_id, given_id)
            SELECT * FROM unnest(%s::bigint[], %s::text[]) ON CONFLICT DO NOTHING""",
            [list(given), list(given.values())],
        )


def deliveries_given(workspace_id: int, ids: Sequence[str]) -> list[int]:
    """Of this workspace, whose e-mail has one of these ids: a relay's own, or a Message-ID made of it."""
    texts = [text for each in ids if (text := _given_id(each))]
    rows = GivenId.objects.filter(given_id__in=texts, delivery__workspace=workspace_id) if texts else []
    return [row.delivery_id for row in rows]


def given_among(workspace_id: int, ids: Iterable[str]) -> set[str]:
    """Those of these ids by which `deliveries_given` finds an e-mail."""
    texts = {each: _given_id(each) for each in ids}
    rows = GivenId.objects.filter(given_id__in=set(texts.values()) - {""}, delivery__workspace=workspace_id)
    known = set(rows.values_list("given_id", flat=True))
    return {each for each, text in texts.items() if text in known}


def _given_id(text: str) -> str:
    text = text.strip().strip("<>")
    local, _, domain = text.partition("@")
    return local if domain.endswith(_AMAZON) else text
