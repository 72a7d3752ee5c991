"""A draft becomes a manifest not yet kept; a manifest becomes the letter that preview and sending share."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, cast

from django.conf import settings

from overture import compose
from overture.ads.models import Ad
from overture.compose import AdCode, Known, Language, Letter
from overture.delivery import wording
from overture.delivery.errors import DraftError
from overture.delivery.models import Mailing, Manifest
from overture.prospects.models import Selection


def freeze(mailing: Mailing) -> tuple[Manifest, Letter]:
    """The draft as it stands, with the ads it names. Raises DraftError and compose.ComposeErrors."""
    if mailing.mailbox is None:
        raise DraftError("mailbox", "missing")
    manifest = Manifest(
        mailing=mailing,
        draft_version=mailing.draft_version,
        mailbox=mailing.mailbox,
        sender_address=mailing.mailbox.address,
        sender_name=mailing.sender_name or mailing.mailbox.sender_name or mailing.workspace.name,
        reply_to=mailing.reply_to,
        subject=mailing.subject,
        content=mailing.content,
        language=mailing.language,
        contact_policy=mailing.contact_policy,
        origin=origin_of(mailing),
        brand=mailing.workspace.name,
        postal_address=mailing.workspace.postal_address,
        in_reply_to=mailing.in_reply_to,
        references=mailing.references,
    )
    return manifest, _compiled(mailing, manifest)


def letter_of(manifest: Manifest) -> Letter:
    """The letter of a manifest, from what was frozen alone."""
    ads = {int(number): AdCode(**facts) for number, facts in manifest.ads.items()}
    return compose.compile(manifest.subject, manifest.content, _known(manifest, ads))


def origin_of(mailing: Mailing) -> str:
    """The list the audience was chosen in: prospects or partners."""
    audience = mailing.audience
    if "selection" in audience:
        chosen = Selection.objects.filter(pk=audience["selection"], workspace_id=mailing.workspace_id)
        return chosen.values_list("origin", flat=True).first() or "prospects"
    return str(audience.get("from") or "prospects")


def live_known(mailing: Mailing) -> Known:
    """What a draft may name today: for checks while one writes."""
    manifest = Manifest(
        mailing=mailing,
        sender_address=mailing.mailbox.address if mailing.mailbox else "",
        reply_to=mailing.reply_to,
        language=mailing.language,
        origin=origin_of(mailing),
        brand=mailing.workspace.name,
        postal_address=mailing.workspace.postal_address,
    )
    return _known(manifest, *_ads(mailing.workspace_id))


def _compiled(mailing: Mailing, manifest: Manifest) -> Letter:
    ads, inactive = _ads(mailing.workspace_id)
    known = _known(manifest, ads, inactive)
    letter = compose.compile(manifest.subject, manifest.content, known)
    manifest.ads = {str(number): asdict(ads[number]) for number in sorted(letter.ads)}
    return letter


def _known(manifest: Manifest, ads: dict[int, AdCode], ended: frozenset[int] = frozenset()) -> Known:
    contact = manifest.reply_to or manifest.sender_address
    return Known(
        language=cast(Language, manifest.language),
        tracking_base=settings.OVERTURE_TRACKING_URL,
        ads=ads,
        ended=ended,
        postal_address=manifest.postal_address,
        why=wording.why(manifest.language, manifest.origin, manifest.brand, contact),
    )


def _ads(workspace_id: int) -> tuple[dict[int, AdCode], frozenset[int]]:
    """The ad codes that may stand in it now, and the ads that have one but may not."""
    ads = Ad.objects.filter(workspace_id=workspace_id)
    return {ad.pk: _code(ad) for ad in ads.active()}, frozenset(ads.inactive().values_list("pk", flat=True))


def _code(ad: Ad) -> AdCode:
    kind: Any = ad.kind
    return AdCode(
        kind=kind,
        program=str(ad.program_id),
        text=ad.text,
        has_image=bool(ad.image),
        width=ad.width,
        height=ad.height,
        alt=ad.alt,
        name=ad.name,
    )
