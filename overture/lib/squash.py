"""Texts compared by what people mean, not by how they type it."""

from __future__ import annotations

import unicodedata


def squash(text: str) -> str:
    """Letters and digits alone, without accents or capitals: `Nom de l’Entreprise` is `nomdelentreprise`."""
    bare = unicodedata.normalize("NFKD", text).casefold().replace("œ", "oe")
    return "".join(letter for letter in bare if letter.isalnum())
