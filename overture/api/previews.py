"""What one recipient of a mailing gets: the manifest's letter once it is prepared, the draft's before."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from overture.accounts.models import Membership
from overture.api.problems import Fault, Problem
from overture.compose import Letter, MissingValue, Values, compile
from overture.delivery.draft import chosen
from overture.delivery.freeze import letter_of, live_known
from overture.delivery.models import Delivery, Mailing
from overture.delivery.opt_out import opt_out_url
from overture.delivery.prepare import TO_WHOM
from overture.directory.models import Contact
from overture.prospects.models import Prospect


def preview(member: Membership, mailing: Mailing, prospect_id: int) -> dict[str, str]:
    """Raises Http404 for who is no recipient, ComposeErrors, AudienceError, Problem (a token has no value)."""
    if mailing.state == Mailing.State.DRAFT or mailing.manifest is None:
        letter = compile(mailing.subject, mailing.content, live_known(mailing))
        values = _of_draft(member, mailing, prospect_id)
    else:
        letter, values = letter_of(mailing.manifest), _of_delivery(mailing, prospect_id)
    return _rendered(letter, values)


def _rendered(letter: Letter, values: Values) -> dict[str, str]:
    try:
        rendered = letter.render(values)
    except MissingValue as missing:
        sentence = _("A token has no value here: this recipient is skipped.")
        faults = [Fault(name, "missing_token", sentence) for name in missing.names]
        raise Problem("conflict", sentence, faults) from missing
    return {"subject": rendered.subject, "html": rendered.html, "text": rendered.text}


def _of_delivery(mailing: Mailing, prospect_id: int) -> Values:
    row = Delivery.objects.filter(mailing=mailing, prospect=prospect_id, manifest=mailing.manifest_id).first()
    if row is None:
        raise Http404
    moment = _local(mailing, row.first_tried_at)
    return Values(row.mpid, row.company_name, row.first_name, row.last_name, opt_out_url(row.pk), moment)


def _of_draft(member: Membership, mailing: Mailing, prospect_id: int) -> Values:
    prospect: Prospect | None = chosen(member, mailing.audience).filter(pk=prospect_id).first()
    if prospect is None:
        raise Http404
    whom = f"SELECT c.* FROM overture_prospect p, LATERAL ({TO_WHOM}) c WHERE p.id = %s"  # noqa: S608
    person = next(iter(Contact.objects.raw(whom, [prospect.pk])), Contact())
    names = (prospect.name, person.first_name, person.last_name)
    return Values(prospect.partner_id, *names, opt_out_url(0), _local(mailing, None))


def _local(mailing: Mailing, moment: datetime | None) -> datetime:
    """Dates are those of the mailbox's time zone."""
    zone = mailing.mailbox.time_zone if mailing.mailbox else mailing.workspace.time_zone
    return (moment or timezone.now()).astimezone(ZoneInfo(zone))
