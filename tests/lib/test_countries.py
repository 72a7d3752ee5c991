"""Countries and languages as people write them."""

from __future__ import annotations

import pytest

from overture.lib.countries import find_country, find_language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(("FR", "FR"), (" fr ", "FR"), ("FRA", "FR"), ("France", "FR"), ("UK", "GB"), ("GBR", "GB")),
        *(
            ("Royaume-Uni", "GB"),
            ("ROYAUME\u00a0UNI", "GB"),
            ("England", "GB"),
            ("USA", "US"),
            ("U.S.", "US"),
        ),
        *(("etats unis", "US"), ("États-Unis", "US"), ("Allemagne", "DE"), ("Germany", "DE"), ("NA", "NA")),
        *(
            ("Côte d’Ivoire", "CI"),
            ("Turquie", "TR"),
            ("Türkiye", "TR"),
            ("Pays-Bas", "NL"),
            ("Holland", "NL"),
        ),
        *(("EU", None), ("XX", None), ("ZZ", None), ("", None), ("Frankreich", None), ("Europe", None)),
    ],
)
def test_find_country(text: str, code: str | None) -> None:
    assert find_country(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(("fr", "fr"), ("FR", "fr"), ("fr-FR", "fr"), ("pt_BR", "pt"), ("fra", "fr"), ("fre", "fr")),
        *(("English", "en"), ("anglais", "en"), ("Français", "fr"), ("Deutsch", "de"), ("zh-Hans", "zh")),
        *(("xx", None), ("klingon", None), ("", None)),
    ],
)
def test_find_language(text: str, code: str | None) -> None:
    assert find_language(text) == code
