"""Settles what members reported about a partner: an operator looked at it and decided."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from overture.accounts.access import require_operator
from overture.accounts.models import User
from overture.directory.history import note
from overture.directory.models import Partner
from overture.marketplace.models import Report


@transaction.atomic
def settle_report(operator: User, report: Report) -> Report:
    """One that is settled already stays as it is."""
    require_operator(operator)
    row: Report = Report.objects.select_for_update().get(pk=report.pk)
    if row.settled_at is None:
        row.settled_at = timezone.now()
        row.save(update_fields=["settled_at"])
        note(operator, Partner.objects.get(pk=row.partner_id), "report_settled", reason=row.reason)
    return row


@transaction.atomic
def settle_reports(operator: User, partner: Partner) -> int:
    """All open ones of a partner; how many there were."""
    require_operator(operator)
    open_ones = Report.objects.select_for_update().filter(partner=partner, settled_at=None)
    return len([settle_report(operator, report) for report in open_ones.order_by("pk")])
