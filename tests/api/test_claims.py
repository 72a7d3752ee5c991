"""Partners' own people by API: the operator's claims and invitations, a workspace's invitations."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from overture.accounts.models import User
from overture.directory import sign_up
from overture.directory.models import PartnerClaim, PartnerInvitation, PartnerUser
from overture.directory.partner_users import take_in
from tests import factories
from tests.api.caller import Caller, caller
from tests.world import World


@pytest.fixture
def operator(world: World) -> Caller:
    world.nora.user.is_operator = True
    world.nora.user.save(update_fields=["is_operator"])
    return caller(world.nora)


def _claim(email: str = "elise@veille.example") -> PartnerClaim:
    user = User.objects.create_user(email, name="Élise")
    return sign_up.begin(sign_up.sign_up(user, "Veille", "creator", "veille.example"))


def test_a_member_invites_a_contact(world: World, nora: Caller) -> None:
    prospect = factories.prospect(world.nora, "Lin", "zoe@lin.example")
    contact = prospect.partner.contacts.get()
    path = f"/prospects/{prospect.pk}/invitations"
    made = nora.post(path, {"contact": contact.pk})
    row = PartnerInvitation.objects.get()
    ends = datetime.fromisoformat(made["ends_at"]) - datetime.fromisoformat(made["created_at"])
    assert (made["id"], made["address"], made["invited_by"], made["prospect"]) == (
        row.pk, "zoe@lin.example", world.nora.pk, prospect.pk,
    )  # fmt: skip
    assert (made["link"].startswith("https://overture.test/partner/invitations/"), ends) == (
        True, timedelta(days=14),
    )  # fmt: skip
    assert nora.get(path)["items"] == [made]
    status, problem = nora("post", path, {"contact": contact.pk})
    assert (status, problem["errors"][0]["code"]) == (409, "too_soon")
    assert nora("post", f"{path}/{row.pk}/withdraw")[0] == 204
    assert nora.get(path)["items"] == []
    assert nora("post", path, {"contact": 999_999})[1]["errors"][0]["field"] == "contact"


def test_the_address_of_an_account_stays_hidden(world: World, nora: Caller) -> None:
    partner = factories.partner(name="Lin")
    contact = factories.contact(partner, "zoe@lin.example")
    prospect = factories.prospect(world.nora, partner=partner)
    made = nora.post(f"/prospects/{prospect.pk}/invitations", {"contact": contact.pk})
    assert (made["address"], made["link"]) == ("z•••@lin.example", None)


def test_invitations_of_another_workspace_are_not_found(world: World, stranger: Caller) -> None:
    prospect = factories.prospect(world.nora, "Lin", "zoe@lin.example")
    own = factories.prospect(world.stranger, "Own", "x@own.example")
    row = PartnerInvitation.objects.create(
        partner=prospect.partner, workspace=world.brand, address="zoe@lin.example"
    )
    assert stranger("get", f"/prospects/{prospect.pk}/invitations")[0] == 404
    assert stranger("post", f"/prospects/{own.pk}/invitations/{row.pk}/withdraw")[0] == 404
    row.refresh_from_db()
    assert row.ended_at is None


def test_claims_are_listed_and_decided(operator: Caller) -> None:
    known = factories.partner(name="VEILLE")
    claim = _claim()
    [item] = operator.get("/directory/claims")["items"]
    assert item.pop("created_at")
    assert item == {
        "id": claim.pk,
        "mpid": known.pk,
        "found_by": "name",
        "name": "Veille",
        "kind": "creator",
        "website": "https://veille.example",
        "person": "Élise",
        "email": "elise@veille.example",
    }
    path = f"/directory/claims/{claim.pk}"
    assert operator.post(f"{path}/grant", expected=200) == {"outcome": "granted", "mpid": known.pk}
    assert operator.post(f"{path}/refuse", {"reason": "No"}, expected=409)["errors"][0]["code"] == "decided"
    assert operator.get("/directory/claims")["items"] == []
    second = _claim("x@veille.example")
    made = operator.post(f"/directory/claims/{second.pk}/other", expected=200)
    assert (made["outcome"], made["mpid"] == known.pk) == ("other", False)
    third = _claim("y@veille.example")
    told = operator.post(f"/directory/claims/{third.pk}/refuse", {"reason": "Not yours"}, expected=200)
    assert told["outcome"] == "refused"
    assert PartnerClaim.objects.get(pk=third.pk).reason == "Not yours"


def test_the_operator_invites_and_removes_people(operator: Caller) -> None:
    partner = factories.partner(name="Lin")
    path = f"/directory/partners/{partner.pk}"
    made = operator.post(f"{path}/invitations", {"address": "Zoe@lin.example"})
    assert (made["address"], made["by"], made["workspace"]) == ("zoe@lin.example", "operator", None)
    assert operator.get(f"{path}/invitations")["items"] == [made]
    assert operator.post(f"{path}/invitations", {"address": "nonsense"}, expected=422)["errors"][0] == {
        "field": "address",
        "code": "invalid_address",
        "message": "Enter a full address, such as name@brand.example.",
    }
    assert operator("post", f"{path}/invitations/{made['id']}/withdraw")[0] == 204
    assert operator.get(f"{path}/invitations")["items"] == []
    mine = take_in(partner, User.objects.create_user("zoe@lin.example", name="Zoé"))
    [item] = operator.get(f"{path}/people")["items"]
    assert item.pop("created_at")
    assert item == {"id": mine.pk, "name": "Zoé", "email": "zoe@lin.example", "notify": "at_once"}
    assert operator("post", f"{path}/people/{mine.pk}/remove")[0] == 204
    assert PartnerUser.objects.current().count() == 0


def test_as_many_queries_for_three_as_for_one(operator: Caller) -> None:
    partner = factories.partner(name="Veille")
    paths = ("/directory/claims", f"/directory/partners/{partner.pk}/people",
             f"/directory/partners/{partner.pk}/invitations")  # fmt: skip

    def queries() -> list[int]:
        counted = []
        for path in paths:
            with CaptureQueriesContext(connection) as captured:
                operator.get(path)
            counted.append(len(captured))
        return counted

    def add(name: str) -> None:
        _claim(f"{name}@veille.example")
        take_in(partner, User.objects.create_user(f"p{name}@veille.example"))
        operator.post(f"/directory/partners/{partner.pk}/invitations", {"address": f"i{name}@x.example"})

    add("a")
    one = queries()
    add("b")
    add("c")
    assert queries() == one
