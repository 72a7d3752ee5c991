"""Which mails are fetched at all: by their headers alone, in the same number of queries."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from overture.delivery.models import GivenId
from overture.inbound.concern import concerns
from overture.inbound.headers import Headers, headers_of
from overture.inbound.models import SentCopy
from tests.inbound.samples import names, sample
from tests.inbound.taking import Sent, changed, sent
from tests.world import World


@pytest.fixture
def here(world: World) -> Sent:
    return sent(world)


def heads(*raws: bytes) -> list[Headers]:
    return [headers_of(number, raw) for number, raw in enumerate(raws, 1)]


def chosen(here: Sent, *raws: bytes) -> set[int]:
    return concerns(here.mailbox, heads(*raws))


def test_all_samples_that_name_ours_and_no_newsletter(here: Sent) -> None:
    known = names()
    found = chosen(here, *(sample(name, here.id) for name in known))
    assert {name for number, name in enumerate(known, 1) if number not in found} == {
        "newsletter", "reply-names-nothing",
    }  # fmt: skip


def test_strangers_are_left_where_they_are(here: Sent) -> None:
    stranger = changed(here, "reply-plain", sender="x@stranger.example", our_id="a@b.example")
    forged = changed(here, "reply-plain", sender="x@stranger.example", our_id=here.forged_id)
    assert chosen(here, stranger, forged) == set()


def test_contacts_count_where_other_mail_is_shared(here: Sent) -> None:
    other = changed(here, "reply-plain", our_id="a@b.example")
    assert chosen(here, other) == set()
    here.mailbox.shares_other_mail = True
    assert chosen(here, other) == {1}
    here.mailbox.shares_other_mail, here.mailbox.owner = False, None
    assert chosen(here, other) == {1}


def test_a_message_id_that_a_provider_gave_is_known(here: Sent) -> None:
    given = changed(here, "reply-plain", our_id="given@provider.example")
    assert chosen(here, given) == set()
    SentCopy.objects.create(mailbox=here.mailbox, delivery=here.delivery, message_id="given@provider.example")
    assert chosen(here, given) == {1}


def test_an_id_that_a_relay_gave_is_known(here: Sent) -> None:
    given = changed(here, "reply-plain", our_id="0102-abc-000000@eu-west-1.amazonses.com")
    assert chosen(here, given) == set()
    GivenId.objects.create(delivery=here.delivery, given_id="0102-abc-000000")
    assert chosen(here, given) == {1}


def test_who_wrote_it_says_nothing_where_proof_is_needed(here: Sent) -> None:
    here.mailbox.shares_other_mail = True
    other = changed(here, "reply-plain", our_id="a@b.example")
    ours = changed(here, "reply-plain")
    assert concerns(here.mailbox, heads(other, ours), needs_proof=True) == {2}


def test_an_address_with_our_sign_is_known(here: Sent) -> None:
    token = here.id.partition("@")[0]
    signed = changed(here, "reply-plain", our_id="a@b.example").replace(
        b"<nora@halden.example>", f"<nora+{token}@halden.example>".encode()
    )
    assert chosen(here, signed) == {1}


def test_what_members_write_is_no_partners_mail(world: World, here: Sent) -> None:
    assert chosen(here, changed(here, "reply-plain", sender=world.camille.user.email)) == set()


def test_a_thousand_cost_the_queries_of_one(here: Sent) -> None:
    here.mailbox.shares_other_mail = True

    def cost(raws: Sequence[bytes]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            concerns(here.mailbox, heads(*raws))
        return len(queries)

    raw = changed(here, "reply-plain", our_id="a@b.example")
    assert cost([raw]) == cost([raw] * 1_000) <= 5
