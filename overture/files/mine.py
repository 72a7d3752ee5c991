"""The files that a person gave and that nothing holds yet: what they may attach."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings

from overture.accounts.models import Membership, User
from overture.files.errors import Refused
from overture.files.models import Attachment


def mine(
    attachment_ids: Iterable[int | str], *, member: Membership | None = None, user: User | None = None
) -> list[Attachment]:
    """In the order given, each once. Raises Refused: too_many, or unknown_file for what is not theirs.

    What only their own draft holds is theirs still.
    """
    if (member is None) == (user is None):
        raise TypeError("exactly one of member and user attaches a file")
    numbers = list(dict.fromkeys(_number(each) for each in attachment_ids))
    if len(numbers) > settings.OVERTURE_FILES_PER_MESSAGE:
        raise Refused("too_many", {"most": settings.OVERTURE_FILES_PER_MESSAGE})
    rows = Attachment.objects.given_by(member=member, user=user).unsent().select_related("stored")
    found = rows.in_bulk(numbers)
    if len(found) != len(numbers):
        raise Refused("unknown_file")
    return [found[number] for number in numbers]


def _number(given: int | str) -> int:
    try:
        number = int(given)
    except ValueError:
        number = 0
    if not 0 < number < 2**63:
        raise Refused("unknown_file")
    return number
