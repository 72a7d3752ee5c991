"""Received e-mails that could not be matched: who uses the mailbox says whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.conversations.models import Message
from overture.inbound.answer import answer_by_email
from overture.inbound.models import Mail
from overture.inbound.place import REPORTS, candidates, place, put_away, read_unplaced, unplaced
from overture.prospects.models import Prospect
from overture.templatetags.conversations import at_hour
from overture.web.fragments import wants_fragment
from overture.web.inbox_open import find_conversation
from overture.web.links import workspace_link
from overture.web.named_prospects import named, typed
from overture.web.newest_first import newest_first
from overture.web.pages import page


@dataclass(frozen=True)
class Row:
    mail: Mail
    at: str
    prospects: list[Prospect]

    @property
    def is_report(self) -> bool:
        return self.mail.kind in REPORTS


@page("GET", "HEAD")
def mails(request: HttpRequest, member: Membership) -> HttpResponse:
    listed = newest_first(unplaced(member), request.GET)
    shown = {
        "page": listed,
        "rows": _rows(member, listed.rows),
        "back": workspace_link(member, "web:inbox"),
        "may_place": member.can(Permission.MESSAGE),
    }
    return render(request, "conversations/unplaced.html", shown)


@page("GET", "HEAD")
def mail(request: HttpRequest, member: Membership, mail: int) -> HttpResponse:
    """What it says, to know whose it is; any prospect can be looked for."""
    row = get_object_or_404(unplaced(member), pk=mail)
    q = typed(request)
    shown = {
        "row": _rows(member, [row])[0],
        "q": q,
        "found": named(member, q) if q else [],
        "may_place": member.can(Permission.MESSAGE),
    }
    if wants_fragment(request):
        return render(request, "conversations/_unplaced_choices.html", shown)
    with read_unplaced(row) as parsed:
        shown |= {"read": parsed, "back": workspace_link(member, "web:mails")}
    return render(request, "conversations/unplaced_one.html", shown)


@page("POST", writes=Permission.MESSAGE)
def mail_place(request: HttpRequest, member: Membership, mail: int) -> HttpResponse:
    """`partner`: an account number."""
    row = get_object_or_404(unplaced(member), pk=mail)
    number = request.POST.get("partner", "").strip()
    rows = Prospect.objects.visible_to(member).filter(
        partner=int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
    )
    prospect = rows.first()
    if prospect is None:
        messages.error(request, _("None of your prospects has this account number."))
        return redirect("web:mails", workspace=member.workspace.slug)
    placed = place(member, row, prospect)
    if placed.message is None:
        return redirect("web:mails", workspace=member.workspace.slug)
    messages.success(request, _("Placed at %(name)s.") % {"name": prospect.name})
    thread = placed.message.conversation_id
    return redirect("web:conversation", workspace=member.workspace.slug, conversation=thread)


@page("POST", writes=Permission.MESSAGE)
def mail_put_away(request: HttpRequest, member: Membership, mail: int) -> HttpResponse:
    put_away(member, get_object_or_404(unplaced(member), pk=mail))
    messages.success(request, _("Put away: it concerns no partner."))
    return redirect("web:mails", workspace=member.workspace.slug)


@page("POST", writes=Permission.EMAIL_ONE)
def received_answer(
    request: HttpRequest, member: Membership, conversation: int, received: int
) -> HttpResponse:
    """A draft of the answer, in the composer."""
    row = find_conversation(member, conversation)
    found = get_object_or_404(Message.objects.filter(conversation=row, way=Message.Way.EMAIL), pk=received)
    made = answer_by_email(member, found)
    return redirect("web:email_write", workspace=member.workspace.slug, mailing=made.pk)


def _rows(member: Membership, mails: list[Mail]) -> list[Row]:
    zone = member.workspace.time_zone
    prospects = candidates(member, mails)
    return [
        Row(each, at_hour(each.received_at.astimezone(ZoneInfo(zone)), zone), prospects[each.pk])
        for each in mails
    ]
