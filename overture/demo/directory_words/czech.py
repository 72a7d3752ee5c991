"""Czech."""

from overture.demo.directory_words.words import Words

CZECH = Words(
    people=(
        (
            """Anežka, Barbora, Daniela, Eliška, Hana, Jitka, Kateřina, Klára, Lenka, Markéta, Nikola,
Petra, Renáta, Šárka, Tereza, Věra, Zdeňka, Žofie""",
            """Nováková, Svobodová, Dvořáková, Černá, Procházková, Kučerová, Veselá, Horáková, Němcová,
Pospíšilová, Marková, Růžičková, Benešová, Fialová, Sedláčková, Krejčí""",
        ),
        (
            """Adam, Bohumil, Čeněk, Dalibor, František, Honza, Jáchym, Jiří, Kryštof, Lukáš, Matěj,
Ondřej, Přemysl, Radek, Šimon, Tomáš, Václav, Zbyněk""",
            """Novák, Svoboda, Dvořák, Černý, Procházka, Kučera, Veselý, Horák, Němec, Pospíšil, Marek,
Růžička, Beneš, Fiala, Sedláček, Krejčí""",
        ),
    ),
    ampersand="a",
    titles="Redakce, Spolupráce, Zakladatel, Šéfredaktorka, Vydavatel, Partnerství",
    heads="""Tichý Dvůr, Malá Kuchyně, Lesní Dům, Dobrý Kout, Jasné Okno, Starý Mlýn, Nová Stezka,
Teplá Pec, Zelený Balkon, Modrá Zásuvka, Zlatá Nit, Volný Čas, Veselý Stůl, Bílá Police,
Polní Cesta, Domácí Spíž, Městský Zápisník, Rodinný Atlas, Chytrá Peněženka,
Papírová Loďka, Sladká Půda, Skrytá Ulička, Letní Veranda, Zimní Čaj, Horská Lucerna,
Barevná Dílna""",
    tails="""u Řeky, v Lese, na Neděli, beze Spěchu, pro Každého, za Rohem, ze Severu, pro Začátečníky,
na Cestách, s Dětmi, pro Dva, ve Městě, na Každý Den""",
    nouns="""Sůl, Len, Med, Bříza, Mech, Mlha, Vlna, Skořice, Kotva, Jablko, Chléb, Pero, Šeřík, Nit,
Oves, Vřes, Jetel, Měď, Lucerna, Lípa, Máta, Mák, Mušle, Jehla, Papír, Štětec, Déšť,
Šalvěj, Písek, Břidlice, Hedvábí, Kámen, Inkoust, Hlína, Vítr""",
    ends="""s.r.o., Média, Magazín, Nakladatelství, Blog, Klub, Srovnávač, Slevy, Body, Ateliér,
Podcast, Rady, Týdeník, Recenze""",
    names="""
{head}
{head} {end}
{head} {tail}
{head} {tail} {end}
{noun} a {noun}
{noun} & {noun} {end}
{noun} a {noun} {tail}
{Topic} {tail} {end}
""",
    creators="""
{person}
{person}
{handle}
{first} {tail}
{first}: {noun} a {noun}
{person} – {topic}
""",
    openings="""
Nezávislý web v rubrice „{cat}“. Naše oblíbená témata jsou {a} a {b}.
Testujeme, srovnáváme a vysvětlujeme to podstatné: {a}, {b} a {c}.
Praktické návody, upřímné zkušenosti a dobré adresy. Témata: {a}, {b}, {c}.
Začali jsme u kuchyňského stolu v roce {year}; dnes jsou naše hlavní témata {a} a {b}.
Novinky, nabídky a nápady vybírané ručně každé ráno: {a}, {b} a další.
""",
    middles="""
Čtenáři se vracejí kvůli jednoduchému jazyku a poctivým hodnocením.
Každý výrobek zkoušíme nejméně dva týdny, než o něm napíšeme.
Zpravodaj vychází ve čtvrtek a otevře ho víc než polovina odběratelů.
Komunita sdílí své objevy a ověřuje každý tip.
Dvě třetiny návštěvníků přicházejí z vyhledávání; hitem měsíce je heslo „{c}“.
""",
    closings="""
Značky jsou vítány, pokud se k nám hodí.
Dlouhou spolupráci máme raději než jednotlivé příspěvky.
Průvodci dárky vycházejí na jaře a před svátky.
Rádi pošleme svá čísla.
""",
    topics="""
Bydlení: interiéry, ložní prádlo, malé byty, osvětlení, starý nábytek, úklid
Jídlo a pití: kvásek, rychlé večeře, veganské recepty, káva, pečení, sýry
Cestování: víkend ve městě, cesty vlakem, turistika, rodinná dovolená, kempování, ostrovy
Móda: kapslový šatník, udržitelná móda, pletené zboží, džíny, tenisky, šperky
Krása: péče o pleť, ochrana před sluncem, kudrnaté vlasy, parfémy, líčení, přírodní kosmetika
Technika: chytré telefony, notebooky, sluchátka, práce z domova, fotografie, umělá inteligence
Sport: běh, cyklistika, jóga, lezení, plavání, fotbal
Děti a rodina: dětský spánek, dřevěné hračky, svačiny, těhotenství, obrázkové knížky, oslavy
Zvířata: výcvik štěňat, krmivo pro kočky, procházky, akvária, útulky, jezdectví
Finance: spoření, kreditní karty, hypotéky, fondy, důchod, rodinný rozpočet
Zdraví: spánek, výživa, bolest zad, meditace, vitaminy, alergie
Zahrada: zelenina, růže, balkon, pokojové rostliny, kompost, skleník
Knihy a kultura: detektivky, poezie, muzea, film, divadlo, audioknihy
Hudba: vinyly, jazz, klasická hudba, kytara, festivaly, sbory
Hry: deskové hry, hry na hrdiny, retro konzole, hádanky, karty, šachy
Auta a motorky: elektromobily, veteráni, pojištění auta, výlety na motorce, pneumatiky, obytné vozy
Vzdělávání: jazyky, online kurzy, jak se učit, matematika, programování, stipendia
Podnikání: volná noha, účetnictví, e-shopy, marketing, produktivita, faktury
Dárky a oslavy: dárky k narozeninám, Vánoce, balení dárků, Den matek, květiny, přání
Tvoření: pletení, práce se dřevem, šití, keramika, háčkování, vyšívání
Svatby: svatební místa, svatební šaty, kytice, svatební cesta, svatební fotografie, prsteny
Každý den: zprávy z okolí, tipy na víkend, dobrovolnictví, vlaky, počasí, rodokmeny
""",
)
