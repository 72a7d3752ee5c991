"""One message to many: written, seen before it is sent, then followed while it is posted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.conversations.carry_out import preview
from overture.conversations.errors import MessageError
from overture.conversations.markup import to_html
from overture.conversations.models import MessageRun, MessageRunRow
from overture.conversations.post_many import Plan, plan, post_many
from overture.conversations.wording import message_words
from overture.files.models import Attachment
from overture.lib.paging import CursorError, Order
from overture.lib.paging import page as keyset_page
from overture.prospects.audience import AudienceError
from overture.prospects.copy_selection import copy_selection
from overture.prospects.filters import PROSPECTS
from overture.prospects.models import Prospect
from overture.runs.models import Run
from overture.web.files import files_at
from overture.web.fragments import wants_fragment
from overture.web.inbox_files import Given, given
from overture.web.links import workspace_link
from overture.web.pages import page
from overture.web.selections import find_selection
from overture.web.token_menu import TOKEN_WORDS
from overture.web.wording import SKIPPED

# Why somebody gets none: short, for lists.
HELD: dict[str, Promise] = {
    **SKIPPED,
    "messaging_off": gettext_lazy("Messages are turned off"),
    "blocked": gettext_lazy("Wants no messages from you"),
    "not_prospect": gettext_lazy("Not a prospect any more"),
}
_ENDED = (Run.State.DONE, Run.State.FAILED)


@page("GET", "HEAD", "POST", needs=Permission.MESSAGE)
def message_many(request: HttpRequest, member: Membership, selection: int) -> HttpResponse:
    """To those chosen in a list."""
    chosen = find_selection(member, selection)

    def send(text: str, attachments: Sequence[Attachment], **options: Any) -> MessageRun:
        # What is chosen in the list later changes nothing here.
        audience = {"selection": copy_selection(member, chosen).pk}
        return post_many(member, audience, text, attachments, **options)

    return write_many(
        request,
        member,
        audience=lambda: nullcontext({"selection": selection}),
        send=send,
        action=workspace_link(member, "web:message_many", selection=selection),
        back=_back(member, chosen.origin),
    )


def write_many(
    request: HttpRequest,
    member: Membership,
    *,
    audience: Callable[[], AbstractContextManager[dict[str, Any]]],
    send: Callable[..., MessageRun],
    action: str,
    back: str,
) -> HttpResponse:
    """The page where it is written, wherever they were chosen. What is typed stays, whatever is refused."""
    text = request.POST.get("text", "")
    files, problem = Given([], []), ""
    if request.method == "POST":
        files = given(request, member)
        problem = files.problem
        if not problem and "check" not in request.POST:
            try:
                return redirect(_here(member, send(text, files.attachments, **_options(request, member))))
            except MessageError as error:
                problem = message_words(error)
    with audience() as chosen:
        shown = _written(request, member, chosen, text, problem)
    context = {
        **shown,
        "files": files.attachments,
        "kept": files.kept,
        "list_url": back,
        "action": action,
    }
    if wants_fragment(request):
        return render(request, "conversations/_many_plan.html", context)
    return render(request, "conversations/many.html", context, status=422 if problem else 200)


@page("GET", "HEAD")
def message_run(request: HttpRequest, member: Membership, run: int) -> HttpResponse:
    """Progress while it works, then who got it and who did not."""
    rows = MessageRun.objects.visible_to(member).select_related("run__member__user")
    made: MessageRun = get_object_or_404(rows, run_id=run)
    is_ended = made.run.state in _ENDED
    shown = {"made": made, "is_ended": is_ended, "here": _here(member, made)}
    if wants_fragment(request):
        answer = render(request, "conversations/_many_progress.html", shown)
        if is_ended:
            answer.headers["HX-Refresh"] = "true"
        return answer
    return render(request, "conversations/many_run.html", {**shown, **_result(request, member, made)})


def _written(
    request: HttpRequest, member: Membership, audience: dict[str, Any], text: str, problem: str
) -> dict[str, Any]:
    options = _options(request, member)
    planned = Plan(0)
    try:
        planned = plan(member, audience, text, **options)
    except MessageError as error:
        problem = problem or message_words(error)
        planned = plan(member, audience, "", **options)
    except AudienceError:
        messages.warning(request, _("The selection is not there any more. Choose again."))
    return {
        "text": text,
        "problem": problem,
        "plan": planned,
        "held": [(HELD.get(each.code, each.code), each) for each in planned.held],
        "tokens": TOKEN_WORDS,
        "preview": _preview(member, planned, text, options["language"]),
        "overrides": options["overrides"],
        "may_override": member.can(Permission.OVERRIDE_CONTACT_POLICY),
        "files_at": files_at(member),
    }


def _preview(member: Membership, planned: Plan, text: str, language: str) -> dict[str, Any]:
    """As the first of them would read it."""
    if planned.first is None or not text.strip():
        return {}
    try:
        words = preview(member, planned.first, text, language)
    except MessageError:
        return {}
    name = Prospect.objects.visible_to(member).values_list("name", flat=True).get(pk=planned.first)
    return {"name": name, "html": to_html(words)}


def _options(request: HttpRequest, member: Membership) -> dict[str, Any]:
    overrides = "overrides" in request.POST and member.can(Permission.OVERRIDE_CONTACT_POLICY)
    return {"language": (get_language() or "en")[:2], "overrides": overrides}


def _result(request: HttpRequest, member: Membership, made: MessageRun) -> dict[str, Any]:
    rows = made.rows.select_related("prospect", "message")
    state = request.GET.get("state", "")
    if state in MessageRunRow.State.values:
        rows = rows.filter(state=state)
    try:
        listed = keyset_page(rows, Order("id"), request.GET.get("cursor", ""))
    except CursorError:
        listed = keyset_page(rows, Order("id"))
    counts = _counts(made)
    return {
        "listed": [(row, HELD.get(row.reason, row.reason)) for row in listed],
        "next": listed.next,
        "previous": listed.previous,
        "counts": counts,
        "state": state,
        "problem": _problem(made.run),
        "text_html": to_html(made.text),
        "list_url": _back(member, PROSPECTS),
    }


def _counts(made: MessageRun) -> Mapping[str, int]:
    found = dict(made.rows.order_by().values_list("state").annotate(Count("pk")))
    return {state: found.get(state, 0) for state in MessageRunRow.State.values}


def _problem(run: Run) -> str:
    if run.state != Run.State.FAILED:
        return ""
    if run.problem == "not_allowed":
        return _("Whoever started it may not write messages any more. The rest was not sent.")
    return _("Something went wrong on our side. The rest was not sent.")


def _here(member: Membership, made: MessageRun) -> str:
    return workspace_link(member, "web:message_run", run=made.run_id)


def _back(member: Membership, origin: str) -> str:
    return workspace_link(member, "web:prospects" if origin == PROSPECTS else "web:partners")
