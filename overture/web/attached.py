"""The files of an e-mail on its pages: sent in with the composer's form, and what is to be known of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from overture.accounts.models import Membership
from overture.delivery import attached
from overture.delivery.errors import DraftError
from overture.delivery.file_words import refused_words, too_large_words
from overture.delivery.models import Mailing, Manifest
from overture.files.models import Attachment
from overture.mailboxes.sizes import largest_message
from overture.templatetags.files import file_size
from overture.web.checks import Check
from overture.web.files import files_at
from overture.web.uploads import Kept, keep_sent
from overture.web.wording import n

# Named by a form where files can be attached: none ticked means none there, and nothing elsewhere.
_MARK = "with_files"


def files_of_form(request: HttpRequest, member: Membership) -> tuple[list[int] | None, list[Kept]]:
    """Numbers of the files that the form leaves attached (None: it does not say), and what came with it."""
    if _MARK not in request.POST:
        return None, []
    kept = keep_sent(request, workspace_id=member.workspace_id, member=member)
    ticked = [int(each) for each in request.POST.getlist("attachments") if each.isascii() and each.isdigit()]
    return [*ticked, *(each.attachment.pk for each in kept if each.attachment)], kept


def shown_files(member: Membership, of: Mailing | Manifest | None) -> dict[str, Any]:
    """What the chips of its files need."""
    return {"files": attached.files_of(of) if of else [], "files_at": files_at(member)}


def file_checks(mailing: Mailing, files: Sequence[Attachment]) -> Iterator[Check]:
    """How much it is, what still waits for its scan, and what can never be sent."""
    for each in attached.blocked(files):
        yield Check(
            "stop", refused_words(DraftError("attachments", f"file_{each.state}", {"file": each.name}))
        )
    for each in attached.pending(files):
        detail = _("You can send already: it leaves once the file is found clean.")
        yield Check("note", _("%(file)s is being scanned") % {"file": each.name}, detail)
    if files:
        yield _size(mailing, files)


def _size(mailing: Mailing, files: Sequence[Attachment]) -> Check:
    mailbox = mailing.mailbox
    if mailbox and (excess := attached.too_large(mailing, mailbox, files)):
        return Check("stop", too_large_words(excess))
    size = file_size(sum(each.stored.size for each in files))
    text = ngettext("%(n)s file, %(size)s", "%(n)s files, %(size)s", len(files))
    most = largest_message(mailbox) if mailbox else None
    grown = file_size(attached.message_size(mailing, files))
    if most and mailbox:
        detail = _("%(grown)s on the way; %(host)s takes %(most)s.") % {
            "grown": grown,
            "host": mailbox.host,
            "most": file_size(most),
        }
    else:
        detail = _("%(grown)s on the way. Many servers take no more than 25 MB.") % {"grown": grown}
    return Check("ok", text % {"n": n(len(files)), "size": size}, detail)
