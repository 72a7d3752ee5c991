"""Sentences that every e-mail carries, in the language of the e-mail (not of the page)."""

from __future__ import annotations

# GDPR art. 14: who writes, why, where the address comes from, and the rights of the person.
_FROM_PROSPECTS = {
    "en": (
        "{brand} is writing to you about working together. Your address comes from your account in the "
        "partner directory or from contact details that {brand} gathered for this purpose. You can ask at "
        "{contact} to see, correct or erase your data, and object to its use at any time."
    ),
    "fr": (
        "{brand} vous écrit au sujet d’une possible collaboration. Votre adresse provient de votre compte "
        "dans l’annuaire des partenaires ou de coordonnées que {brand} a recueillies à cette fin. Vous "
        "pouvez demander à {contact} l’accès à vos données, leur rectification ou leur effacement, et vous "
        "opposer à leur usage à tout moment."
    ),
}
_FROM_PARTNERS = {
    "en": (
        "You receive this email because you are a partner of {brand}. You can ask at {contact} to see, "
        "correct or erase your data, and object to its use at any time."
    ),
    "fr": (
        "Vous recevez cet e-mail parce que vous êtes partenaire de {brand}. Vous pouvez demander à {contact} "
        "l’accès à vos données, leur rectification ou leur effacement, et vous opposer à leur usage à tout "
        "moment."
    ),
}


def why(language: str, origin: str, brand: str, contact: str) -> str:
    """Why they are written to; `origin` is the list they were chosen in, `contact` an address."""
    sentences = _FROM_PARTNERS if origin == "partners" else _FROM_PROSPECTS
    return sentences[language].format(brand=brand, contact=contact)
