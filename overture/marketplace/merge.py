"""Merges two partners of the directory into one: everything that hung on the old one hangs on the new one.

The old number leads to the new one from then on. The ledger stays as it was sent: its rows keep numbers,
names and addresses, and only learn which prospect they belong to now.
"""

from __future__ import annotations

from django.db import connection, transaction
from django.db.models import Q

from overture.accounts.access import require_operator
from overture.accounts.models import User
from overture.activity.models import Activity
from overture.activity.record import record
from overture.ads.models import AdClick
from overture.delivery.models import Delivery, Mailing
from overture.directory.history import note
from overture.directory.models import Contact, Partner, Standing
from overture.directory.turns import take_turn
from overture.marketplace.merge_people import move_conversations, move_people
from overture.marketplace.models import NotInterested, Report, SavedPartner, TileSelectionRow
from overture.prospects import search
from overture.prospects.models import (
    Contacted,
    Note,
    Prospect,
    SelectionRow,
    Stage,
)

# The further one stays. A no is no step forward, but a later word than silence.
_FURTHEST = (
    Stage.JOINED, Stage.NEGOTIATING, Stage.OUTREACH, Stage.REJECTED_BY_PARTNER, Stage.REJECTED_BY_YOU,
    Stage.EXPIRED, Stage.NEW,
)  # fmt: skip


class MergeError(ValueError):
    """Two that cannot become one. Codes: private, merged, same."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def merge(operator: User, old: Partner, into: Partner) -> Partner:
    """The partner that stays. Raises MergeError and Busy."""
    require_operator(operator)
    take_turn()
    old, new = _locked(old.pk, into.pk)
    _move_contacts(old, new)
    _move_prospects(old, new)
    _move_marks(old, new)
    move_people(old, new)
    move_conversations(old, new)
    AdClick.objects.filter(partner=old).update(partner=new)
    # Numbers that led to the old one lead straight to the new one.
    Partner.objects.filter(merged_into=old).update(merged_into=new)
    old.standing, old.merged_into = Standing.MERGED, new
    old.save(update_fields=["standing", "merged_into"])
    note(operator, old, "merged", into=new.pk, name=new.name)
    note(operator, new, "took_in", mpid=old.pk, name=old.name)
    search.refresh_partners([new.pk])
    return new


def _locked(old: int, into: int) -> tuple[Partner, Partner]:
    """Both, in the order of their numbers, so that two merges do not wait for each other for ever."""
    if old == into:
        raise MergeError("same")
    rows = {
        row.pk: row for row in Partner.objects.select_for_update().filter(pk__in=[old, into]).order_by("pk")
    }
    for row in (rows[old], rows[into]):
        if row.workspace_id is not None:
            raise MergeError("private")
        if row.standing == Standing.MERGED:
            raise MergeError("merged")
    return rows[old], rows[into]


def _move_contacts(old: Partner, new: Partner) -> None:
    """One person, one contact: of two with one address in one workspace the new partner's is used.

    The other stays behind, where nobody sees it: rows of the ledger name it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SAME_PEOPLE, {"old": old.pk, "new": new.pk})
        pairs = cursor.fetchall()
    for mine, theirs in pairs:
        Prospect.objects.filter(primary_contact_id=mine).update(primary_contact_id=theirs)
        _keep_erased(mine, theirs)
    Contact.objects.filter(partner=old).exclude(pk__in=[mine for mine, _ in pairs]).update(partner=new)


_SAME_PEOPLE = """
SELECT mine.id, theirs.id FROM overture_contact AS mine JOIN overture_contact AS theirs
  ON theirs.address_key = mine.address_key AND theirs.workspace_id IS NOT DISTINCT FROM mine.workspace_id
WHERE mine.partner_id = %(old)s AND theirs.partner_id = %(new)s AND mine.address_key <> ''
"""


def _keep_erased(mine: int, theirs: int) -> None:
    """That somebody asked to be erased is true of the person, not of the row."""
    old, new = Contact.objects.get(pk=mine), Contact.objects.get(pk=theirs)
    if old.erased_at and not new.erased_at:
        new.erased_at = old.erased_at
        new.first_name = new.last_name = new.title = new.address = ""
    new.save(update_fields=["erased_at", "first_name", "last_name", "title", "address"])


def _move_prospects(old: Partner, new: Partner) -> None:
    """Where a workspace has only the old one as prospect it keeps it, of the new partner; of two the new
    one's takes in what the old one's had."""
    rows = Prospect.objects.select_for_update().filter(partner__in=[old, new]).order_by("pk")
    by_workspace: dict[int, dict[int, Prospect]] = {}
    for row in rows:
        by_workspace.setdefault(row.workspace_id, {})[row.partner_id] = row
    for found in by_workspace.values():
        if old.pk in found and new.pk in found:
            _take_in(found[new.pk], found[old.pk])
    Prospect.objects.filter(partner=old).update(partner=new)
    written = Contacted.objects.filter(partner=new).exclude(mailing_number=None).values("mailing_number")
    # One mailing that went to both counts once.
    Contacted.objects.filter(partner=old, mailing_number__in=written).delete()
    Contacted.objects.filter(partner=old).update(partner=new)


def _take_in(kept: Prospect, gone: Prospect) -> None:
    """All that hung on a prospect hangs on the other of the same workspace, and the prospect is gone.

    An import that made it can no longer take it back.
    """
    kept.groups.add(*gone.groups.all())
    Note.objects.filter(prospect=gone).update(prospect=kept)
    Activity.objects.filter(prospect=gone).update(prospect=kept)
    chosen = SelectionRow.objects.filter(prospect=kept).values("selection_id")
    SelectionRow.objects.filter(prospect=gone).exclude(selection_id__in=chosen).update(prospect=kept)
    there = Delivery.objects.filter(prospect=kept).values("manifest_id")
    Delivery.objects.filter(prospect=gone).exclude(manifest_id__in=there).update(prospect=kept)
    _rename_in_drafts(gone, kept)
    _keep_values(kept, gone)
    record("prospects_merged", kept.workspace_id, prospect_id=kept.pk, name=gone.name, mpid=gone.partner_id)
    gone.delete()


def _rename_in_drafts(gone: Prospect, kept: Prospect) -> None:
    """E-mails still being written name their recipients by number."""
    drafts = Mailing.objects.filter(
        Q(audience__prospects__contains=[gone.pk]) | Q(audience__exclude__contains=[gone.pk]),
        workspace_id=kept.workspace_id,
    )
    for draft in drafts:
        for name in ("prospects", "exclude"):
            if name in draft.audience:
                numbers = [kept.pk if each == gone.pk else each for each in draft.audience[name]]
                draft.audience[name] = list(dict.fromkeys(numbers))
        Mailing.objects.filter(pk=draft.pk).update(audience=draft.audience)


def _keep_values(kept: Prospect, gone: Prospect) -> None:
    """The further stage, whoever looks after it, who is written to; at work unless both are archived."""
    kept.stage = min(kept.stage, gone.stage, key=_FURTHEST.index)
    kept.owner_id = kept.owner_id or gone.owner_id
    kept.primary_contact_id = kept.primary_contact_id or gone.primary_contact_id
    if gone.archived_at is None:
        kept.archived_at = None
    kept.created_at = min(kept.created_at, gone.created_at)
    kept.active_at = max(kept.active_at, gone.active_at)
    kept.save(update_fields=["stage", "owner", "primary_contact", "archived_at", "created_at", "active_at"])


def _move_marks(old: Partner, new: Partner) -> None:
    """Saved, not wanted, chosen: once each, as before. Open reports are about what stays."""
    for rows, by in (
        (SavedPartner.objects, "workspace_id"),
        (NotInterested.objects, "workspace_id"),
        (TileSelectionRow.objects, "selection_id"),
    ):
        there = rows.filter(partner=new).values(by)
        rows.filter(partner=old).exclude(**{f"{by}__in": there}).update(partner=new)
        rows.filter(partner=old).delete()
    _move_reports(old, new)


def _move_reports(old: Partner, new: Partner) -> None:
    for report in Report.objects.filter(partner=old):
        same = Report.objects.filter(
            partner=new, workspace_id=report.workspace_id, member_id=report.member_id, settled_at=None
        )
        if report.settled_at is None and report.member_id and same.exists():
            text = "\n".join(filter(None, (same.get().text, report.text)))[:2000]
            same.update(text=text)
            report.delete()
        else:
            Report.objects.filter(pk=report.pk).update(partner=new)
