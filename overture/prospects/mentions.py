"""Finds which members a text names: @Camille, or @Camille Dupré where there are two."""

from __future__ import annotations

import re

from django.db import connection

from overture.accounts.models import Membership

# So many words may follow an @ as a name; nobody reads further.
_AFTER_AT = re.compile(r"(?<![\w.])@(\w[^\n@]{0,120})")


def mentioned(member: Membership, text: str) -> list[Membership]:
    """Members of the workspace, each once, by their whole name or by a first name that only one has.

    Capitals and accents do not matter.
    """
    after = [_plain(found) for found in _AFTER_AT.findall(text)]
    if not after:
        return []
    colleagues = list(Membership.objects.visible_to(member).select_related("user").order_by("pk"))
    names = {each.pk: _plain(str(each)) for each in colleagues}
    firsts = [name.split(" ")[0] for name in names.values()]
    return [
        each
        for each in colleagues
        if any(_begins(words, names[each.pk]) for words in after)
        or (
            firsts.count(names[each.pk].split(" ")[0]) == 1
            and any(_begins(words, names[each.pk].split(" ")[0]) for words in after)
        )
    ]


def _begins(words: str, name: str) -> bool:
    """Whether the words begin with the name and not with a longer one."""
    return bool(name) and words.startswith(name) and not words[len(name) : len(name) + 1].isalnum()


def _plain(text: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT plain(%s)", [text])
        plain: str = cursor.fetchone()[0]
    return " ".join(plain.split())
