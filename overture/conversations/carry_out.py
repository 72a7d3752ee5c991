"""Posts what a run of messages still has waiting, each with its row in one transaction.

A worker killed at any moment has posted to nobody twice and left nobody out: the job goes on with what waits.
"""

from __future__ import annotations

import logging
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import InternalError, OperationalError, connection, transaction
from django.utils import timezone

from overture.accounts.models import Membership
from overture.compose import Values
from overture.conversations.errors import MessageError
from overture.conversations.many_text import ManyText
from overture.conversations.models import MessageRun, MessageRunRow
from overture.conversations.post import post
from overture.delivery.prepare import TO_WHOM
from overture.files.models import Attachment
from overture.prospects import contact_policy
from overture.prospects.models import Prospect
from overture.runs.models import Run

_TELL_EVERY = 20
_log = logging.getLogger("overture.conversations")


def carry_out(message_run_id: int) -> None:
    made = MessageRun.objects.select_related("run__member__user", "run__member__workspace").get(
        pk=message_run_id
    )
    run = made.run
    if run.state in (Run.State.DONE, Run.State.FAILED):
        return
    run.state, run.started_at = Run.State.RUNNING, run.started_at or timezone.now()
    run.save(update_fields=["state", "started_at"])
    try:
        _post_all(made, run.member)
    except (OperationalError, InternalError):
        # The database went away, or ended what a stopped worker left alone: the job is tried again.
        raise
    except PermissionDenied:
        _end(run, made, Run.State.FAILED, "not_allowed")
    except Exception:
        _log.exception("messages %s broke", made.pk)
        _end(run, made, Run.State.FAILED, "unexpected")
    else:
        _end(run, made, Run.State.DONE)


def _post_all(made: MessageRun, member: Membership | None) -> None:
    if member is None or member.removed_at is not None:
        raise PermissionDenied("member")
    text, files = ManyText(made.text, made.language), list(made.attachments.all())
    count = 0
    while True:
        with transaction.atomic():
            waiting = made.rows.select_for_update(skip_locked=True).filter(state=MessageRunRow.State.WAITING)
            row = waiting.order_by("pk").first()
            if row is None:
                return
            _post_one(made, member, row, text, files)
        count += 1
        if count % _TELL_EVERY == 0:
            _tell(made)


def _post_one(
    made: MessageRun, member: Membership, row: MessageRunRow, text: ManyText, files: list[Attachment]
) -> None:
    prospect = Prospect.objects.select_related("partner").get(pk=row.prospect_id)
    # What somebody wrote since is seen, and nobody writes between the look and the message.
    contact_policy.lock(member.workspace_id)
    if not made.overrides_policy and contact_policy.check(member, [prospect.partner_id]):
        row.state, row.reason = MessageRunRow.State.HELD, "contacted_recently"
    else:
        try:
            with transaction.atomic():
                words = text.render(_values(member, prospect))
                row.message = post(member, prospect.partner, words, files)
            row.state = MessageRunRow.State.SENT
        except MessageError as error:
            row.state, row.reason = MessageRunRow.State.HELD, error.code
    row.save(update_fields=["state", "reason", "message"])


def preview(member: Membership, prospect_id: int, text: str, language: str) -> str:
    """What this prospect would get. Raises MessageError for tokens."""
    rows = Prospect.objects.visible_to(member).select_related("partner")
    return ManyText(text, language).render(_values(member, rows.get(pk=prospect_id)))


def _values(member: Membership, prospect: Prospect) -> Values:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT c.first_name, c.last_name FROM overture_prospect p"  # noqa: S608
            f" JOIN LATERAL ({TO_WHOM}) c ON true WHERE p.id = %s",
            [prospect.pk],
        )
        first, last = cursor.fetchone() or ("", "")
    now = timezone.now().astimezone(ZoneInfo(member.workspace.time_zone))
    return Values(prospect.partner_id, prospect.name, first, last, "", now)


def _tell(made: MessageRun) -> None:
    waiting = made.rows.filter(state=MessageRunRow.State.WAITING).count()
    done = (made.run.total or waiting) - waiting
    Run.objects.filter(pk=made.run_id).update(done=done)


def _end(run: Run, made: MessageRun, state: str, problem: str = "") -> None:
    _tell(made)
    Run.objects.filter(pk=run.pk).update(state=state, problem=problem, ended_at=timezone.now())
