"""A partner with a portal: Élise of La Longue Veille, prospect of Halden & Rowe."""

from __future__ import annotations

from typing import Any, NamedTuple

from overture.accounts.models import Membership, User
from overture.conversations.models import Conversation, Message
from overture.conversations.post import post
from overture.directory.models import Partner, PartnerUser
from overture.files.models import Attachment, StoredFile
from overture.prospects.models import Prospect
from tests import factories
from tests.world import World


class Portal(NamedTuple):
    partner: Partner
    prospect: Prospect
    elise: User


def portal(world: World, name: str = "La Longue Veille", **fields: Any) -> Portal:
    partner = factories.partner(None, name, has_messaging=True, **fields)
    prospect = factories.prospect(world.nora, name, partner=partner)
    return Portal(partner, prospect, user_of(partner, "elise@veille.example", "Élise Vauquelin"))


def user_of(partner: Partner, email: str, name: str) -> User:
    user = User.objects.create_user(email, "correct horse battery", name=name)
    PartnerUser.objects.create(partner=partner, user=user)
    return user


def talk(member: Membership, partner: Partner, text: str = "Hello") -> tuple[Conversation, Message]:
    message = post(member, partner, text)
    return Conversation.objects.get(pk=message.conversation_id), message


def file(name: str = "rates.pdf", state: str = "clean", **fields: Any) -> Attachment:
    number = StoredFile.objects.count() + 1
    stored = StoredFile.objects.create(
        sha256=f"{number:064d}", served_sha256=f"{number:064d}", type="pdf", size=412_000, state=state
    )
    return Attachment.objects.create(stored=stored, name=name, **fields)
