"""The one place that decides what a member may see of an address."""

from __future__ import annotations

import re

from django.db.models import Exists, OuterRef

from overture.accounts.models import Membership
from overture.lib.addresses import obfuscate
from overture.prospects.models import Wrote


def shown_address(
    member: Membership, address: str, *, is_custom: bool, has_joined: bool, has_written: bool
) -> str:
    """In full what the workspace brought itself, who joined and who wrote to it; else `m•••@example.com`.

    `member` is of the workspace whose row it is: a custom contact of another workspace is never passed here.
    """
    if not address or is_custom or has_joined or has_written:
        return address
    return obfuscate(address)


def has_written(member: Membership) -> Exists:
    """To annotate rows with an `address_key` by: whether this address wrote to the member's workspace."""
    return Exists(Wrote.objects.visible_to(member).filter(address_key=OuterRef("address_key")))


def shown_words(words: str, address: str, shown: str) -> str:
    """A server's answer, which often repeats an address or its local part: no clearer than `shown`."""
    if shown == address:
        return words
    words = re.sub(re.escape(address), lambda _: shown, words, flags=re.IGNORECASE)
    local = address.rpartition("@")[0]
    # As a word of its own: the local part `m` stands in half of all others.
    as_word = rf"(?<![^\W_]){re.escape(local)}(?![^\W_])"
    return re.sub(as_word, "•••", words, flags=re.IGNORECASE) if local else words
