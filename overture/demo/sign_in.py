"""Who signs in to the demo, on both sides; the brand's account is also the mark that its data were made."""

import os
import secrets

from django.conf import settings

from overture.accounts.models import User

EMAIL = "demo@overture.example"
# For the partner's portal, with the same password; people.py makes one for each named partner.
PARTNERS = (
    ("La Longue Veille", "elise.vauquelin@lalongueveille.example"),
    ("Brume & Bois", "anouk.aertsen@brumeetbois.example"),
    ("Nordlys Deals", "tomas.eikrem@nordlysdeals.example"),
)


def is_made() -> bool:
    return User.objects.filter(email=EMAIL).exists()


def password() -> str:
    """Made once in each data folder, so that a demo that somebody publishes has no known password."""
    path = settings.OVERTURE_DATA / "demo.password"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(6) + "\n")
    except FileExistsError:
        pass
    return path.read_text().strip()
