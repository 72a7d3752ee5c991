"""The first partners of the demo's directory, by name: those of the marketplace in the design."""

from __future__ import annotations

from typing import Any

from overture.demo.directory_traits import AGES, channel
from overture.demo.made_partner import MadePartner


def _partner(
    name: str, host: str, country: str, languages: str, about: str, topics: str, methods: str, model: str,
    audience: int, countries: str, ages: tuple[int, ...], channels: str, person: str, title: str,
    **more: Any,
) -> MadePartner:  # fmt: skip
    """`countries` as `FR 62, BE 20`; `channels` as `newsletter 58200`, the website is added."""
    first, last = person.split(" ", 1)
    site = f"https://{host}"
    return MadePartner(
        name=name,
        kind="partner",
        website=site,
        website_key=host,
        country=country,
        category=more.pop("category", "Home and living"),
        language=languages.split()[0],
        audience=audience,
        about=about,
        topics=tuple(topics.split(", ")),
        languages=tuple(languages.split()),
        methods=tuple(methods.split()),
        business_model=model,
        audience_countries={code: int(part) for code, part in map(str.split, countries.split(", "))},
        audience_ages=dict(zip(AGES, ages, strict=True)),
        channels=[channel("website", audience, site), *_channels(channels, host)],
        has_messaging=True,
        active_days=more.pop("active", 2),
        listed_minutes=more.pop("days", 260) * 24 * 60,
        first_name=first,
        last_name=last,
        title=title,
        address=f"{more.pop('local')}@{host}",
    )


def _channels(text: str, host: str) -> list[dict[str, Any]]:
    found = []
    for part in filter(None, text.split(", ")):
        kind, size = part.split()
        place = host if kind in ("newsletter", "podcast") else f"{kind}.example"
        path = kind if place == host else host.partition(".")[0]
        found.append(channel(kind, int(size), f"https://{place}/{path}"))
    return found


CAST = (
    _partner(
        "La Longue Veille", "lalongueveille.example", "FR", "fr",
        "Slow-living reviews for French homes, with a December gift guide.",
        "slow living, linge de lit, décoration, gift guide", "content reviews", "publisher", 412_000,
        "FR 62, BE 20, CH 8, CA 4", (6, 27, 31, 21, 15), "newsletter 61000, instagram 88000",
        "Élise Vauquelin", "Editor", local="elise.vauquelin", days=900, active=1,
    ),
    _partner(
        "Nordlys Deals", "nordlysdeals.example", "NO", "nb sv da",
        "Curated offers for Nordic households; strong on bedding and winter textiles.",
        "bedding, winter textiles, cashback, tilbud", "cashback voucher", "deals", 286_000,
        "NO 48, SE 27, DK 18, FI 4", (9, 31, 29, 19, 12), "newsletter 134000, facebook 52000",
        "Tomas Eikrem", "Account lead", local="tomas.eikrem", days=610,
    ),
    _partner(
        "Brume & Bois", "brumeetbois.example", "BE", "fr nl",
        "A weekly letter on furniture, linen and the small makers behind them, written from a workshop in "
        "Ghent. Half of its readers are interior architects and stylists.",
        "interiors, furniture, linen, small makers", "newsletter content", "independent", 58_200,
        "BE 46, FR 31, NL 14", (5, 29, 36, 20, 10), "newsletter 58200, podcast 6400",
        "Anouk Aertsen", "Editor", local="anouk.aertsen", days=266, active=3,
    ),
    _partner(
        "Hearthlist", "hearthlist.example", "NL", "en nl",
        "Ranked buying guides for the home, tested in a real house outside Utrecht.",
        "buying guides, duvets, bed linen, home tests", "reviews comparison", "publisher", 734_000,
        "NL 34, GB 28, DE 14, US 9", (8, 30, 30, 20, 12), "newsletter 92000, youtube 47000",
        "Joost Veldman", "Content lead", local="joost.veldman", days=1030,
    ),
    _partner(
        "Vintersol", "vintersol.example", "SE", "sv en",
        "Seasonal shopping editor with a sharp eye for natural fibres.",
        "natural fibres, wool, linen, seasonal shopping", "content social", "independent", 198_000,
        "SE 71, NO 12, FI 8, DK 5", (10, 34, 29, 17, 10), "instagram 120000, newsletter 31000",
        "Maja Hedlund", "Founder", local="maja.hedlund", days=480, active=1,
    ),
    _partner(
        "Penny & Pine", "pennyandpine.example", "GB", "en",
        "Members share verified codes for homeware; moderates every listing by hand.",
        "voucher codes, homeware, community, saving money", "voucher cashback", "community", 1_100_000,
        "GB 82, IE 9, US 4", (14, 33, 26, 17, 10), "newsletter 310000, facebook 140000, x 38000",
        "Callum Pryce", "Partnerships", local="callum.pryce", days=1010,
    ),
    _partner(
        "Maison Tranquille", "maisontranquille.example", "FR", "fr",
        "Before-and-after interiors with shoppable room plans.",
        "décoration, room plans, rénovation, avant et après", "content video", "publisher", 241_000,
        "FR 74, BE 11, CH 7, LU 2", (7, 36, 32, 16, 9), "youtube 83000, pinterest 154000",
        "Camille Tessandier", "Partnerships", local="camille.tessandier", days=350, active=4,
    ),
    _partner(
        "Casa Lenta", "casalenta.example", "ES", "es",
        "A two-person magazine on craft, Mediterranean homes and long lunches.",
        "artesanía, Mediterranean homes, cocina lenta, craft", "newsletter content", "independent", 37_000,
        "ES 68, MX 11, AR 7, IT 5", (6, 28, 33, 21, 12), "newsletter 37000, instagram 19000",
        "Inés Corvera", "Founder", local="ines.corvera", days=190, active=6,
    ),
    _partner(
        "Stillwater Home", "stillwaterhome.example", "IE", "en",
        "Comparison tables and care guides for bedding, towels and throws.",
        "bedding, towels, care guides, comparison", "comparison reviews", "publisher", 320_000,
        "GB 44, IE 31, US 12, AU 6", (7, 26, 31, 22, 14), "newsletter 44000",
        "Aoife Brannock", "Editor", local="aoife.brannock", days=720, active=2,
    ),
    _partner(
        "Spaarhoek", "spaarhoek.example", "NL", "nl",
        "Loyalty points for 640,000 Dutch households, with monthly home weeks.",
        "spaarpunten, loyalty, home weeks, huishouden", "loyalty cashback", "deals", 640_000,
        "NL 91, BE 7", (9, 25, 28, 22, 16), "newsletter 402000",
        "Pim Oosterwijk", "Account lead", local="pim.oosterwijk", days=840, active=1,
    ),
    _partner(
        "Fil & Fable", "filetfable.example", "FR", "fr",
        "Textile history told through objects; a small and very loyal readership.",
        "textile history, étoffes, broderie, musées", "content newsletter", "independent", 29_000,
        "FR 66, BE 12, CH 9, CA 8", (5, 19, 27, 26, 23), "newsletter 12400, podcast 5100",
        "Garance Perrin", "Author", local="garance.perrin", category="Books and culture", days=120, active=9,
    ),
    _partner(
        "Landlyst", "landlyst.example", "DK", "da",
        "Country living, gardens and the linen cupboard, four issues a year.",
        "country living, gardens, linen cupboard, landliv", "content newsletter", "publisher", 96_000,
        "DK 79, NO 9, SE 8", (3, 14, 26, 30, 27), "newsletter 28000, facebook 33000",
        "Astrid Møller", "Editor", local="astrid.moller", days=1000, active=5,
    ),
)  # fmt: skip
