"""Tells the operator that something is wrong with a partner of the directory."""

from __future__ import annotations

from django.db import transaction

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.activity.record import record
from overture.directory.models import Partner
from overture.marketplace.models import Report

LONGEST = 2000


class ReportError(ValueError):
    """A report that cannot stand. Codes: unknown_reason (`reason`); empty (another reason needs words),
    too_long (`text`); not_listed (`partner`: who is private is nobody's but the workspace's)."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(f"{field}: {code}")
        self.field = field
        self.code = code


@transaction.atomic
def report(member: Membership, partner: Partner, reason: str, text: str = "") -> Report:
    """The member's report, open until an operator settles it; a second one says the first anew."""
    require(member, Permission.MANAGE_PROSPECTS)
    if not Partner.objects.listed().filter(pk=partner.pk).exists():
        raise ReportError("partner", "not_listed")
    said, is_new = Report.objects.update_or_create(
        workspace_id=member.workspace_id,
        partner_id=partner.pk,
        member=member,
        settled_at=None,
        defaults=_checked(reason, text),
    )
    if is_new:
        record("partner_reported", member.workspace_id, member, partner=partner.pk, reason=said.reason)
    return said


def _checked(reason: str, text: str) -> dict[str, str]:
    text = text.replace("\0", "").strip()
    if reason not in Report.Reason.values:
        raise ReportError("reason", "unknown_reason")
    if reason == Report.Reason.OTHER and not text:
        raise ReportError("text", "empty")
    if len(text) > LONGEST:
        raise ReportError("text", "too_long")
    return {"reason": reason, "text": text}
