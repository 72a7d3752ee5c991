"""The files of a reply: those chosen before, and those that come with the form itself."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from overture.accounts.models import Membership
from overture.files.errors import Refused
from overture.files.mine import mine
from overture.files.models import Attachment
from overture.files.wording import refusal_words
from overture.web.uploads import Kept, keep_sent


@dataclass(frozen=True)
class Given:
    """What can be attached; `kept`: what became of files sent with the form; `problem`: why it stops here."""

    attachments: list[Attachment]
    kept: list[Kept]
    problem: str = ""


def given(request: HttpRequest, member: Membership) -> Given:
    """`attachments` by number, `files` as files; one that is refused stops the message."""
    kept = keep_sent(request, workspace_id=member.workspace_id, member=member)
    sent = [each.attachment.pk for each in kept if each.attachment]
    try:
        found = mine([*request.POST.getlist("attachments"), *sent], member=member)
    except Refused as refused:
        return Given([], kept, refusal_words(refused))
    refusals = [each for each in kept if each.words]
    return Given(found, refusals, refusals[0].words if refusals else "")


def chosen(request: HttpRequest, member: Membership) -> list[Attachment] | None:
    """For a draft: those ticked; None where the form says nothing of files, or one is not theirs any more."""
    if "has_files" not in request.POST:
        return None
    try:
        return mine(request.POST.getlist("attachments"), member=member)
    except Refused:
        return None
