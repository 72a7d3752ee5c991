"""Imports only: every model of the packages, so that Django finds them under one app label."""

from overture.accounts.models import ApiToken, Invitation, Membership, Program, User, Workspace
from overture.activity.models import Activity
from overture.ads.models import Ad, AdClick
from overture.api.models import KeptAnswer
from overture.conversations.models import (
    Conversation,
    Message,
    MessageDraft,
    MessageRun,
    MessageRunRow,
    Pulse,
    ReadUpTo,
    Received,
    ThreadWords,
    Unread,
)
from overture.delivery.models import Delivery, GivenId, Lease, Mailing, Manifest, Queued, Suppression
from overture.demo.models import CaughtEmail
from overture.directory.models import (
    Contact,
    DirectoryEvent,
    Partner,
    PartnerClaim,
    PartnerInvitation,
    PartnerUser,
)
from overture.files.models import Attachment, StoredFile
from overture.inbound.models import Folder, Mail, Reading, SentCopy
from overture.mailboxes.models import Mailbox, MailboxGrant, MailboxRelay, SendingAddress, SendingCount
from overture.marketplace.models import (
    NotInterested,
    Report,
    SavedPartner,
    SavedSearch,
    TileSelection,
    TileSelectionRow,
)
from overture.notices.models import Notice
from overture.prospects.models import (
    Contacted,
    Group,
    Import,
    ImportChange,
    ImportRefusal,
    Note,
    Prospect,
    Selection,
    SelectionRow,
    Wrote,
)
from overture.runs.models import Run
from overture.webhooks.models import Webhook, WebhookCall

__all__ = [
    "Activity",
    "Ad",
    "AdClick",
    "ApiToken",
    "Attachment",
    "CaughtEmail",
    "Contact",
    "Contacted",
    "Conversation",
    "Delivery",
    "DirectoryEvent",
    "Folder",
    "GivenId",
    "Group",
    "Import",
    "ImportChange",
    "ImportRefusal",
    "Invitation",
    "KeptAnswer",
    "Lease",
    "Mail",
    "Mailbox",
    "MailboxGrant",
    "MailboxRelay",
    "Mailing",
    "Manifest",
    "Membership",
    "Message",
    "MessageDraft",
    "MessageRun",
    "MessageRunRow",
    "NotInterested",
    "Note",
    "Notice",
    "Partner",
    "PartnerClaim",
    "PartnerInvitation",
    "PartnerUser",
    "Program",
    "Prospect",
    "Pulse",
    "Queued",
    "ReadUpTo",
    "Reading",
    "Received",
    "Report",
    "Run",
    "SavedPartner",
    "SavedSearch",
    "Selection",
    "SelectionRow",
    "SendingAddress",
    "SendingCount",
    "SentCopy",
    "StoredFile",
    "Suppression",
    "ThreadWords",
    "TileSelection",
    "TileSelectionRow",
    "Unread",
    "User",
    "Webhook",
    "WebhookCall",
    "Workspace",
    "Wrote",
]
