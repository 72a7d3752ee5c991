"""The people of the demo's named partners, who sign in to the partner's portal with the demo's password."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from overture.accounts.models import User, Workspace
from overture.demo import sign_in
from overture.demo.directory_cast import CAST
from overture.directory.models import Partner, PartnerUser
from overture.directory.partner_users import take_in


def make_people(brand: Workspace) -> list[PartnerUser]:
    """One for each named partner that is there; and the brand takes first messages from others."""
    Workspace.objects.filter(pk=brand.pk).update(is_open_to_partners=True)
    partners = {
        each.website_key: each
        for each in Partner.objects.listed().filter(website_key__in=[made.website_key for made in CAST])
    }
    # Hashed once: it is the same for all.
    password = make_password(sign_in.password())
    made = []
    for each in CAST:
        if partner := partners.get(each.website_key):
            language = "fr" if each.language == "fr" else "en"
            user = User.objects.create(
                email=each.address.lower(),
                name=f"{each.first_name} {each.last_name}",
                language=language,
                password=password,
            )
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
            made.append(take_in(partner, user))
    return made
