"""Which column of a sheet means what: headings by name, in English and French, and where that is not sure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from overture.lib.squash import squash
from overture.prospects.import_fields import DIRECTORY_FIELDS, PROSPECT_FIELDS, Field

# Compared without accents, capitals, spaces and punctuation; plurals and "(s)" by naming both.
_HEADINGS: dict[Field, str] = {
    "company": """
        company; company name; organization; organization name; organisation; organisation name;
        brand; brand name; business; business name; partner; partner name; account; account name;
        creator; creator name; publisher; publisher name; entreprise; nom de l'entreprise; nom
        entreprise; société; nom de la société; nom société; raison sociale; marque; nom de la
        marque; organisme; partenaire; nom du partenaire; créateur; nom du créateur; éditeur;
        structure; compte; nom du compte
    """,
    "first_name": """
        first name; firstname; first; given name; forename; contact first name; prénom; prénoms;
        prénom du contact; prénom contact
    """,
    "last_name": """
        last name; lastname; last; surname; family name; contact last name; nom de famille;
        patronyme
    """,
    "full_name": """
        full name; contact; contacts; contact name; contact person; person; nom complet; nom du
        contact; nom contact; nom et prénom; nom prénom; prénom nom; prénom et nom; interlocuteur;
        personne; responsable
    """,
    "address": """
        email; e-mail; mail; email address; e-mail address; mail address; contact email; contact
        e-mail; courriel; adresse e-mail; adresse mail; adresse courriel; adresse de courriel;
        adresse électronique; adresse de messagerie; mél; email contact; e-mail du contact; email du
        contact; mail contact
    """,
    "website": """
        website; web site; web; site; url; website url; site url; link; domain; domain name;
        homepage; home page; web page; site web; site internet; adresse web; adresse du site; lien;
        domaine; nom de domaine; page web; url du site
    """,
    "country": "country; country code; country/region; nation; pays; code pays; pays/région",
    "kind": "kind; type; partner type; partner kind; type de partenaire",
    "category": """
        category; categories; vertical; industry; niche; topic; sector; catégorie; catégories;
        secteur; secteur d'activité; thématique; thème; univers; domaine d'activité; verticale
    """,
    "groups": """
        group; groups; list; lists; tag; tags; label; labels; segment; segments; groupe; groupes;
        groupe(s); liste; listes; liste(s); étiquette; étiquettes; libellés; mots-clés
    """,
    "audience": """
        audience; audience size; size; followers; subscribers; follower count; followers count;
        fans; reach; visitors; visits; monthly visitors; monthly visits; taille; taille d'audience;
        taille de l'audience; abonnés; nombre d'abonnés; visiteurs; visites; portée; visiteurs
        mensuels; visites mensuelles
    """,
    "language": "language; languages; lang; locale; langue; langues; langue de contact",
    "notes": """
        note; notes; comment; comments; remark; remarks; description; memo; remarque; remarques;
        commentaire; commentaires; observation; observations; mémo
    """,
}
# What only the directory has, and headings that mean something else there than in a sheet of prospects.
_OF_DIRECTORY: dict[Field, str] = {
    "mpid": """
        mpid; id; number; account; account number; account id; partner id; partner number; numéro;
        numéro de compte; numéro du partenaire; n°; identifiant
    """,
    "title": """
        title; job title; position; role; function; fonction; poste; intitulé du poste; titre
    """,
    "languages": "language; languages; lang; langs; locale; locales; langue; langues",
    "about": """
        about; description; bio; biography; presentation; summary; profile; text; à propos;
        présentation; biographie; résumé; profil; texte
    """,
    "topics": """
        topic; topics; subject; subjects; theme; themes; keyword; keywords; tag; tags; sujet; sujets;
        thème; thèmes; thématique; thématiques; mot-clé; mots-clés; étiquettes
    """,
    "methods": """
        method; methods; promotional method; promotional methods; promotion method; promotion
        methods; promotion; promotion type; promotion types; méthode; méthodes; méthode de
        promotion; méthodes de promotion; méthodes promotionnelles; mode de promotion; modes de
        promotion
    """,
    "business_model": """
        business model; business models; model; business type; modèle; modèle économique; modèle
        d'affaires; type d'activité
    """,
    "audience_countries": """
        audience countries; audience country; audience by country; countries of audience; audience
        locations; audience par pays; pays de l'audience; pays d'audience; répartition par pays
    """,
    "audience_ages": """
        audience ages; audience age; audience by age; ages; age groups; âge de l'audience; audience
        par âge; tranches d'âge; répartition par âge; âges
    """,
    "channels": """
        channel; channels; social; social channels; networks; canal; canaux; réseaux; réseaux sociaux
    """,
    "active_on": """
        active on; last active; last activity; last seen; active; dernière activité; actif le;
        dernière connexion
    """,
    "has_messaging": """
        messaging; messages; has messaging; takes messages; accepts messages; messagerie; accepte les
        messages; messages acceptés
    """,
}
# A bare "Name" is a company, a person or a last name; what stands beside it tells.
_NAME = frozenset({"name", "nom", "names", "noms"})


class MappingError(ValueError):
    """A choice of a column or field that is not there. Codes: unknown_column, unknown_field."""

    def __init__(self, code: str, value: str) -> None:
        super().__init__(code)
        self.code = code
        self.value = value


@dataclass(frozen=True, slots=True)
class Doubt:
    """A column that a person should look at. `column` counts from 0.

    Codes: unknown (read by nobody), same_field (another column has `field` already; this one is not read).
    """

    column: int
    heading: str
    code: str
    field: Field | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    columns: tuple[str, ...]
    # For each column what it means, or None where it is not read.
    fields: tuple[Field | None, ...]
    unsure: tuple[Doubt, ...] = ()

    @property
    def has_name(self) -> bool:
        """Whether some column can give a prospect its name; without one no row can come in."""
        return not _NAMING.isdisjoint(self.fields)

    def column_of(self, field: Field) -> int | None:
        return self.fields.index(field) if field in self.fields else None

    def heading_of(self, field: Field) -> str:
        column = self.column_of(field)
        return "" if column is None else self.columns[column]


def guess_mapping(columns: Sequence[str], *, is_directory: bool = False) -> Mapping:
    """What the headings say, in a sheet of prospects or of the directory.

    Of two columns for one field the first is read, and the other is in doubt.
    """
    known = _KNOWN_OF_DIRECTORY if is_directory else _KNOWN
    meant = [known.get(squash(heading)) for heading in columns]
    for column, heading in enumerate(columns):
        if squash(heading) in _NAME:
            meant[column] = _bare_name(meant, is_directory)
    fields: list[Field | None] = []
    unsure: list[Doubt] = []
    for column, (heading, field) in enumerate(zip(columns, meant, strict=True)):
        is_taken = field is not None and field in fields
        fields.append(None if is_taken else field)
        if is_taken:
            unsure.append(Doubt(column, heading, "same_field", field))
        elif field is None and heading:
            unsure.append(Doubt(column, heading, "unknown"))
    return Mapping(tuple(columns), tuple(fields), tuple(unsure))


def _bare_name(meant: list[Field | None], is_directory: bool) -> Field:
    """A sheet for the directory is about partners: whatever stands beside it, the name is theirs."""
    if "first_name" in meant and "last_name" not in meant and not is_directory:
        return "last_name"
    return "full_name" if "company" in meant else "company"


def _known(headings: dict[Field, str]) -> dict[str, Field]:
    return {squash(each): field for field, written in headings.items() for each in written.split(";")}


_KNOWN = {each: field for each, field in _known(_HEADINGS).items() if field in PROSPECT_FIELDS}
_KNOWN_OF_DIRECTORY = {
    each: field
    for each, field in (_known(_HEADINGS) | _known(_OF_DIRECTORY)).items()
    if field in DIRECTORY_FIELDS
}
# A prospect is named by any of these; a partner of the directory that is known, found.
_NAMING: frozenset[Field] = frozenset(
    {"company", "website", "full_name", "first_name", "last_name", "address", "mpid"}
)
