"""Polish."""

from overture.demo.directory_words.words import Words

_WOMEN = """Agnieszka, Małgorzata, Żaneta, Zofia, Aniela, Barbara, Celina, Dorota, Ewa, Grażyna,
Hanna, Iga, Jagoda, Kalina, Łucja, Maja, Natalia, Olga, Róża, Śnieżana, Urszula, Wiktoria"""
_MEN = """Łukasz, Paweł, Michał, Grzegorz, Adam, Błażej, Cezary, Daniel, Edward, Filip, Igor,
Jędrzej, Kamil, Leon, Maciej, Miłosz, Olaf, Rafał, Stanisław, Tadeusz, Wojciech, Zbigniew"""
_BOTH = """Wójcik, Żelazek, Kołodziej, Ślusarczyk, Nowak, Kowalczyk, Mazur, Krawczyk, Piątek, Wróbel,
Stępień, Pawlak, Sikora, Duda, Szewczyk, Baran, Pietrzak, Bąk, Włodarczyk, Kaźmierczak,
Gołąb, Szczepaniak"""

POLISH = Words(
    people=(
        (
            _WOMEN,
            _BOTH + ", Dąbrowska, Szymańska, Pawłowska, Jabłońska, Wiśniewska, Zielińska, Malinowska, Górska",
        ),
        (
            _MEN,
            _BOTH + ", Dąbrowski, Szymański, Pawłowski, Jabłoński, Wiśniewski, Zieliński, Malinowski, Górski",
        ),
    ),
    ampersand="i",
    titles="Redakcja, Współpraca, Właściciel, Redaktor naczelna, Wydawca, Partnerstwa",
    heads="""Dobry Kąt, Mała Kuchnia, Leśny Dom, Tani Koszyk, Cichy Ogród, Jasne Okno, Stary Młyn,
Nowy Szlak, Ciepły Piec, Zielony Balkon, Błękitna Szuflada, Złota Nić, Wolny Czas,
Wesoły Stół, Biała Półka, Polna Droga, Domowa Spiżarnia, Miejski Notes, Rodzinny Atlas,
Mądry Portfel, Papierowa Łódka, Słodki Strych, Ukryty Zaułek, Letnia Weranda,
Zimowa Herbata, Prosty Plan, Sprytny Przewodnik, Górska Latarnia, Nadmorski List,
Kolorowa Pracownia""",
    tails="""nad Morzem, w Lesie, na Niedzielę, bez Pośpiechu, dla Każdego, za Rogiem, z Północy,
dla Początkujących, w Podróży, z Dziećmi, dla Dwojga, w Mieście, na Co Dzień, od Kuchni,
po Godzinach""",
    nouns="""Sól, Len, Miód, Brzoza, Mech, Mgła, Wełna, Cynamon, Kotwica, Jabłko, Chleb, Pióro, Bez,
Nić, Owies, Wrzos, Koniczyna, Miedź, Latarnia, Lipa, Mięta, Mak, Muszla, Igła, Papier,
Pędzel, Deszcz, Szałwia, Piasek, Łupek, Jedwab, Kamień, Atrament, Glina, Wiatr, Świt,
Zmierzch""",
    ends="""Sp. z o.o., Media, Magazyn, Wydawnictwo, Blog, Klub, Porównywarka, Rabaty, Punkty,
Pracownia, Kolektyw, Podcast, Porady, Tygodnik, Recenzje""",
    names="""
{head}
{head} {end}
{head} {tail}
{head} {tail} {end}
{noun} i {noun}
{noun} & {noun} {end}
{noun} i {noun} {tail}
{Topic} {tail} {end}
""",
    creators="""
{person}
{person}
{handle}
{first} {tail}
{first}: {noun} i {noun}
{person} – {topic}
""",
    openings="""
Niezależny serwis w dziale „{cat}”. Nasze ulubione tematy to {a} i {b}.
Testujemy, porównujemy i wyjaśniamy to, co ważne: {a}, {b} oraz {c}.
Praktyczne poradniki, szczere opinie i dobre adresy. Piszemy na tematy takie jak {a} i {b}.
Zaczęliśmy przy kuchennym stole w {year} roku; dziś nasze główne tematy to {a} i {b}.
Wiadomości, okazje i pomysły wybierane ręcznie każdego ranka: {a}, {b}, {c}.
""",
    middles="""
Czytelnicy wracają do nas za prosty język i uczciwe oceny.
Każdy produkt sprawdzamy co najmniej dwa tygodnie, zanim o nim napiszemy.
Newsletter wychodzi w czwartki i otwiera go ponad połowa odbiorców.
Społeczność dzieli się znaleziskami i sprawdza każdą wskazówkę.
Dwie trzecie gości trafia do nas z wyszukiwarki; hitem miesiąca jest hasło „{c}”.
""",
    closings="""
Marki są mile widziane, jeśli do nas pasują.
Wolimy długą współpracę niż pojedyncze wpisy.
Poradniki prezentowe ukazują się wiosną i przed świętami.
Chętnie wysyłamy nasze statystyki.
""",
    topics="""
Dom i wnętrza: wnętrza, pościel, małe mieszkania, oświetlenie, stare meble, porządki, remont
Jedzenie: zakwas, szybkie obiady, kuchnia wegańska, kawa, pieczenie, sery, kiszonki
Podróże: weekend w mieście, podróże pociągiem, górskie szlaki, wakacje z dziećmi, kemping, wyspy
Moda: szafa kapsułowa, moda odpowiedzialna, dzianiny, dżinsy, buty sportowe, biżuteria
Uroda: pielęgnacja skóry, ochrona przeciwsłoneczna, kręcone włosy, perfumy, makijaż, kosmetyki naturalne
Technologia: smartfony, laptopy, słuchawki, praca z domu, fotografia, sztuczna inteligencja, prywatność
Sport: bieganie, rower, joga, wspinaczka, pływanie, piłka nożna, narty
Rodzina i dzieci: sen niemowląt, drewniane zabawki, drugie śniadanie, ciąża, książki obrazkowe, urodziny
Zwierzęta: szkolenie szczeniąt, karma dla kotów, spacery, akwaria, adopcja, jazda konna
Finanse: oszczędzanie, karty kredytowe, kredyt hipoteczny, fundusze, emerytura, budżet domowy
Zdrowie: sen, żywienie, ból pleców, medytacja, witaminy, alergie
Ogród: warzywnik, róże, balkon, rośliny doniczkowe, kompost, szklarnia
Książki i kultura: kryminały, poezja, muzea, kino, teatr, audiobooki
Muzyka: winyle, jazz, muzyka klasyczna, gitara, festiwale, chóry
Gry: planszówki, gry fabularne, konsole retro, łamigłówki, karty, szachy
Motoryzacja: auta elektryczne, klasyki, ubezpieczenia, wyprawy motocyklowe, opony, kampery
Edukacja: języki, kursy online, techniki nauki, matematyka, programowanie, stypendia
Biznes: freelancing, księgowość, e-commerce, marketing, produktywność, faktury
Prezenty i święta: prezenty urodzinowe, Boże Narodzenie, pakowanie, Dzień Matki, kwiaty, kartki
Rękodzieło: robótki na drutach, stolarstwo, szycie, ceramika, szydełko, haft
Wesela: sale weselne, suknie ślubne, bukiety, podróż poślubna, fotografia ślubna, obrączki
Codzienność: wieści z okolicy, pomysły na weekend, wolontariat, pociągi, pogoda, genealogia
""",
)
