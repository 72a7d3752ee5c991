"""Italian."""

from overture.demo.directory_words.words import Words, compound

_FIRST = """Alessia, Andrea, Bianca, Carlo, Chiara, Dario, Elena, Enrico, Federica, Filippo, Gaia,
Giacomo, Ginevra, Giulia, Ilaria, Lorenzo, Luca, Margherita, Marta, Matteo, Nicolò, Noemi,
Ottavia, Paolo, Pietro, Rocco, Sara, Serena, Silvia, Simone, Tommaso, Valentina, Viola"""
_STEMS = (
    "Bell, Ross, Mor, Fabr, Mart, Cast, Gall, Bian, Per, Rin, Sant, Mont, Vent, Zan, Tor, Cav, Fior, Lomb"
)
_ENDINGS = "ini, elli, etti, ani, aldi, oni, otti, ucci, ardi, essi, ato, eri"

ITALIAN = Words(
    people=((_FIRST, compound(_STEMS, _ENDINGS)),),
    ampersand="e",
    titles="Direttrice, Collaborazioni, Fondatore, Fondatrice, Responsabile contenuti, Redazione, Editore",
    heads="""La Tavola, Il Giardino, La Bottega, Il Quaderno, La Piazza, Il Cassetto, La Lettera,
Il Filo, La Bussola, Il Faro, La Dispensa, Il Cortile, La Finestra, Il Sentiero,
La Valigia, Il Telaio, La Terrazza, Il Mercato, La Guida, Il Diario, La Gazzetta,
Il Baule, Il Nido, Il Ponte, La Fonte, La Soffitta, Il Mulino, Il Calamaio, La Cesta,
Il Cantiere, La Credenza, Il Portico""",
    tails="""d’Inverno, della Domenica, senza Fretta, di Marta, del Quartiere, del Mare, con Calma,
a Mano, di Stagione, per Due, del Nord, del Sud, tra Amici, di Carta, di Lino,
in Famiglia, al Sole, a Piedi, del Sabato, da Scoprire, di Ogni Giorno, a Buon Prezzo,
dei Fiori, della Nonna, ad Alta Voce, di Luca""",
    nouns="""Sale, Lino, Olivo, Argilla, Miele, Luna, Rosmarino, Zagara, Timo, Cannella, Sabbia,
Brezza, Noce, Inchiostro, Lana, Fico, Alloro, Menta, Muschio, Nebbia, Ocra, Pane, Pino,
Argento, Quercia, Salice, Seta, Ombra, Grano, Uva, Verbena, Gesso, Basilico, Mandorla,
Rame, Sughero, Edera, Gelsomino""",
    ends="""Media, S.r.l., Digitale, Rivista, Edizioni, Studio, Club, Offerte, Premi, Recensioni,
Settimanale, Collettivo, Blog, Podcast, Consigli, & C., Notizie, Rete""",
    names="""
{head} {tail}
{head} {tail} {end}
{head} {tail} {end}
{noun} & {noun}
{noun} & {noun} {end}
{noun} e {noun} {tail}
{Topic} {tail} {end}
""",
    creators="""
{person}
{person}
{handle}
{first} e {head} {tail}
{first}, {noun} e {noun}
{person} | {topic}
""",
    openings="""
Uno sguardo indipendente per chi ama {cat}, con un debole per temi come {a} e {b}.
Proviamo, confrontiamo e spieghiamo quello che conta davvero: {a}, {b} e {c}.
Consigli pratici, indirizzi fidati e risposte sincere su {a} e {b}.
Nato in una cucina nel {year}, oggi è un punto di riferimento per {a} e {b}.
Notizie, offerte e idee per chi ama {cat}, scelte a mano ogni mattina.
Una piccola redazione racconta {cat} con articoli lunghi e suggerimenti brevi.
""",
    middles="""
Chi ci legge torna per il tono semplice e i giudizi chiari.
Ogni prodotto viene provato per almeno due settimane prima di parlarne.
La newsletter esce il giovedì e la apre più della metà degli iscritti.
La comunità condivide le sue scoperte e verifica ogni consiglio su {c}.
Due visitatori su tre arrivano dalla ricerca, molti con una domanda su {c}.
Pubblichiamo tre articoli a settimana e un grande speciale a ogni stagione.
""",
    closings="""
I marchi sono benvenuti quando ci somigliano.
Preferiamo le collaborazioni lunghe ai singoli post.
Le guide ai regali escono in primavera e prima delle feste.
Mandiamo volentieri i nostri numeri su richiesta.
""",
    topics="""
la casa: arredamento, biancheria da letto, piccoli appartamenti, illuminazione, mobili antichi, ordine,
  ristrutturazione, materassi
la cucina: lievito madre, cene veloci, ricette vegane, vini naturali, caffè, pasta fresca, formaggi, olio
  d’oliva
i viaggi: fine settimana in città, viaggi in treno, escursioni, vacanze in famiglia, borghi, campeggio,
  isole, cicloturismo
la moda: guardaroba essenziale, moda sostenibile, maglieria, jeans, scarpe, usato, moda uomo, gioielli
la bellezza: cura della pelle, protezione solare, capelli ricci, profumi, trucco, cosmesi naturale, barba,
  saponi
la tecnologia: smartphone, portatili, cuffie, lavoro da casa, fotografia, software libero, privacy,
  intelligenza artificiale
lo sport: corsa, ciclismo, yoga, arrampicata, nuoto, calcio, sci, tennis
la vita in famiglia: sonno dei bambini, giochi di legno, merende, gravidanza, albi illustrati, adolescenti,
  passeggini, compleanni
gli animali: educazione del cucciolo, cibo per gatti, passeggiate, acquari, adozioni, equitazione, conigli,
  pappagalli
il denaro: risparmio, carte di credito, mutui, fondi, pensione, bilancio familiare, bollette, assicurazioni
la salute: sonno, alimentazione, mal di schiena, meditazione, vitamine, menopausa, allergie, pronto soccorso
il giardino: orto, rose, balconi, piante da appartamento, compost, serre, attrezzi, alberi da frutto
i libri e la cultura: gialli, poesia, musei, cinema d’autore, teatro, audiolibri, fumetti, mostre
la musica: vinili, cantautori, jazz, opera, chitarra, festival, cori, pianoforte
i giochi: giochi da tavolo, giochi di ruolo, videogiochi, console retrò, enigmistica, carte, scacchi,
  miniature
i motori: auto elettriche, auto d’epoca, assicurazione auto, giri in moto, pneumatici, camper, usato
  garantito, patente
lo studio: lingue, corsi online, metodo di studio, matematica, programmazione, borse di studio, materiali
  didattici, università
il lavoro: partita IVA, start-up, contabilità, commercio elettronico, marketing, produttività, fatture,
  negoziazione
i regali e le feste: regali di compleanno, Natale, pacchetti, festa della mamma, fiori, addobbi, bomboniere,
  regali aziendali
il fatto a mano: maglia, falegnameria, cucito, ceramica, uncinetto, candele, ricamo, riparazioni
i matrimoni: location, abiti da sposa, bouquet, viaggio di nozze, fotografi, anelli, inviti, torte
la vita di ogni giorno: notizie di quartiere, idee per il fine settimana, volontariato, oroscopo, treni,
  meteo, buone notizie, storia locale
""",
)
