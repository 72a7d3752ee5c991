"""What could not be matched, a person places: at one of the workspace's prospects, or nowhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import transaction
from django.db.models import QuerySet

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.activity.record import record
from overture.inbound.given_files import take_files
from overture.inbound.match import Match, contacts_with, key_of
from overture.inbound.models import Mail
from overture.inbound.parse import Parsed, opened
from overture.inbound.raw import drop_raw, raw_of
from overture.inbound.take import settle
from overture.prospects.models import Prospect


def unplaced(member: Membership) -> QuerySet[Mail]:
    """For those who use the mailbox that took it, the newest first."""
    rows: QuerySet[Mail] = Mail.objects.visible_to(member).filter(state=Mail.State.UNMATCHED)
    return rows.select_related("mailbox").order_by("-pk")


def candidates(member: Membership, mails: Sequence[Mail]) -> dict[int, list[Prospect]]:
    """For each, prospects with a contact of the sender's address. Two queries."""
    keys = {each.pk: key_of(each.sender_address) for each in mails if each.kind not in REPORTS}
    partners = defaultdict(set)
    for contact in contacts_with(member.workspace_id, keys.values()):
        partners[contact.address_key].add(contact.partner_id)
    wanted = set().union(*partners.values())
    rows = list(Prospect.objects.visible_to(member).filter(partner__in=wanted).order_by("name", "pk"))
    return {
        mail.pk: [each for each in rows if each.partner_id in partners[keys.get(mail.pk, "")]]
        for mail in mails
    }


@contextmanager
def read_unplaced(mail: Mail) -> Iterator[Parsed]:
    """What it says; nothing once the days of its original are over."""
    with opened(raw_of(mail) or b"", mail.received_at.date()) as parsed:
        yield parsed


def place(member: Membership, mail: Mail, prospect: Prospect) -> Mail:
    """As if it had been matched. What was placed meanwhile stays where it is. A report stays unproven: it
    can only be put away."""
    require(member, Permission.MESSAGE)
    with read_unplaced(mail) as parsed, transaction.atomic():
        found: Mail = Mail.objects.select_for_update().get(pk=mail.pk)
        if found.state == Mail.State.UNMATCHED and found.kind not in REPORTS:
            _place(member, found, prospect, parsed)
    return found


@transaction.atomic
def put_away(member: Membership, mail: Mail) -> Mail:
    """It concerns no partner: its original goes."""
    require(member, Permission.MESSAGE)
    found: Mail = Mail.objects.select_for_update().get(pk=mail.pk)
    if found.state == Mail.State.UNMATCHED:
        drop_raw(found)
        found.state, found.raw = Mail.State.SETTLED, ""
        found.save(update_fields=["state", "raw"])
    return found


REPORTS = (Mail.Kind.BOUNCE, Mail.Kind.COMPLAINT)


def _place(member: Membership, mail: Mail, prospect: Prospect, parsed: Parsed) -> None:
    contacts = contacts_with(member.workspace_id, [key_of(mail.sender_address)])
    mail.contact = next((each for each in contacts if each.partner_id == prospect.partner_id), None)
    mail.partner_id, mail.state = prospect.partner_id, Mail.State.MATCHED
    files, mail.other_files = take_files(parsed.files, member.workspace_id)
    mail.save(update_fields=["contact", "partner", "state", "other_files"])
    settle(mail, parsed, Match(prospect.partner_id, prospect, mail.contact), files)
    record("email_placed", member.workspace_id, member, prospect_id=prospect.pk, mail=mail.pk)
