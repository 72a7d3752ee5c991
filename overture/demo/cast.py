"""The demo's named cast: a brand, its people, its ads and its groups."""

from __future__ import annotations

from dataclasses import dataclass

from overture.accounts.models import Membership, User, Workspace
from overture.accounts.roles import MANAGER, VIEWER
from overture.ads import details as ads
from overture.ads.make import make as make_ad
from overture.delivery.draft import create as draft
from overture.demo import catcher, sign_in
from overture.mailboxes.connect import connect
from overture.mailboxes.details import Details as MailboxDetails
from overture.prospects.models import Group

BRAND = "Halden & Rowe"
ADDRESS = "Halden & Rowe, 4 Weavers Yard, Bristol BS1 6XN, United Kingdom"
COLLEAGUES = (
    ("camille@halden-and-rowe.example", "Camille Dupré", MANAGER),
    ("idris@halden-and-rowe.example", "Idris Bello", MANAGER),
    ("theo@halden-and-rowe.example", "Theo Sandberg", VIEWER),
)
GROUPS = ("Winter linen", "FR publishers", "UK blogs", "Creators: home", "Nordics", "Loyalty Q1")

SUBJECT = "A winter feature for {mpname}?"
CONTENT = """\
<p>Hello {firstName|there},</p>
<p>I look after partnerships at Halden &amp; Rowe. We weave linen for beds and tables, and I have been reading
{mpname} for a while: your pieces on looking after good things are the reason I am writing.</p>
<p>We launch our winter weights in December, and I would like to offer your readers an early look:</p>
<ul><li>10% commission until 31 January, 30-day cookie</li>
<li>Two samples of your choice, no strings attached</li></ul>
<p>{adcode_AD}</p>
<p>Would a short call next week suit you? If another colleague is a better fit, I would be glad of an
introduction.</p>
<p>Warmly,<br>Nora Lindqvist</p>
"""


@dataclass(frozen=True)
class Cast:
    nora: Membership
    colleagues: list[Membership]
    groups: list[Group]


def make_cast(nora: Membership) -> Cast:
    """Colleagues, groups, ads, the mailbox that sends to the catcher, around the one who signs in."""
    workspace = nora.workspace
    colleagues = [_colleague(workspace, *facts) for facts in COLLEAGUES]
    groups = [Group.objects.create(workspace=workspace, name=name) for name in GROUPS]
    _connect_mailbox(nora)
    return Cast(nora, colleagues, groups)


def make_ads_and_draft(cast: Cast, prospects: list[int]) -> None:
    link = make_ad(
        cast.nora,
        ads.Details(
            name="Winter linen",
            kind="text",
            text="Winter linen, from 89 €",
            landing_page="https://halden-and-rowe.example/winter-linen",
        ),
    )
    make_ad(
        cast.nora,
        ads.Details(
            name="New arrivals",
            kind="text",
            text="New arrivals at Halden & Rowe",
            landing_page="https://halden-and-rowe.example/new",
        ),
    )
    draft(
        cast.nora,
        sender_name="Nora from Halden & Rowe",
        reply_to=sign_in.EMAIL,
        subject=SUBJECT,
        content=CONTENT.replace("adcode_AD", f"adcode_{link.pk}"),
        audience={"prospects": prospects},
    )


def _colleague(workspace: Workspace, email: str, name: str, role: str) -> Membership:
    # Without a usable password: they are here to be seen, not to be signed in as.
    user = User.objects.create_user(email, None, name=name)
    return Membership.objects.create(workspace=workspace, user=user, role=role)


def _connect_mailbox(nora: Membership) -> None:
    connect(
        nora,
        MailboxDetails(
            address="nora@halden-and-rowe.example",
            sender_name="Nora from Halden & Rowe",
            host=catcher.HOST,
            port=catcher.port(),
            security="none",
            per_minute=600,
            per_hour=20_000,
            per_day=150_000,
        ),
    )
