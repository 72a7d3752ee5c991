"""Finnish."""

from overture.demo.directory_words.words import Words, compound

_FIRST = """Aino, Aleksi, Anni, Antti, Eero, Eeva, Elina, Emmi, Eetu, Helmi, Ilona, Ilmari, Jaakko,
Jenni, Juhani, Kaisa, Kalle, Katariina, Lauri, Leena, Liisa, Matti, Mikko, Minna, Niilo,
Noora, Oona, Pekka, Päivi, Riikka, Sampo, Sanna, Sinikka, Tapio, Tuomas, Väinö, Yrjö"""

FINNISH = Words(
    people=(
        (
            _FIRST,
            compound(
                """Mäki, Koski, Lahti, Järvi, Saari, Ranta, Laakso, Hämälä, Korho, Virta, Nieme,
Leppä, Kivi, Heino, Laiti, Pulkki, Tolva, Väisä, Karjala""",
                "nen",
            )
            + ", Salo, Laine, Lehto, Aalto, Toivonen, Räsänen, Hyvönen, Kallio, Suominen",
        ),
    ),
    ampersand="ja",
    titles="Päätoimittaja, Kumppanuudet, Perustaja, Sisältövastaava, Kustantaja, Toimitus",
    heads=compound(
        """Koti, Keittiö, Puutarha, Kaupunki, Maa, Aamu, Ilta, Säästö, Luku, Matka, Retki, Arki,
Valo, Metsä, Satama, Saari, Kesä, Talvi, Syys, Pohjois, Tähti, Onnen, Paperi, Kirja""",
        "nurkka, tupa, lehti, ikkuna, pöytä, polku, arkku, kirje, kompassi, lista, opas, ranta, portti",
    ),
    tails="""meren äärellä, metsässä, sunnuntaisin, ilman kiirettä, kaikille, kulman takana,
pohjoisesta, aloittelijoille, matkalla, lasten kanssa, kahdelle, kaupungissa""",
    nouns="""Suola, Pellava, Hunaja, Koivu, Sammal, Usva, Villa, Kaneli, Ankkuri, Omena, Leipä, Sulka,
Syreeni, Lanka, Kaura, Kanerva, Apila, Kupari, Lyhty, Lehmus, Minttu, Unikko, Simpukka,
Neula, Paperi, Sivellin, Sade, Salvia, Hiekka, Liuske, Silkki, Kivi, Muste, Savi, Tuuli,
Meri""",
    ends="""Oy, Lehti, Media, Kustannus, Blogi, Kerho, Vertailu, Edut, Pisteet, Studio, Kollektiivi,
Podcast, Vinkit, Uutiset""",
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
{first}, {noun} ja {noun}
""",
    openings="""
Riippumaton sivusto, jonka aihe on {cat}. Sydäntä lähellä: {a} ja {b}.
Testaamme, vertailemme ja selitämme. Aiheitamme ovat muun muassa {a}, {b} ja {c}.
Käytännön oppaita, rehellisiä kokemuksia ja hyviä osoitteita. Teemoina {a} ja {b}.
Perustettu keittiönpöydän ääressä vuonna {year}; tunnetuimmat aiheet: {a} ja {b}.
Uutisia, tarjouksia ja ideoita käsin poimittuina joka aamu: {cat}, {a}, {b}.
""",
    middles="""
Lukijat palaavat selkeän kielen ja suorien arvioiden takia.
Jokaista tuotetta kokeillaan vähintään kaksi viikkoa ennen kuin kirjoitamme siitä.
Uutiskirje ilmestyy torstaisin, ja yli puolet tilaajista avaa sen.
Yhteisö jakaa löytöjään ja tarkistaa jokaisen vinkin.
Kaksi kolmesta kävijästä löytää meidät haun kautta; viime kuun suosikki oli {c}.
""",
    closings="""
Brändit ovat tervetulleita, kun ne sopivat joukkoon.
Pidämme pitkistä kumppanuuksista enemmän kuin yksittäisistä julkaisuista.
Lahjaoppaat ilmestyvät keväällä ja ennen juhlia.
Lähetämme lukumme mielellämme.
""",
    topics="""
koti ja sisustus: sisustus, vuodevaatteet, pienet asunnot, valaistus, kirpputorilöydöt, säilytys
ruoka ja juoma: hapanjuuri, arkiruoka, vegaaniset reseptit, kahvi, leivonta, juustot
matkailu: kaupunkilomat, junamatkat, vaellus, perhelomat, telttailu, pyörämatkat
muoti: vaatekaappi, kestävä muoti, neuleet, farkut, lenkkarit, korut
kauneus: ihonhoito, aurinkosuoja, kiharat hiukset, tuoksut, meikit, luonnonkosmetiikka
tekniikka: puhelimet, kannettavat, kuulokkeet, etätyö, valokuvaus, tekoäly
urheilu ja liikunta: juoksu, pyöräily, jooga, kiipeily, uinti, hiihto
perhe-elämä: vauvan uni, puulelut, välipalat, raskaus, kuvakirjat, lastenjuhlat
lemmikit: pennun koulutus, kissanruoka, kävelylenkit, akvaariot, ratsastus, kanit
oma talous: säästäminen, luottokortit, asuntolainat, indeksirahastot, eläke, sähkösopimukset
terveys: uni, ravinto, selkäkivut, meditaatio, vitamiinit, allergiat
puutarha: kasvimaa, ruusut, parvekekasvit, huonekasvit, komposti, kasvihuoneet
kirjat ja kulttuuri: dekkarit, runous, museot, elokuvat, teatteri, äänikirjat
musiikki: vinyylit, indie, jazz, klassinen musiikki, kitara, festivaalit
pelit: lautapelit, roolipelit, indiepelit, retrokonsolit, pulmat, shakki
autot ja moottoripyörät: sähköautot, museoautot, autovakuutus, moottoripyöräretket, latausasemat,
  matkailuautot
oppiminen: kielet, verkkokurssit, opiskelutekniikka, matematiikka, ohjelmointi, apurahat
yrittäjyys: freelancerit, kirjanpito, verkkokaupat, markkinointi, tuottavuus, johtaminen
lahjat ja juhlat: syntymäpäivälahjat, joulu, juhannus, paketointi, äitienpäivä, kukat
käsityöt: neulonta, puutyöt, ompelu, keramiikka, virkkaus, kirjonta
häät: juhlapaikat, hääpuvut, hääkimput, häämatka, hääkuvaus, sormukset
arki: paikallisuutiset, viikonloppuvinkit, talkoot, junat, sää, sukututkimus
""",
)
