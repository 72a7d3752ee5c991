"""One row of every kind in a workspace, by the name its parameter has in routes."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

from django.utils import timezone

from overture.accounts.access import make_token
from overture.accounts.models import Invitation, Membership, Program, User
from overture.ads.models import Ad
from overture.conversations.models import Conversation, Message, MessageRun, Received
from overture.delivery.models import Delivery, Mailing, Manifest, Suppression
from overture.directory.models import Contact, Partner, PartnerClaim, PartnerInvitation, PartnerUser
from overture.files import store
from overture.files.models import Attachment, State, StoredFile
from overture.inbound.models import Mail
from overture.mailboxes.models import Mailbox
from overture.marketplace.models import Report, SavedSearch, TileSelection
from overture.notices.models import Notice
from overture.prospects.models import Group, Import, Note, Prospect, Selection
from overture.runs.models import Run
from overture.webhooks.models import Webhook, WebhookCall

SECRET = "Unmistakable"  # stands in every text of these rows; must never reach a stranger


def rows_of(member: Membership) -> dict[str, int]:
    """The primary keys of one new row of each kind, owned by `member`."""
    workspace = member.workspace
    partner = Partner.objects.create(workspace=workspace, name=SECRET)
    listed = Partner.objects.create(name="Known to all")
    contact = Contact.objects.create(
        partner=partner,
        workspace=workspace,
        first_name=SECRET,
        address=f"{SECRET}@partner.example",
        address_key="k" * 32,
    )
    prospect = Prospect.objects.create(
        workspace=workspace, partner=partner, name=SECRET, search_text=SECRET.lower(), primary_contact=contact
    )
    group = Group.objects.create(workspace=workspace, name=SECRET)
    prospect.groups.add(group)
    program = Program.objects.filter(workspace=workspace).earliest("id")
    mailbox = Mailbox.objects.create(
        workspace=workspace, address=f"{SECRET}@brand.example", address_key="m" * 32, host="127.0.0.1", port=1
    )
    mailing, manifest, delivery = _mailing(member, mailbox, prospect, contact)
    webhook = Webhook.objects.create(
        workspace=workspace,
        url=f"https://hooks.example/{SECRET}",
        events=["opted_out"],
        secret="none",
        read_up_to=0,
    )
    message = _message(member, prospect)
    run = Run.objects.create(
        workspace=workspace, member=member, kind="import", state=Run.State.DONE, ended_at=timezone.now()
    )
    attachment = _attachment(member)
    someone = User.objects.create_user(f"{SECRET.lower()}@someone.example", name=SECRET)
    message_run = MessageRun.objects.create(run=run, workspace=workspace, text=SECRET)
    return {
        "webhook": webhook.pk,
        "call": WebhookCall.objects.create(
            workspace=workspace, webhook=webhook, event="opted_out", body={"name": SECRET}, state="done"
        ).pk,
        "attachment": attachment.pk,
        "file_name": attachment.pk,
        # In quarantine, which the operator of the instance alone sees.
        "blocked": StoredFile.objects.create(
            sha256="b" * 64, served_sha256="b" * 64, type="csv", size=1, state=State.INFECTED, reason=SECRET
        ).pk,
        "prospect": prospect.pk,
        "contact": contact.pk,
        "group": group.pk,
        "conversation": message.conversation_id,
        "message": message.pk,
        "received": _received(message).pk,
        "mail": _mail(mailbox).pk,
        "note": Note.objects.create(workspace=workspace, prospect=prospect, author=member, text=SECRET).pk,
        "selection": Selection.objects.create(workspace=workspace, member=member).pk,
        "imported": Import.objects.create(
            run=run, workspace=workspace, file_name=SECRET, content=b"", size=0
        ).pk,
        "run": message_run.run_id,
        "ad": Ad.objects.create(
            workspace=workspace,
            program=program,
            name=SECRET,
            kind="text",
            text=SECRET,
            landing_page="https://x.example/",
        ).pk,
        "program": program.pk,
        "mailbox": mailbox.pk,
        "mailing": mailing.pk,
        "manifest": manifest.pk,
        "delivery": delivery.pk,
        "suppression": Suppression.objects.create(
            workspace=workspace, address=f"{SECRET}@gone.example", address_key="s" * 32, reason="by_hand"
        ).pk,
        "member": member.pk,
        "other": member.pk,
        "invitation": Invitation.objects.create(workspace=workspace, email=f"{SECRET.lower()}@x.example").pk,
        "token": make_token(member, SECRET)[0].pk,
        "partner": partner.pk,
        "mpid": partner.pk,
        # Of the directory: of no workspace, so it holds no secret of one.
        "entry": listed.pk,
        "person": PartnerUser.objects.create(partner=listed, user=someone).pk,
        "claim": PartnerClaim.objects.create(
            partner=listed, user=someone, name=SECRET, found_by="name", begun_at=timezone.now()
        ).pk,
        "invited": PartnerInvitation.objects.create(
            partner=partner, workspace=workspace, address=f"{SECRET.lower()}@partner.example"
        ).pk,
        "report": Report.objects.create(
            workspace=workspace, partner=listed, member=member, reason="spam", text=SECRET
        ).pk,
        "saved_search": SavedSearch.objects.create(
            workspace=workspace, member=member, kind="partner", name=SECRET, search={"kind": "partner"}
        ).pk,
        "tiles": TileSelection.objects.create(workspace=workspace, member=member, kind="partner").pk,
        "creator_tiles": TileSelection.objects.create(workspace=workspace, member=member, kind="creator").pk,
        "notice": Notice.objects.create(
            workspace=workspace, member=member, kind="new_matches", facts={"name": SECRET, "count": 1}
        ).pk,
    }


def _attachment(member: Membership) -> Attachment:
    """A clean file with a preview, its bytes in place."""
    content = SECRET.encode()
    sha256 = hashlib.sha256(content).hexdigest()
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        for kind in store.KINDS:
            store.put(Path(file.name), sha256, kind)
    stored = StoredFile.objects.create(
        sha256=sha256,
        served_sha256=sha256,
        type="png",
        size=len(content),
        state=State.CLEAN,
        has_preview=True,
        signatures="ClamAV",
        due_at=None,
    )
    name = f"{SECRET}.png"
    return Attachment.objects.create(stored=stored, workspace=member.workspace, member=member, name=name)


def _message(member: Membership, prospect: Prospect) -> Message:
    conversation = Conversation.objects.create(
        workspace_id=member.workspace_id, partner=prospect.partner, prospect=prospect
    )
    message = Message.objects.create(conversation=conversation, side="brand", member=member, text=SECRET)
    Conversation.objects.filter(pk=conversation.pk).update(last_message=message, top_message=message)
    return message


def _received(beside: Message) -> Message:
    row = Message.objects.create(conversation=beside.conversation, side="partner", way="email", text=SECRET)
    Received.objects.create(
        message=row, subject=SECRET, html=f"<p>{SECRET}</p>", sender_address="a@b.example"
    )
    return row


def _mail(mailbox: Mailbox) -> Mail:
    """One that nobody has placed."""
    return Mail.objects.create(
        workspace_id=mailbox.workspace_id, mailbox=mailbox, uid=1, uidvalidity=1, fingerprint="f" * 32,
        kind="reply", state="unmatched", subject=SECRET, sender_name=SECRET, received_at=timezone.now(),
    )  # fmt: skip


def _mailing(
    member: Membership, mailbox: Mailbox, prospect: Prospect, contact: Contact
) -> tuple[Mailing, Manifest, Delivery]:
    workspace = member.workspace
    mailing = Mailing.objects.create(
        workspace=workspace,
        author=member,
        mailbox=mailbox,
        subject=SECRET,
        content=f"<p>{SECRET}</p>",
        audience={"prospects": [prospect.pk]},
        state=Mailing.State.PREPARED,
    )
    manifest = Manifest.objects.create(
        mailing=mailing,
        draft_version=1,
        mailbox=mailbox,
        sender_address=mailbox.address,
        subject=SECRET,
        content=mailing.content,
        language="en",
        contact_policy="hold",
        brand=workspace.name,
        recipients=1,
        queued=1,
        matched=1,
    )
    Mailing.objects.filter(pk=mailing.pk).update(manifest=manifest)
    delivery = Delivery.objects.create(
        workspace=workspace,
        mailing=mailing,
        manifest=manifest,
        prospect=prospect,
        partner=prospect.partner,
        contact=contact,
        address=contact.address,
        address_key=contact.address_key,
        mpid=prospect.partner_id,
        company_name=SECRET,
        state=Delivery.State.QUEUED,
        due_at=timezone.now(),
    )
    return mailing, manifest, delivery
