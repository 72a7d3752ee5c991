"""Keeps what somebody has begun to write, as they type: one draft for each person and partner."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from overture.accounts.models import Membership, User, Workspace
from overture.conversations.add import LONGEST
from overture.conversations.models import MessageDraft
from overture.directory.models import Partner
from overture.files.models import Attachment


@transaction.atomic
def save_draft(
    partner: Partner,
    text: str,
    attachments: Sequence[Attachment] | None = None,
    *,
    member: Membership | None = None,
    user: User | None = None,
    workspace: Workspace | None = None,
) -> MessageDraft | None:
    """`workspace` with `user`. Without `attachments` the files stay; nothing left, no draft, and None.

    What is too long for a message is cut: the page says so when it is sent.
    """
    kept = text.replace("\0", "").replace("\r\n", "\n")[:LONGEST]
    found = draft_of(partner, member=member, user=user, workspace=workspace)
    files = list(found.attachments.all()) if attachments is None and found else list(attachments or [])
    if not kept.strip() and not files:
        if found:
            found.delete()
        return None
    workspace_id = _workspace_id(member, workspace)
    draft, _ = MessageDraft.objects.update_or_create(
        workspace_id=workspace_id, partner=partner, member=member, user=user, defaults={"text": kept}
    )
    if attachments is not None:
        draft.attachments.set(files)
    return draft


def draft_of(
    partner: Partner,
    *,
    member: Membership | None = None,
    user: User | None = None,
    workspace: Workspace | None = None,
) -> MessageDraft | None:
    workspace_id = _workspace_id(member, workspace)
    rows = MessageDraft.objects.prefetch_related("attachments__stored")
    return rows.filter(workspace_id=workspace_id, partner=partner, member=member, user=user).first()


def _workspace_id(member: Membership | None, workspace: Workspace | None) -> int:
    if member is not None:
        return member.workspace_id
    assert workspace is not None, "a partner's user writes to a workspace"
    return workspace.pk
