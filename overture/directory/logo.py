"""A partner's logo: a picture, checked and scanned like any file, shown once it is found clean."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from django.db import transaction

from overture.directory.history import note
from overture.directory.models import Partner, PartnerUser
from overture.files.errors import Refused
from overture.files.keep import keep
from overture.files.models import Attachment, FileType, State
from overture.files.names import type_of_name

PICTURES = (FileType.JPEG, FileType.PNG, FileType.GIF)


def choose_logo(mine: PartnerUser, source: BinaryIO, name: str) -> Attachment:
    """Takes the place of the one before. Raises Refused: also no_picture."""
    if type_of_name(name) not in PICTURES:
        raise Refused("no_picture")
    kept = keep(source, name, workspace_id=None, user=mine.user)
    _set(mine, kept)
    return kept


def remove_logo(mine: PartnerUser) -> None:
    _set(mine, None)


def shown_logo(partner: Partner) -> Attachment | None:
    """Nobody sees one that is not clean."""
    if partner.logo_id is None:
        return None
    logo = Attachment.objects.select_related("stored").filter(pk=partner.logo_id).first()
    return logo if logo is not None and logo.is_clean and logo.stored.has_preview else None


def with_logo(partners: Iterable[Partner]) -> set[int]:
    """Those of the listed partners whose logo is shown; no query where none has any."""
    owners = {each.logo_id: each.pk for each in partners if each.logo_id is not None and each.is_listed}
    if not owners:
        return set()
    shown = Attachment.objects.filter(pk__in=owners, stored__state=State.CLEAN, stored__has_preview=True)
    return {owners[number] for number in shown.values_list("pk", flat=True)}


@transaction.atomic
def _set(mine: PartnerUser, logo: Attachment | None) -> None:
    Partner.objects.filter(pk=mine.partner_id).update(logo=logo)
    mine.partner.logo = logo
    note(mine.user, mine.partner, "logo_changed")
