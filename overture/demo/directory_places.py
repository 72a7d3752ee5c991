"""Where made-up partners are at home: weight, languages, neighbours that read them, and cities."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    country: str
    # Of about a thousand partners.
    weight: int
    # The main language, then others that are heard there.
    languages: tuple[str, ...]
    # Where the rest of the audience is.
    neighbours: tuple[str, ...]
    cities: tuple[str, ...]


def _place(country: str, weight: int, languages: str, neighbours: str, cities: str) -> Place:
    return Place(
        country,
        weight,
        tuple(languages.split()),
        tuple(neighbours.split()),
        tuple(" ".join(city.split()) for city in cities.split(",")),
    )


PLACES = (
    _place("GB", 140, "en fr es", "IE US AU CA FR DE IN", "Bristol, Leeds, York, Bath, Glasgow, Perth"),
    _place("US", 150, "en es", "CA GB MX AU IN DE", "Austin, Boston, Chicago, Denver, Seattle, Maine"),
    _place("IE", 25, "en", "GB US FR AU DE", "Dublin, Cork, Galway, Limerick, Sligo"),
    _place("CA", 30, "en fr", "US GB FR AU IN", "Toronto, Vancouver, Halifax, Calgary, Ottawa"),
    _place("AU", 35, "en", "NZ GB US SG IN", "Sydney, Melbourne, Hobart, Perth, Adelaide"),
    _place("FR", 130, "fr en es", "BE CH CA LU MA DE GB", "Paris, Lyon, Nantes, Lille, Rennes, Bordeaux"),
    _place("BE", 20, "fr nl en", "FR NL LU CH CA", "Bruxelles, Liège, Namur, Mons, Tournai"),
    _place("CH", 12, "fr de en", "FR BE DE IT CA", "Genève, Lausanne, Neuchâtel, Fribourg, Sion"),
    _place("CA", 12, "fr en", "FR US BE CH HT", "Montréal, Québec, Gatineau, Sherbrooke, Rimouski"),
    _place("DE", 90, "de en", "AT CH NL LU FR PL", "Berlin, Hamburg, Leipzig, Köln, Bremen, Freiburg"),
    _place("AT", 20, "de en", "DE CH IT CZ HU", "Wien, Graz, Linz, Salzburg, Innsbruck"),
    _place("CH", 20, "de fr en it", "DE AT LI FR IT", "Zürich, Bern, Basel, Luzern, Chur"),
    _place("ES", 45, "es en ca", "MX AR CO US FR PT", "Madrid, Sevilla, Bilbao, Valencia, Granada, Gijón"),
    _place("MX", 20, "es en", "US CO ES AR PE", "Puebla, Oaxaca, Mérida, Guadalajara, Monterrey"),
    _place("IT", 45, "it en", "CH DE FR ES SM", "Milano, Torino, Bologna, Firenze, Napoli, Lecce"),
    _place("PT", 12, "pt en", "BR ES FR CH LU", "Lisboa, Porto, Coimbra, Évora, Braga"),
    _place("BR", 28, "pt en", "PT US AR JP ES", "São Paulo, Recife, Curitiba, Salvador, Belém"),
    _place("NL", 35, "nl en de", "BE DE SR GB FR", "Utrecht, Haarlem, Leiden, Groningen, Delft, Arnhem"),
    _place("BE", 15, "nl fr en", "NL FR DE LU GB", "Gent, Antwerpen, Leuven, Brugge, Mechelen"),
    _place("SE", 20, "sv en", "FI NO DK DE US", "Malmö, Uppsala, Lund, Göteborg, Umeå, Visby"),
    _place("DK", 14, "da en", "NO SE DE GL IS", "Aarhus, Odense, København, Ribe, Aalborg"),
    _place("NO", 12, "nb en", "SE DK IS GB US", "Bergen, Oslo, Trondheim, Tromsø, Ålesund"),
    _place("FI", 12, "fi sv en", "SE EE NO DE US", "Helsinki, Turku, Oulu, Tampere, Porvoo"),
    _place("PL", 20, "pl en", "GB DE IE CZ NO", "Kraków, Gdańsk, Wrocław, Łódź, Poznań, Lublin"),
    _place("CZ", 10, "cs en sk", "SK DE AT PL GB", "Praha, Brno, Plzeň, Olomouc, Tábor"),
    _place("GR", 8, "el en", "CY DE AU US GB", "Αθήνα, Πάτρα, Χανιά, Βόλος, Ιωάννινα"),
    _place("UA", 8, "uk en", "PL DE CZ GB US", "Київ, Львів, Одеса, Харків, Полтава"),
    _place("KZ", 6, "ru kk en", "DE UZ GE AM IL", "Алматы, Астана, Караганда, Павлодар"),
    _place("AE", 6, "ar en", "SA EG MA JO KW", "دبي, أبوظبي, الشارقة, العين"),
    _place("EG", 5, "ar en", "SA AE JO MA SD", "القاهرة, الإسكندرية, أسوان, الأقصر"),
    _place("IL", 6, "he en", "US FR GB DE", "תל אביב, חיפה, ירושלים, יפו"),
    _place("IN", 9, "hi en", "NP AE US GB CA", "दिल्ली, जयपुर, लखनऊ, भोपाल, पटना"),
    _place("JP", 18, "ja en", "US TW KR BR SG", "東京, 京都, 大阪, 札幌, 福岡, 鎌倉"),
    _place("TW", 6, "zh en", "HK SG MY US JP", "臺北, 臺南, 臺中, 高雄"),
    _place("HK", 5, "zh en", "TW SG MY CA GB", "香港, 旺角, 西貢, 灣仔"),
    _place("KR", 10, "ko en", "US JP CN VN CA", "서울, 부산, 전주, 제주, 대구"),
)  # fmt: skip
