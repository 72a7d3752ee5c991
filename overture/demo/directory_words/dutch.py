"""Dutch."""

from overture.demo.directory_words.words import Words, compound

_FIRST = """Joost, Pim, Maaike, Sanne, Bram, Femke, Daan, Lotte, Ruben, Anouk, Annelies, Bas, Carlijn,
Dirk, Elske, Fenna, Floor, Gijs, Hanneke, Ilse, Jasmijn, Jelle, Jurre, Karlijn, Koen,
Liesbeth, Maarten, Mees, Merel, Nienke, Noor, Pieter, Roos, Saskia, Sjoerd, Teun, Tineke,
Wouter, Yasmina"""
_LAST = """Veldman, Aertsen, Oosterwijk, Bakker, Vermeer, Hoekstra, Dijkstra, Kuipers, Claes,
Peeters, Janssens, Maes, De Smet, De Backer, Wouters, El Amrani"""
_VAN = """Van den Berg, Van der Veen, Van Dijk, Van der Linden, Van Houten, Van den Bosch, Van Rijn,
Van Loon, Van Acker, Van de Velde, Van der Meer, Van Dam, Van den Heuvel, Van Gent,
Van der Wal, Van Noord"""
_STEMS = "Hof, Veld, Zijl, Wester, Ooster, Noorder, Molen, Water, Ter, Boer, Sprui"
_ENDINGS = "stra, ma, man, huis, kamp, sma"

DUTCH = Words(
    people=((_FIRST, f"{_LAST}, {_VAN}, {compound(_STEMS, _ENDINGS)}"),),
    ampersand="en",
    titles="Redactie, Samenwerkingen, Oprichter, Hoofdredacteur, Uitgever, Contentlead, Eigenaar",
    heads=compound(
        """Woon, Keuken, Tuin, Stads, Land, Morgen, Avond, Spaar, Lees, Reis, Wandel, Dag, Licht,
Blad, Hout, Haven, Eiland, Zomer, Winter, Herfst, Noord, Wolken, Sterren, Geluks, Papier,
Draad, Boeken, Markt, Bron, Zolder""",
        """hoek, werk, tijd, blad, raam, bode, kist, kamer, brief, post, wijzer, vonk, kompas,
winkel, tafel, pad, vriend, gids, lijst, kring, huis""",
    ),
    tails="""aan Zee, in het Groen, met Liefde, zonder Haast, voor Iedereen, om de Hoek, op Zondag,
uit het Noorden, voor Beginners, met Kinderen, op Reis, na Werktijd, aan de Gracht,
voor Twee, van Vroeger, op Maat""",
    nouns="""Zout, Linnen, Honing, Berk, Mos, Nevel, Wol, Kaneel, Anker, Appel, Bloesem, Brood, Distel,
Varen, Veer, Venkel, Sering, Garen, Haver, Hei, Hout, Kaars, Klaver, Knoop, Krijt, Koper,
Lantaarn, Lavendel, Linde, Munt, Klaproos, Schelp, Naald, Olijf, Papier, Penseel,
Kweepeer, Regen, Salie, Zand, Leisteen, Zijde, Steen, Inkt, Klei, Walnoot, Wind""",
    ends="""BV, Blog, Magazine, Media, Uitgeverij, Journaal, Club, Vergelijker, Kortingen, Punten,
Weekblad, Studio, Collectief, Podcast, Tips, Testlab, Netwerk, Notities""",
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
{first}, {noun} en {noun}
{person}: {topic}
""",
    openings="""
Een onafhankelijke blik op {cat}, met een zwak voor onderwerpen als {a} en {b}.
Wij testen, vergelijken en leggen uit wat er toe doet: {a}, {b} en {c}.
Praktische gidsen, eerlijke ervaringen en goede adressen rond {a} en {b}.
In {year} begonnen aan de keukentafel, nu een vertrouwde plek voor {a} en {b}.
Nieuws, aanbiedingen en ideeën over {cat}, elke ochtend met de hand gekozen.
Een klein team schrijft over {cat} voor mensen die graag weten hoe het zit.
""",
    middles="""
Lezers komen terug voor de heldere taal en de eerlijke oordelen.
Elk product wordt minstens twee weken geprobeerd voordat we erover schrijven.
De nieuwsbrief verschijnt op donderdag en wordt door meer dan de helft geopend.
De community deelt vondsten en controleert elke tip, laatst nog over {c}.
Twee op de drie bezoekers komen via zoekmachines, vaak met een vraag over {c}.
We plaatsen drie stukken per week en elk seizoen een grote special.
""",
    closings="""
Merken zijn welkom als ze bij ons passen.
Wij houden meer van lange samenwerkingen dan van losse berichten.
Cadeaugidsen verschijnen in het voorjaar en voor de feestdagen.
Onze cijfers sturen we graag op aanvraag.
""",
    topics="""
wonen: interieur, beddengoed, kleine huizen, verlichting, vintage meubels, opbergen, behang, verbouwen
eten en drinken: zuurdesem, snelle maaltijden, vegan recepten, natuurwijn, koffie, fermenteren, bakken, kaas
reizen: stedentrips, treinreizen, wandelen, gezinsvakanties, kamperen, eilanden, fietsvakanties, bagage
mode: capsulegarderobe, duurzame mode, breigoed, spijkerbroeken, sneakers, tweedehands, herenmode, sieraden
schoonheid: huidverzorging, zonnebrand, krullen, parfum, make-up, natuurcosmetica, baardverzorging, zeep
techniek: smartphones, laptops, koptelefoons, thuiswerken, fotografie, vrije software, privacy, kunstmatige
  intelligentie
sport: hardlopen, wielrennen, yoga, klimmen, zwemmen, voetbal, schaatsen, hockey
het gezinsleven: babyslaap, houten speelgoed, lunchtrommels, zwangerschap, prentenboeken, pubers,
  kinderwagens, kinderfeestjes
huisdieren: puppytraining, kattenvoer, wandelroutes, aquariums, asieldieren, paardrijden, konijnen,
  papegaaien
geld: sparen, creditcards, hypotheken, indexfondsen, pensioen, huishoudboekje, energietarieven,
  verzekeringen
gezondheid: slaap, voeding, rugpijn, meditatie, vitamines, overgang, allergieën, ademhaling
tuinieren: moestuin, rozen, balkonplanten, kamerplanten, compost, kassen, tuingereedschap, fruitbomen
boeken en cultuur: thrillers, poëzie, musea, filmhuis, theater, luisterboeken, strips, tentoonstellingen
muziek: vinyl, indie, jazz, klassieke muziek, gitaar, festivals, koren, piano
spellen: bordspellen, rollenspellen, indiegames, retroconsoles, puzzels, kaartspellen, schaken, miniaturen
auto en motor: elektrische auto's, oldtimers, autoverzekering, motorritten, laadpalen, banden, campers,
  rijbewijs
leren: talen, online cursussen, studietips, wiskunde, programmeren, beurzen, lesmateriaal, studentenleven
ondernemen: zzp, start-ups, boekhouding, webwinkels, marketing, productiviteit, leiderschap, facturen
cadeaus en feesten: verjaardagscadeaus, Sinterklaas, Kerstmis, cadeaupapier, Moederdag, bloemen, versiering,
  kaarten
zelf maken: breien, houtbewerking, naaien, keramiek, haken, kaarsen, borduren, repareren
trouwen: trouwlocaties, trouwjurken, boeketten, huwelijksreis, trouwfotografie, verlovingsringen,
  uitnodigingen, taarten
het dagelijks leven: buurtnieuws, weekendtips, vrijwilligerswerk, treinen, het weer, goed nieuws,
  stamboomonderzoek, lokale geschiedenis
""",
)
