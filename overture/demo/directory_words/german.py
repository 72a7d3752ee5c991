"""German."""

from overture.demo.directory_words.words import Words, compound

_FIRST = """Jonas, Anke, Matthias, Ulrike, Lukas, Greta, Björn, Sabine, Jürgen, Mareike, Tobias,
Katrin, Almut, Anton, Bärbel, Carla, Dörte, Emil, Fenja, Florian, Frieda, Gesa, Hannes,
Heike, Ida, Jakob, Jette, Johanna, Karoline, Konrad, Lena, Leopold, Lioba, Lotte, Malte,
Marlene, Moritz, Nele, Oskar, Paula, Rike, Ruben, Silke, Sönke, Thea, Till, Vera, Wiebke,
Xaver, Yasemin"""
_LAST = """Reuther, Vogt, Schäfer, Krüger, Weiß, Petersen, Yılmaz, Müller, Köhler, Böhm, Jäger,
Schröder, Huber, Moser, Zürcher, Ammann, Gruber, Egger"""
_STEMS = """Linden, Berg, Stein, Wald, Rosen, Birken, Hof, Kirch, Brücken, Eichen, Feld, Hasel, Mühl,
Neu, Ober, Ritter, Sonnen, Tannen, Wiesen, Winter"""
_ENDINGS = "mann, bach, hauser, meier, berger, stetter, bauer, müller, hoff, reuter, brink, kamp"

GERMAN = Words(
    people=((_FIRST, f"{_LAST}, {compound(_STEMS, _ENDINGS)}"),),
    ampersand="und",
    titles="""Redaktion, Partnerschaften, Gründerin, Gründer, Chefredakteurin, Verlagsleitung,
Kooperationen, Inhaber""",
    heads=compound(
        """Wohn, Küchen, Garten, Stadt, Land, Morgen, Abend, Feier, Spar, Lese, Reise, Wander, Tage,
Fein, Licht, Blatt, Holz, Kraut, Hafen, Insel, Sommer, Winter, Herbst, Nord, Süd, Wolken,
Stern, Seiden, Glücks, Alltags, Familien, Heimat, Linden, Kupfer, Papier, Faden, Kinder,
Bücher, Markt, Quellen""",
        """winkel, werk, zeit, blatt, fenster, bote, kiste, stube, notizen, brief, post, lotse,
funke, kompass, laden, garten, tisch, pfad, freund, gefühl, spiegel, liste, atlas, kreis""",
    ),
    tails="""am See, im Grünen, zu zweit, mit Herz, ohne Eile, für alle, von nebenan, am Sonntag,
aus dem Norden, unter Linden, im Alltag, für Anfänger, mit Kindern, vor Ort, auf Reisen,
nach Feierabend, am Kanal, für Neugierige""",
    nouns="""Salz, Licht, Faden, Leinen, Honig, Birke, Kiesel, Moos, Nebel, Wolle, Zimt, Ahorn, Anker,
Apfel, Asche, Blüte, Brot, Distel, Efeu, Farn, Feder, Fenchel, Flieder, Garn, Ginster,
Hafer, Harz, Heide, Herbst, Holz, Kamille, Kerze, Klee, Knopf, Kreide, Kupfer, Laterne,
Lavendel, Linde, Malve, Minze, Mohn, Muschel, Nadel, Olive, Papier, Pinsel, Quitte, Rauch,
Regen, Salbei, Sand, Schiefer, Seide, Stein, Tinte, Ton, Wacholder, Walnuss, Wind, Zeder""",
    ends="""Magazin, Verlag, GmbH, & Co. KG, Journal, Blog, Ratgeber, Kompass, Redaktion, Vergleich,
Testlabor, Club, Gutscheine, Prämien, Notizen, Podcast, Studio, Kollektiv, Wochenblatt,
Netzwerk, Medien, Tipps""",
    names="""
{head}
{head} {end}
{head} {end}
{head} {tail}
{head} {noun} & {noun}
{noun} & {noun}
{noun} & {noun} {end}
{noun} & {noun} {tail}
{Topic} & {noun} {end}
{head} für {Topic}
""",
    creators="""
{person}
{person}
{handle}
{first} & {head}
{first} {tail}
{person}: {Topic}
{first}s {head}
""",
    openings="""
Ein unabhängiges Magazin rund um {cat}, mit viel Liebe zu Themen wie {a} und {b}.
Wir testen, vergleichen und erklären, was zu {cat} gehört: {a}, {b} und vieles mehr.
Praktische Ratgeber, ehrliche Erfahrungen und gute Adressen zu {a}, {b} und {c}.
Lange Geschichten und kurze Tipps über {cat}, geschrieben von Menschen aus der Praxis.
Im Jahr {year} am Küchentisch gegründet, heute eine feste Adresse für {a} und {b}.
Nachrichten, Angebote und Ideen aus dem Bereich {cat}, jeden Morgen von Hand ausgewählt.
Für alle, die {cat} ernst nehmen und trotzdem Spaß daran haben; im Mittelpunkt: {a}.
Ein kleines Team schreibt über {a}, {b} und {c}, verständlich und ohne Fachchinesisch.
""",
    middles="""
Unsere Leserinnen und Leser schätzen die klare Sprache und die offenen Urteile.
Jedes Produkt wird mindestens zwei Wochen lang ausprobiert, bevor wir darüber schreiben.
Der Newsletter erscheint donnerstags und wird von mehr als der Hälfte geöffnet.
Die Community teilt ihre Funde und prüft jeden Tipp, zuletzt zum Thema {c}.
Zwei Drittel der Besucher kommen über die Suche, viele mit einer Frage zum Thema {c}.
Wir veröffentlichen drei Beiträge pro Woche und jede Saison ein großes Sonderheft.
Wenig Werbung, immer gekennzeichnet: Das dankt uns das Publikum mit Vertrauen.
""",
    closings="""
Marken sind willkommen, wenn sie zu uns passen.
Wir mögen lange Partnerschaften lieber als einzelne Beiträge.
Geschenkratgeber erscheinen im Frühjahr und vor den Feiertagen.
Mediadaten schicken wir gern auf Anfrage.
Kampagnen planen wir zwei Monate im Voraus.
""",
    topics="""
Wohnen und Einrichten: Einrichtung, Bettwäsche, kleine Wohnungen, Leuchten, Vintage-Möbel, Ordnung, Tapeten,
  Altbau, Naturmaterialien, Matratzen
Essen und Trinken: Sauerteig, Feierabendküche, vegane Rezepte, Naturwein, Kaffee, Fermentieren, Backen,
  Käse, Wochenplan, Grillen
Reisen: Städtereisen, Bahnreisen, Wandern, Familienurlaub, Camping, Inseln, Radreisen, Reisegepäck, Alpen,
  Ferienwohnungen
Mode: Garderobe, nachhaltige Mode, Strick, Jeans, Turnschuhe, Secondhand, große Größen, Herrenmode, Taschen,
  Schmuck
Schönheit und Pflege: Hautpflege, Sonnenschutz, Locken, Parfum, Make-up, Naturkosmetik, Bartpflege,
  empfindliche Haut, Frisuren, Seifen
Technik: Smartphones, Notebooks, Kopfhörer, Homeoffice, Fotografie, freie Software, Datenschutz, künstliche
  Intelligenz, Smart Home, 3D-Druck
Sport und Bewegung: Laufen, Radfahren, Yoga, Klettern, Schwimmen, Fußball, Krafttraining, Triathlon,
  Skifahren, Bergsport
Familie und Kinder: Babyschlaf, Holzspielzeug, Pausenbrote, Schwangerschaft, Bilderbücher, Teenager,
  Kinderwagen, Kindergeburtstage, Einschulung, Vorlesen
Haustiere: Welpenerziehung, Katzenfutter, Spaziergänge, Aquarien, Tierschutz, Reiten, Hundeversicherung,
  Fellpflege, Kaninchen, Wellensittiche
Geld und Finanzen: Sparen, Kreditkarten, Baufinanzierung, ETF, Altersvorsorge, Haushaltsbuch, Strompreise,
  Versicherungen, Steuererklärung, Girokonten
Gesundheit: Schlaf, Ernährung, Rückenschmerzen, Meditation, Vitamine, Wechseljahre, Allergien, Erste Hilfe,
  gesund altern, Atemübungen
Garten und Balkon: Gemüsebeete, Rosen, Balkonpflanzen, Zimmerpflanzen, Kompost, Naturgarten, Gewächshäuser,
  Gartengeräte, Obstbäume, Schrebergarten
Bücher und Kultur: Krimis, Lyrik, Museen, Programmkino, Theater, Hörbücher, Comics, Geschichte, Lesekreise,
  Ausstellungen
Musik: Schallplatten, Indie, Jazz, Klassik, Gitarre, Festivals, Heimstudio, Chöre, Klavier, Konzerte
Spiele: Brettspiele, Rollenspiele, Indie-Spiele, Retro-Konsolen, E-Sport, Rätsel, Kartenspiele, Strategie,
  Schach, Gesellschaftsspiele
Auto und Motorrad: Elektroautos, Oldtimer, Kfz-Versicherung, Motorradtouren, Wallbox, Reifen, Campervans,
  Gebrauchtwagen, Autopflege, Führerschein
Lernen und Bildung: Sprachen, Onlinekurse, Lerntipps, Mathe-Nachhilfe, Programmieren, Stipendien,
  Unterrichtsmaterial, Studium, Handschrift, Prüfungen
Beruf und Unternehmen: Selbstständigkeit, Gründung, Buchhaltung, Onlinehandel, Homeoffice, Marketing,
  Produktivität, Führung, Rechnungen, Verhandeln
Geschenke und Feste: Geburtstagsgeschenke, Weihnachten, Adventskalender, Geschenkpapier, Muttertag, Blumen,
  Partydeko, Grußkarten, Erlebnisse, Firmengeschenke
Handarbeit und Heimwerken: Stricken, Holzarbeiten, Nähen, Töpfern, Häkeln, Kerzen, Sticken, Upcycling,
  Reparieren, Werkzeug
Hochzeit: Hochzeitslocations, Brautkleider, Brautsträuße, Flitterwochen, Hochzeitsfotos, Verlobungsringe,
  kleine Hochzeiten, Einladungen, Tischdeko, Torten
Alltag: Nachbarschaft, Wochenendideen, Ehrenamt, Eisenbahn, Wetter, gute Nachrichten, Ahnenforschung,
  Sammeln, Minimalismus, Heimatkunde
""",
)
