"""A partner signs up: made in review where nobody like it is known, else a claim that an operator decides."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from overture.accounts.access import require_operator
from overture.accounts.models import User
from overture.directory import matching
from overture.directory.details import check
from overture.directory.history import note
from overture.directory.models import Contact, Partner, PartnerClaim, Standing
from overture.directory.partner_users import take_in
from overture.directory.tell import tell_decided_later
from overture.directory.turns import take_turn
from overture.lib import addresses, websites

# Undecided ones of one person: who signs up for a hundred companies asks the operator instead.
MOST = 5
LONGEST_REASON = 500
Found, Outcome = PartnerClaim.Found, PartnerClaim.Outcome


class SignUpError(ValueError):
    """What cannot stand of a sign-up: `field`, a code of wording.WORDS, the value. Also too_many_claims."""

    def __init__(self, field: str, code: str, value: str = "", **params: Any) -> None:
        super().__init__(f"{field}: {code}")
        self.field, self.code, self.value, self.params = field, code, value, params


class ClaimError(ValueError):
    """A decision that is not possible. Codes: decided, no_reason, long_reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def checked(name: str, kind: str, website: str) -> dict[str, str]:
    """As they are kept. Raises SignUpError."""
    details, errors = check({"name": name, "kind": kind, "website": website})
    for error in errors:
        raise SignUpError(error.field, error.code, error.value, **error.params)
    if not details.name:
        raise SignUpError("name", "required")
    return {"name": details.name, "kind": details.kind, "website": details.website}


@transaction.atomic
def sign_up(user: User, name: str, kind: str, website: str) -> PartnerClaim:
    """Keeps what the person says until their address is confirmed: `begin` goes on. Raises SignUpError."""
    said = checked(name, kind, website)
    User.objects.select_for_update().get(pk=user.pk)
    if PartnerClaim.objects.filter(user=user, outcome="").count() >= MOST:
        raise SignUpError("name", "too_many_claims", most=MOST)
    claim: PartnerClaim = PartnerClaim.objects.create(user=user, **said)
    return claim


@transaction.atomic
def begin(claim: PartnerClaim) -> PartnerClaim:
    """The person's address is confirmed. Raises Busy, and it can be begun again later."""
    take_turn()
    row = PartnerClaim.objects.select_for_update().select_related("user").get(pk=claim.pk)
    if row.begun_at is not None:
        return row
    number, row.found_by = _alike(row)
    row.begun_at = timezone.now()
    if number is not None:
        row.partner_id = number
    else:
        row.partner = _make(row)
        row.outcome, row.decided_at = Outcome.MADE, row.begun_at
    row.save()
    return row


def waiting_of(user: User) -> list[PartnerClaim]:
    """Those that are not over: to be begun, or before an operator."""
    rows = PartnerClaim.objects.filter(user=user, outcome="").select_related("user")
    return list(rows.order_by("pk"))


def waiting(operator: User) -> QuerySet[PartnerClaim]:
    """All that an operator is to decide."""
    require_operator(operator)
    return PartnerClaim.objects.filter(outcome="", begun_at__isnull=False)


def refused_of(user: User) -> list[PartnerClaim]:
    return list(PartnerClaim.objects.filter(user=user, outcome=Outcome.REFUSED).order_by("-pk")[:MOST])


@transaction.atomic
def grant(operator: User, claim: PartnerClaim) -> Partner:
    """The partner is theirs: they are signed in for it from now on. Raises ClaimError."""
    row = _undecided(operator, claim)
    partner: Partner = Partner.objects.select_for_update().get(pk=row.partner_id)
    take_in(partner, row.user)
    be_written_to(partner, row.user)
    note(operator, partner, "claim_granted", name=str(row.user))
    _decide(operator, row, Outcome.GRANTED)
    return partner


@transaction.atomic
def make_other(operator: User, claim: PartnerClaim) -> Partner:
    """It is another one than the known one: a new partner, in review. Raises ClaimError and Busy."""
    take_turn()
    row = _undecided(operator, claim)
    made = row.partner = _make(row)
    _decide(operator, row, Outcome.OTHER)
    return made


@transaction.atomic
def refuse(operator: User, claim: PartnerClaim, reason: str) -> PartnerClaim:
    """`reason` is read by the person. Raises ClaimError."""
    because = " ".join(reason.replace("\0", " ").split())
    if not because or len(because) > LONGEST_REASON:
        raise ClaimError("long_reason" if because else "no_reason")
    row = _undecided(operator, claim)
    row.reason = because
    if row.partner:
        note(operator, row.partner, "claim_refused", name=str(row.user), reason=because)
    _decide(operator, row, Outcome.REFUSED)
    return row


def be_written_to(partner: Partner, user: User) -> None:
    """Who signs in for a partner is whom brands write to, where its account had nobody."""
    if Contact.objects.filter(partner=partner, workspace=None, erased_at=None).exclude(address="").exists():
        return
    try:
        address = addresses.parse(user.email)
    except addresses.AddressError:
        return
    key = addresses.key(address, settings.ADDRESS_KEY)
    first_name, _, last_name = user.name.strip().partition(" ")
    Contact.objects.get_or_create(
        partner=partner,
        workspace=None,
        address_key=key,
        defaults={
            "first_name": first_name[:100],
            "last_name": last_name.strip()[:100],
            "address": str(address),
        },
    )


def alike(name: str, website: str) -> dict[str, list[int]]:
    """Partners of the directory with this website or name, by what they were found."""
    key = websites.match_key(website) or ""
    found = matching.find([], [key] if key else [], [], [name])
    by_website = found.by_website.get(key)
    by_name = {number for match in found.by_name.values() for number in match.partners}
    return {
        Found.WEBSITE: sorted(by_website.partners) if by_website else [],
        Found.NAME: sorted(by_name),
    }


def _alike(claim: PartnerClaim) -> tuple[int | None, str]:
    """The partner that the claim may mean, by the surest sign."""
    found = alike(claim.name, claim.website)
    by_address = matching.find([], [], [_address_key(claim.user)], []).by_address
    found[Found.ADDRESS] = sorted(number for match in by_address.values() for number in match.partners)
    for sign in (Found.WEBSITE, Found.ADDRESS, Found.NAME):
        if found[sign]:
            return found[sign][0], sign
    return None, ""


def _make(claim: PartnerClaim) -> Partner:
    """In review. A website that another one has is kept as text: told apart by it are only who own it."""
    key = websites.match_key(claim.website) or ""
    is_taken = bool(key) and bool(alike(claim.name, claim.website)[Found.WEBSITE])
    partner: Partner = Partner.objects.create(
        standing=Standing.IN_REVIEW,
        name=claim.name,
        kind=claim.kind,
        website=claim.website,
        website_key="" if is_taken else key,
        has_messaging=True,
    )
    take_in(partner, claim.user)
    be_written_to(partner, claim.user)
    note(claim.user, partner, "signed_up")
    return partner


def _undecided(operator: User, claim: PartnerClaim) -> PartnerClaim:
    require_operator(operator)
    row: PartnerClaim = PartnerClaim.objects.select_for_update().get(pk=claim.pk)
    if row.outcome or row.begun_at is None:
        raise ClaimError("decided")
    return row


def _decide(operator: User, row: PartnerClaim, outcome: str) -> None:
    row.outcome, row.decided_by, row.decided_at = outcome, operator, timezone.now()
    row.save(update_fields=["partner", "outcome", "decided_by", "decided_at", "reason"])
    tell_decided_later(row)


def _address_key(user: User) -> str:
    try:
        return addresses.key(addresses.parse(user.email), settings.ADDRESS_KEY)
    except addresses.AddressError:
        return ""
