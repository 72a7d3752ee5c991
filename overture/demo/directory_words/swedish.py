"""Swedish."""

from overture.demo.directory_words.words import Words, compound

_FIRST = """Maja, Tomas, Astrid, Linnéa, Göran, Elin, Åsa, Nils, Frida, Östen, Agnes, Alva, Anders,
Ebba, Edvin, Ellen, Folke, Gustav, Hedvig, Ida, Ingrid, Johan, Kajsa, Klara, Lova, Måns,
Märta, Olle, Pernilla, Sixten, Stina, Svante, Tuva, Viggo"""

SWEDISH = Words(
    people=(
        (
            _FIRST,
            compound(
                "Berg, Lind, Sjö, Åker, Ny, Ek, Hed, Lund, Ström, Sand, Öst, Väster, Hag, Norr, Alm",
                "gren, kvist, ström, lund, man, berg, dahl, mark, vall, feldt",
            ),
        ),
    ),
    ampersand="och",
    titles="Redaktör, Samarbeten, Grundare, Chefredaktör, Innehållsansvarig, Förläggare",
    heads=compound(
        """Hem, Kök, Trädgårds, Stads, Lands, Morgon, Kvälls, Spar, Läs, Rese, Vandrings, Var, Ljus,
Skogs, Hamn, Ö, Sommar, Vinter, Höst, Norr, Moln, Stjärn, Lycko, Pappers, Bok""",
        """hörnan, verket, tiden, bladet, fönstret, bordet, stigen, kistan, brevet, kompassen,
listan, rummet, vännen, guiden, kanten""",
    ),
    tails="""vid Havet, i Skogen, på Söndag, utan Brådska, för Alla, runt Hörnet, från Norr,
för Nybörjare, på Resa, med Barn, för Två, i Stan""",
    nouns="""Salt, Lin, Honung, Björk, Mossa, Dimma, Ull, Kanel, Ankare, Äpple, Bröd, Fjäder, Syren,
Garn, Havre, Ljung, Klöver, Koppar, Lykta, Linden, Mynta, Vallmo, Snäcka, Nål, Papper,
Pensel, Regn, Salvia, Sand, Skiffer, Siden, Sten, Bläck, Lera, Vind, Hav, Hus""",
    ends="""AB, Magasin, Media, Förlag, Blogg, Klubb, Journal, Jämför, Rabatter, Poäng, Studio,
Kollektiv, Podd, Tips, Nytt, Nätverk""",
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
{first}, {noun} och {noun}
""",
    openings="""
En oberoende blick på {cat}, med särskild kärlek till {a} och {b}.
Vi testar, jämför och förklarar det som spelar roll: {a}, {b} och {c}.
Praktiska guider, ärliga erfarenheter och bra adresser om {a} och {b}.
Startade vid ett köksbord {year} och är i dag en självklar plats för {a} och {b}.
Nyheter, erbjudanden och idéer om {cat}, utvalda för hand varje morgon.
""",
    middles="""
Läsarna kommer tillbaka för det enkla språket och de raka omdömena.
Varje produkt provas i minst två veckor innan vi skriver om den.
Nyhetsbrevet kommer på torsdagar och öppnas av mer än hälften.
Medlemmarna delar sina fynd och granskar varje tips om {c}.
Två av tre besökare hittar hit via sökningar, ofta på {c}.
""",
    closings="""
Varumärken är välkomna när de passar in.
Vi tycker bättre om långa samarbeten än om enstaka inlägg.
Presentguider kommer på våren och före helgerna.
Vi skickar gärna våra siffror.
""",
    topics="""
hem och inredning: inredning, sängkläder, små lägenheter, belysning, loppisfynd, förvaring, renovering
mat och dryck: surdeg, vardagsmat, veganska recept, kaffe, bakning, ost, grillning
resor: weekendresor, tågresor, vandring, familjesemester, camping, skärgården, cykelsemester
mode: garderoben, hållbart mode, stickat, jeans, sneakers, secondhand, smycken
skönhet: hudvård, solskydd, lockigt hår, parfym, smink, naturlig hudvård, tvål
teknik: mobiler, bärbara datorer, hörlurar, hemmakontor, foto, integritet, artificiell intelligens
sport och träning: löpning, cykling, yoga, klättring, simning, fotboll, längdskidor
familjeliv: babysömn, träleksaker, mellanmål, graviditet, bilderböcker, tonåringar, barnkalas
husdjur: valpträning, kattmat, promenader, akvarier, ridning, djurförsäkring, kaniner
privatekonomi: sparande, kreditkort, bolån, indexfonder, pension, hushållsbudget, elavtal
hälsa: sömn, kost, ryggont, meditation, vitaminer, klimakteriet, allergier
trädgård: grönsaksodling, rosor, balkongodling, krukväxter, kompost, växthus, fruktträd
böcker och kultur: deckare, poesi, museer, film, teater, ljudböcker, utställningar
musik: vinyl, indie, jazz, klassisk musik, gitarr, festivaler, körsång
spel: brädspel, rollspel, indiespel, retrokonsoler, pussel, kortspel, schack
bilar och motorcyklar: elbilar, veteranbilar, bilförsäkring, mc-turer, laddboxar, däck, husbilar
lärande: språk, nätkurser, studieteknik, matematik, programmering, stipendier, högskolan
företagande: egenföretagare, bokföring, e-handel, marknadsföring, produktivitet, ledarskap, fakturor
presenter och högtider: födelsedagspresenter, jul, midsommar, inslagning, mors dag, blommor, kort
hantverk: stickning, snickeri, sömnad, keramik, virkning, ljus, broderi
bröllop: festlokaler, brudklänningar, buketter, smekmånad, bröllopsfoto, ringar, tårtor
vardagsliv: lokala nyheter, helgtips, föreningsliv, tåg, väder, släktforskning, minimalism
""",
)
