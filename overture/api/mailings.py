"""/mailings: what a member writes, approves and sends, to one recipient or to 100,000."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from django.shortcuts import get_object_or_404
from ninja import Query, Router
from pydantic import BaseModel, Field

from overture.accounts.models import Membership
from overture.api.bearer import ApiRequest
from overture.api.bodies import LARGEST_ID, ExactMoment, Id, In
from overture.api.paging import Listed, Walk, listed
from overture.delivery import draft, steer
from overture.delivery.approve import LONGEST_UNDO, send
from overture.delivery.attached import files_of, message_size
from overture.delivery.held_back import warnings
from overture.delivery.models import Mailing, Manifest
from overture.delivery.prepare import prepare
from overture.delivery.preview import preview
from overture.delivery.progress import came_back, counts, waits_because
from overture.delivery.schedule import reschedule
from overture.files.models import Attachment
from overture.inbound.coverage import Coverage, replies_of
from overture.mailboxes.sizes import largest_message

router = Router(tags=["Mailings"])
Language = Literal["en", "fr"]
Policy = Literal["hold", "override"]
State = Literal["draft", "prepared", "scheduled", "sending", "paused", "cancelled", "done"]
_AUDIENCE = Field(
    description="{prospects: [ids]}, or {filter: {...}, exclude: [ids], from: prospects | partners}, or "
    "{selection: id}. An empty filter is every prospect that is not archived."
)


class MailingFields(In):
    mailbox: Id | None = Field(None, description="Left out: the first you can send from. null: none yet.")
    sender_name: str | None = Field(None, description="That of the mailbox, else of the workspace.")
    reply_to: str | None = None
    subject: str | None = None
    content: str | None = Field(None, description="HTML; tokens as {firstName|there} or {adcode_12}.")
    language: Language | None = Field(None, description="en unless given.")
    contact_policy: Policy | None = Field(None, description="hold unless given.")
    attachments: list[Id] | None = Field(
        None, description="Files you sent in by POST /files, in their order."
    )

    def written(self) -> dict[str, Any]:
        """What was said as draft.create() wants it: null is nothing said, but for no mailbox."""
        said = {name: value for name, value in self.said().items() if name in MailingFields.model_fields}
        return {name: value for name, value in said.items() if value is not None or name == "mailbox"}


class MailingIn(MailingFields):
    audience: dict[str, Any] = _AUDIENCE


class MailingPatch(In):
    audience: dict[str, Any] | None = None
    mailbox: Id | None = None
    sender_name: str | None = None
    reply_to: str | None = None
    subject: str | None = None
    content: str | None = None
    language: Language | None = None
    contact_policy: Policy | None = None
    attachments: list[Id] | None = Field(None, description="All it shall carry; [] for none.")


class Send(In):
    manifest: Id = Field(description="The id that prepare answered: what you approve is what leaves.")
    undo_seconds: int = Field(10, ge=0, le=LONGEST_UNDO)
    at: ExactMoment | None = Field(
        None, description="RFC 3339 with an offset; it begins then. Left out or null: at once."
    )


class Schedule(In):
    at: ExactMoment | None = Field(description="RFC 3339 with an offset; null: at once.")
    undo_seconds: int = Field(10, ge=0, le=LONGEST_UNDO, description="Of use where `at` is null.")


class Unknown(In):
    left: bool = Field(description="true: it left; false: send it again.")
    deliveries: list[Id] | None = Field(None, description="Left out or null: all unknown ones.")


class Counts(BaseModel):
    queued: int
    sending: int
    deferred: int
    sent: int
    failed: int
    skipped: int
    cancelled: int
    unknown: int


class CameBack(BaseModel):
    replied: int
    delivered: int = Field(description="With evidence alone: the report of a server, or a relay's word.")
    bounced: int
    complained: int
    opted_out: int


class ListedMailing(BaseModel):
    id: int
    state: State
    reason: str
    reason_words: str
    reason_facts: dict[str, Any]
    mailbox: int | None
    sender_name: str
    reply_to: str
    subject: str
    language: Language
    contact_policy: Policy
    manifest: int | None
    author: int | None
    scheduled_at: datetime | None = Field(description="The moment chosen for it; null: at once.")
    starts_at: datetime | None = Field(description="Later than `scheduled_at` where no worker ran then.")
    done_at: datetime | None
    created_at: datetime
    updated_at: datetime


class AttachedFile(BaseModel):
    id: int
    name: str
    size: int
    state: Literal["pending", "clean", "infected", "unscannable"]


class RepliesOut(BaseModel):
    address: str
    are_read: bool = Field(description="false: the address is no mailbox that is read here.")
    read_up_to: datetime | None = Field(description="All that had arrived by then is in its thread.")
    reason: str = Field(description="Why it is not read further; empty when it is.")


class MailingOut(ListedMailing):
    content: str
    attachments: list[AttachedFile]
    audience: dict[str, Any]
    counts: Counts
    came_back: CameBack = Field(description="What is known since they left.")
    waits_because: str = Field(description="A sentence; empty when nothing is in the way.")
    replies: RepliesOut


class Steered(MailingOut):
    leaving: int = Field(description="How many were already on their way when this was asked.")


class ManifestOut(BaseModel):
    id: int
    recipients: int
    queued: int
    skipped: dict[str, int]
    finishes_at: datetime | None
    warnings: list[str]
    attachments: list[AttachedFile] = Field(description="Nothing leaves before each of them is clean.")
    message_size: int = Field(description="Bytes of one e-mail, files as they travel, or a little more.")
    largest_message: int | None = Field(description="What the mailbox's server takes, where it is known.")


class PreviewOut(BaseModel):
    subject: str
    html: str
    text: str
    held_back: str = Field(description="The code for which it is skipped; empty for who gets it.")
    lacks: list[str] = Field(description="Tokens without a value and without a fallback.")


class Resolved(BaseModel):
    resolved: int


@router.get("", response=Listed[ListedMailing])
def list_mailings(request: ApiRequest, walk: Query[Walk], state: State | None = None) -> Any:
    # Content and ids of a hundred thousand recipients are told of one mailing, not of a page of them.
    rows = Mailing.objects.visible_to(request.member).defer("content", "audience")
    return listed(rows.filter(state=state) if state else rows, walk, _shown)


@router.post("", response={201: MailingOut})
def draft_mailing(request: ApiRequest, body: MailingIn) -> Any:
    """A draft: nothing leaves before it is prepared and sent."""
    return one(draft.create(request.member, audience=body.audience, **body.written()))


@router.get("/{int:mailing}", response=MailingOut)
def get_mailing(request: ApiRequest, mailing: int) -> Any:
    """`done` when none is queued, sending or deferred. The counts add up to the recipients."""
    return one(_find(request.member, mailing))


@router.patch("/{int:mailing}", response=MailingOut)
def edit_mailing(request: ApiRequest, mailing: int, body: MailingPatch) -> Any:
    """What is left out or null stays, but a null mailbox is none. A change makes the manifest out of date."""
    said = {name: value for name, value in body.said().items() if value is not None or name == "mailbox"}
    return one(draft.edit(request.member, _find(request.member, mailing), **said))


@router.delete("/{int:mailing}", response={204: None})
def discard_mailing(request: ApiRequest, mailing: int) -> Any:
    """A draft, or one prepared and not sent."""
    draft.discard(request.member, _find(request.member, mailing))
    return None


@router.post("/{int:mailing}/manifest", response=ManifestOut)
def prepare_mailing(request: ApiRequest, mailing: int) -> Any:
    """Freezes content and recipients: who gets it, who does not and why, and when it will be done."""
    return _manifest(prepare(request.member, _find(request.member, mailing)))


@router.get("/{int:mailing}/manifest", response=ManifestOut)
def get_manifest(request: ApiRequest, mailing: int) -> Any:
    """The one that stands."""
    row = _find(request.member, mailing)
    return _manifest(get_object_or_404(Manifest, mailing=row, pk=row.manifest_id))


@router.get("/{int:mailing}/preview", response=PreviewOut)
def preview_mailing(
    request: ApiRequest, mailing: int, prospect: Annotated[int, Query(ge=1, le=LARGEST_ID)]
) -> Any:
    """What this prospect gets, to the letter once it is prepared; dates are a forecast."""
    found = preview(request.member, _find(request.member, mailing), prospect)
    told = {name: getattr(found.rendered, name) for name in ("subject", "html", "text")}
    return told | {"held_back": found.held_back, "lacks": list(found.lacks)}


@router.post("/{int:mailing}/send", response=MailingOut)
def send_mailing(request: ApiRequest, mailing: int, body: Send) -> Any:
    """Approves a manifest. 409 when something changed since; nothing leaves before `at` or `undo_seconds`."""
    row = _find(request.member, mailing)
    return one(send(request.member, row, body.manifest, body.undo_seconds, body.at))


@router.post("/{int:mailing}/schedule", response=MailingOut)
def schedule_mailing(request: ApiRequest, mailing: int, body: Schedule) -> Any:
    """Another moment for what was sent with `at` and has not begun, or was held because it missed it."""
    row = _find(request.member, mailing)
    return one(reschedule(request.member, row, body.at, body.undo_seconds))


@router.post("/{int:mailing}/undo", response=MailingOut)
def undo_mailing(request: ApiRequest, mailing: int) -> Any:
    """Before it begins (within `undo_seconds`, or before `at`): as if it had not been sent."""
    return one(steer.undo(request.member, _find(request.member, mailing)))


@router.post("/{int:mailing}/pause", response=Steered)
def pause_mailing(request: ApiRequest, mailing: int) -> Any:
    """Nothing more leaves after the answer."""
    row = _find(request.member, mailing)
    leaving = steer.pause(request.member, row)
    return one(_find(request.member, mailing)) | {"leaving": leaving}


@router.post("/{int:mailing}/resume", response=MailingOut)
def resume_mailing(request: ApiRequest, mailing: int) -> Any:
    return one(steer.resume(request.member, _find(request.member, mailing)))


@router.post("/{int:mailing}/cancel", response=Steered)
def cancel_mailing(request: ApiRequest, mailing: int) -> Any:
    """What has not left never will."""
    leaving = steer.cancel(request.member, _find(request.member, mailing))
    return one(_find(request.member, mailing)) | {"leaving": leaving}


@router.post("/{int:mailing}/unknown", response=Resolved)
def resolve_unknown(request: ApiRequest, mailing: int, body: Unknown) -> Any:
    """Nobody can tell whether these left: say what you found, or have them sent again."""
    row = _find(request.member, mailing)
    ids = body.deliveries
    return {"resolved": steer.resolve_unknown(request.member, row, left=body.left, delivery_ids=ids)}


def _find(member: Membership, number: int) -> Mailing:
    found: Mailing = get_object_or_404(Mailing.objects.visible_to(member), pk=number)
    return found


def _shown(mailings: Sequence[Mailing]) -> list[dict[str, Any]]:
    keys = {"mailbox", "manifest", "author"}
    return [
        {name: getattr(row, f"{name}_id" if name in keys else name) for name in ListedMailing.model_fields}
        for row in mailings
    ]


def one(row: Mailing) -> dict[str, Any]:
    told = {
        "content": row.content,
        "attachments": _files(files_of(row)),
        "audience": row.audience,
        "counts": counts(row),
        "came_back": came_back(row),
        "waits_because": waits_because(row),
        "replies": _replies(row),
    }
    return _shown([row])[0] | told


def _replies(row: Mailing) -> dict[str, Any]:
    found = replies_of(row)
    coverage = found.coverage or Coverage()
    return {
        "address": found.address,
        "are_read": found.coverage is not None,
        "read_up_to": coverage.read_up_to,
        "reason": coverage.reason,
    }


def _manifest(manifest: Manifest) -> dict[str, Any]:
    files, same = files_of(manifest), ("id", "recipients", "queued", "skipped", "finishes_at")
    return {name: getattr(manifest, name) for name in same} | {
        "warnings": warnings(manifest),
        "attachments": _files(files),
        "message_size": message_size(manifest.mailing, files),
        "largest_message": largest_message(manifest.mailbox),
    }


def _files(files: Sequence[Attachment]) -> list[dict[str, Any]]:
    return [
        {"id": each.pk, "name": each.name, "size": each.stored.size, "state": each.state} for each in files
    ]
