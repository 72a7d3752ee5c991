"""Danish."""

from overture.demo.directory_words.words import Words, compound

_FIRST = """Anders, Anne, Asger, Birgitte, Bo, Christian, Ditte, Ejnar, Emil, Freja, Frederik, Gry,
Hanne, Helle, Ida, Jens, Jeppe, Karen, Kasper, Kirsten, Lærke, Liv, Mads, Maren, Mette,
Mikkel, Niels, Nanna, Rasmus, Signe, Sofie, Søren, Thea, Troels, Ulla, Villads, Øjvind,
Åge"""

DANISH = Words(
    people=(
        (
            _FIRST,
            compound(
                "Ander, Chri, Møller, Nør, Søren, Mad, Niel, Jen, Lauri, Rasmus, Pe, Thom",
                "sen, gaard, sted, holm",
            )
            + ", Bjerre, Kjær, Lund, Vestergaard, Krogh, Bruun, Dahl, Skov, Toft, Østergaard, Juhl, Friis",
        ),
    ),
    ampersand="og",
    titles="Redaktør, Partnerskaber, Stifter, Chefredaktør, Indholdsansvarlig, Udgiver",
    heads=compound(
        """Bolig, Køkken, Have, By, Land, Morgen, Aften, Spare, Læse, Rejse, Vandre, Lys, Skov,
Havne, Sommer, Vinter, Efterårs, Nord, Stjerne, Lykke, Papir, Bog""",
        """krogen, værket, tiden, bladet, vinduet, bordet, stien, kisten, brevet, kompasset, listen,
rummet, vennen, guiden""",
    ),
    tails="""ved Havet, i Skoven, om Søndagen, uden Hast, for Alle, om Hjørnet, fra Nord,
for Begyndere, på Rejse, med Børn, for To, i Byen""",
    nouns="""Salt, Hør, Honning, Birk, Mos, Tåge, Uld, Kanel, Anker, Æble, Brød, Fjer, Syren, Garn,
Havre, Lyng, Kløver, Kobber, Lygte, Lind, Mynte, Valmue, Musling, Nål, Papir, Pensel,
Regn, Salvie, Sand, Skifer, Silke, Sten, Blæk, Ler, Vind, Hav, Hus""",
    ends="""ApS, Magasin, Medier, Forlag, Blog, Klub, Journal, Sammenligning, Rabatter, Point, Studie,
Kollektiv, Podcast, Tips, Nyt""",
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
Et uafhængigt blik på {cat}, med særlig kærlighed til {a} og {b}.
Vi tester, sammenligner og forklarer det, der betyder noget: {a}, {b} og {c}.
Praktiske guider, ærlige erfaringer og gode adresser om {a} og {b}.
Begyndte ved et køkkenbord i {year} og er i dag et fast sted for {a} og {b}.
Nyheder, tilbud og idéer om {cat}, udvalgt i hånden hver morgen.
""",
    middles="""
Læserne kommer tilbage for det enkle sprog og de ærlige domme.
Hvert produkt bliver prøvet i mindst to uger, før vi skriver om det.
Nyhedsbrevet udkommer om torsdagen og åbnes af mere end halvdelen.
Medlemmerne deler deres fund og tjekker hvert tip om {c}.
To ud af tre besøgende kommer via søgning, ofte på {c}.
""",
    closings="""
Mærker er velkomne, når de passer ind.
Vi holder mere af lange samarbejder end af enkelte opslag.
Gaveguider udkommer om foråret og før højtiderne.
Vi sender gerne vores tal.
""",
    topics="""
bolig og indretning: indretning, sengetøj, små lejligheder, belysning, genbrugsfund, opbevaring
mad og drikke: surdej, hverdagsmad, veganske opskrifter, kaffe, bagning, ost
rejser: storbyferie, togrejser, vandring, familieferie, camping, cykelferie
mode: garderoben, bæredygtig mode, strik, cowboybukser, sneakers, smykker
skønhed: hudpleje, solcreme, krøllet hår, parfume, makeup, naturlig pleje
teknologi: mobiltelefoner, bærbare computere, høretelefoner, hjemmekontor, foto, kunstig intelligens
sport og motion: løb, cykling, yoga, klatring, svømning, håndbold
familieliv: babysøvn, trælegetøj, madpakker, graviditet, billedbøger, børnefødselsdage
kæledyr: hvalpetræning, kattefoder, gåture, akvarier, ridning, kaniner
privatøkonomi: opsparing, kreditkort, boliglån, indeksfonde, pension, elpriser
sundhed: søvn, kost, rygsmerter, meditation, vitaminer, allergi
haven: køkkenhave, roser, altanplanter, stueplanter, kompost, drivhuse
bøger og kultur: krimier, digte, museer, film, teater, lydbøger
musik: vinyl, indie, jazz, klassisk musik, guitar, festivaler
spil: brætspil, rollespil, indiespil, retrokonsoller, gåder, skak
biler og motorcykler: elbiler, veteranbiler, bilforsikring, motorcykelture, ladestandere, autocampere
læring: sprog, netkurser, studieteknik, matematik, programmering, stipendier
erhvervsliv: selvstændige, bogføring, netbutikker, markedsføring, produktivitet, ledelse
gaver og fester: fødselsdagsgaver, jul, indpakning, mors dag, blomster, kort
håndarbejde: strikning, snedkeri, syning, keramik, hækling, broderi
bryllup: festlokaler, brudekjoler, buketter, bryllupsrejser, bryllupsfoto, ringe
hverdagsliv: lokale nyheder, weekendtips, frivilligt arbejde, tog, vejret, slægtsforskning
""",
)
