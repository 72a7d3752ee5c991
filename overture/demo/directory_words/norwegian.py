"""Norwegian, Bokmål."""

from overture.demo.directory_words.words import Words, compound

_FIRST = """Aksel, Anders, Astrid, Bjørn, Dagny, Eirik, Eline, Endre, Fredrik, Gro, Guri, Håkon,
Hedda, Ingvild, Iselin, Jørgen, Kari, Kjersti, Lars, Magnhild, Mari, Nora, Odd, Ola,
Ragnhild, Siri, Sigurd, Sunniva, Solveig, Tarjei, Tonje, Torbjørn, Vilde, Øystein, Åshild"""

NORWEGIAN = Words(
    people=(
        (
            _FIRST,
            compound(
                "Berg, Sol, Nord, Øst, Vest, Haug, Lind, Fjell, Stein, Bakke, Strand, Myr, Dal",
                "heim, gård, vik, stad, nes, seth, by, rud",
            )
            + ", Eikrem, Lie, Moen, Hagen, Solberg, Aas, Lunde, Tveit",
        ),
    ),
    ampersand="og",
    titles="Redaktør, Samarbeid, Gründer, Sjefredaktør, Innholdsansvarlig, Forlegger",
    heads=compound(
        """Hjem, Kjøkken, Hage, By, Lands, Morgen, Kvelds, Spare, Lese, Reise, Tur, Lys, Skogs,
Havne, Sommer, Vinter, Høst, Nord, Stjerne, Lykke, Papir, Bok""",
        """kroken, verket, tiden, bladet, vinduet, bordet, stien, kista, brevet, kompasset, lista,
rommet, vennen, guiden""",
    ),
    tails="""ved Havet, i Skogen, på Søndag, uten Hast, for Alle, rundt Hjørnet, fra Nord,
for Nybegynnere, på Tur, med Barn, for To, i Byen""",
    nouns="""Salt, Lin, Honning, Bjørk, Mose, Tåke, Ull, Kanel, Anker, Eple, Brød, Fjær, Syrin, Garn,
Havre, Lyng, Kløver, Kobber, Lykt, Mynte, Valmue, Skjell, Nål, Papir, Pensel, Regn,
Salvie, Sand, Skifer, Silke, Stein, Blekk, Leire, Vind, Hav, Hus""",
    ends="""AS, Magasin, Medier, Forlag, Blogg, Klubb, Journal, Rabatter, Poeng, Studio, Kollektiv,
Podkast, Tips, Nytt""",
    names="""
{head}
{head} {end}
{head} {tail}
{noun} & {noun}
{noun} & {noun} {end}
{noun} & {noun} {tail}
{Topic} & {noun} {end}
{head} {noun} & {noun}
""",
    creators="""
{person}
{person}
{handle}
{first} & {head}
{first} {tail}
{first}, {noun} og {noun}
""",
    openings="""
Et uavhengig blikk på {cat}, med særlig kjærlighet til {a} og {b}.
Vi tester, sammenligner og forklarer det som betyr noe: {a}, {b} og {c}.
Praktiske guider, ærlige erfaringer og gode adresser om {a} og {b}.
Startet ved et kjøkkenbord i {year} og er i dag et fast sted for {a} og {b}.
Nyheter, tilbud og ideer om {cat}, plukket ut for hånd hver morgen.
""",
    middles="""
Leserne kommer tilbake for det enkle språket og de ærlige dommene.
Hvert produkt prøves i minst to uker før vi skriver om det.
Nyhetsbrevet kommer på torsdager og åpnes av mer enn halvparten.
Medlemmene deler funnene sine og sjekker hvert tips om {c}.
To av tre besøkende kommer via søk, ofte på {c}.
""",
    closings="""
Merker er velkomne når de passer inn.
Vi liker lange samarbeid bedre enn enkeltinnlegg.
Gaveguider kommer om våren og før høytidene.
Vi sender gjerne tallene våre.
""",
    topics="""
hjem og interiør: interiør, sengetøy, små leiligheter, belysning, bruktfunn, oppbevaring
mat og drikke: surdeig, hverdagsmat, veganske oppskrifter, kaffe, baking, ost
reiser: storbyferie, togreiser, fjellturer, familieferie, telttur, sykkelferie
mote: garderoben, bærekraftig mote, strikk, olabukser, joggesko, smykker
skjønnhet: hudpleie, solkrem, krøllete hår, parfyme, sminke, naturlig pleie
teknologi: mobiltelefoner, bærbare datamaskiner, hodetelefoner, hjemmekontor, foto, kunstig intelligens
sport og trening: løping, sykling, yoga, klatring, svømming, langrenn
familieliv: babysøvn, treleker, matpakker, graviditet, bildebøker, bursdager
kjæledyr: valpetrening, kattemat, gåturer, akvarier, ridning, kaniner
privatøkonomi: sparing, kredittkort, boliglån, indeksfond, pensjon, strømpriser
helse: søvn, kosthold, ryggsmerter, meditasjon, vitaminer, allergi
hagen: kjøkkenhage, roser, balkongplanter, stueplanter, kompost, drivhus
bøker og kultur: krim, dikt, museer, film, teater, lydbøker
musikk: vinyl, indie, jazz, klassisk musikk, gitar, festivaler
spill: brettspill, rollespill, indiespill, retrokonsoller, gåter, sjakk
bil og motorsykkel: elbiler, veteranbiler, bilforsikring, motorsykkelturer, ladebokser, bobiler
læring: språk, nettkurs, studieteknikk, matematikk, programmering, stipender
næringsliv: selvstendige, regnskap, netthandel, markedsføring, produktivitet, ledelse
gaver og feiringer: bursdagsgaver, jul, innpakning, morsdag, blomster, kort
håndarbeid: strikking, snekring, søm, keramikk, hekling, broderi
bryllup: festlokaler, brudekjoler, buketter, bryllupsreiser, bryllupsfoto, ringer
hverdagsliv: lokale nyheter, helgetips, dugnad, tog, vær, slektsforskning
""",
)
