"""Files that come with a form, or that a page sends one by one: kept, each with its outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from overture.accounts.models import Membership, User
from overture.files.errors import Refused
from overture.files.keep import keep
from overture.files.models import Attachment
from overture.files.wording import refusal_words


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of one file: an attachment, or the words why it is none."""

    name: str
    attachment: Attachment | None = None
    words: str = ""


def keep_sent(
    request: HttpRequest,
    *,
    workspace_id: int | None,
    member: Membership | None = None,
    user: User | None = None,
    field: str = "files",
) -> list[Kept]:
    """The files of a request, in their order; those beyond the limit of a message are not taken in."""
    most = settings.OVERTURE_FILES_PER_MESSAGE
    outcomes = []
    for number, file in enumerate(request.FILES.getlist(field)):
        name = file.name or ""
        try:
            if number >= most:
                raise Refused("too_many", {"most": most})
            content: Any = file.file
            attachment = keep(content, name, workspace_id=workspace_id, member=member, user=user)
            outcomes.append(Kept(attachment.name, attachment))
        except Refused as refused:
            outcomes.append(Kept(name[:200], words=refusal_words(refused)))
    return outcomes


def answer_upload(request: HttpRequest, kept: list[Kept], files_at: str) -> HttpResponse:
    """The chips of what was sent; as JSON where that is asked for. 422 when something was refused."""
    if not kept:
        kept = [Kept("", words=refusal_words(Refused("no_file")))]
    status = 201 if all(each.attachment for each in kept) else 422
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"files": [_as_json(each, files_at) for each in kept]}, status=status)
    return render(request, "files/_chips.html", {"kept": kept, "files_at": files_at}, status=status)


def answer_chip(request: HttpRequest, attachment: Attachment, files_at: str) -> HttpResponse:
    """The state of a file as it is now, for a page that waits for it; 204 while nothing has changed.

    A chip that is put in place of itself would take away the focus, and a click that has just begun.
    """
    state = "late" if attachment.is_late else attachment.state
    if request.GET.get("seen") == state:
        return HttpResponse(status=204, headers={"Cache-Control": "no-store"})
    shown = {
        "file": attachment,
        "side": "yours" if request.GET.get("side") == "yours" else "theirs",
        "is_chosen": "chosen" in request.GET,
        "files_at": files_at,
    }
    answer = render(request, "files/_file.html", shown)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _as_json(kept: Kept, files_at: str) -> dict[str, Any]:
    if kept.attachment is None:
        return {"name": kept.name, "problem": kept.words}
    return {
        "id": kept.attachment.pk,
        "name": kept.name,
        "state": kept.attachment.state,
        "url": f"{files_at}/{kept.attachment.pk}",
    }
