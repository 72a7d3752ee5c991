"""French."""

from overture.demo.directory_words.words import Words, double

_FIRST = """Élise, Yann, Camille, Hugo, Loïc, Zoé, Étienne, Maëlle, Benoît, Inès, Aurélie, Gaël,
Noémie, Rémi, Chloé, Théo, Agathe, Baptiste, Capucine, Clément, Colette, Constance,
Corentin, Delphine, Éloi, Émile, Fanny, Félix, Flore, Gaspard, Hélène, Irène, Jeanne,
Joséphine, Jules, Léonie, Lison, Lucien, Madeleine, Malo, Margaux, Mathilde, Nadia,
Nathanaël, Océane, Odile, Pauline, Raphaëlle, Romane, Salomé, Samir, Séverine, Solène,
Tristan, Violette, Yasmine"""
_LAST = """Vauquelin, Kerbrat, Tessandier, Garance, Lefèvre, Moreau, Dubois, Gauthier, Perrin,
Chevalier, Roux, Blanchet, Aubert, Bénard, Bourdon, Carpentier, Charrier, Collet,
Delaunay, Desprès, Fontaine, Gérard, Guérin, Hamon, Jacquet, Lacroix, Lambert, Leclerc,
Maréchal, Mercier, Noël, Pasquier, Prévost, Renaud, Rivière, Tanguy, Thévenet, Vasseur,
Verdier, Villeneuve"""

FRENCH = Words(
    people=((_FIRST, _LAST + ", " + double(_LAST, "-")),),
    ampersand="et",
    titles="""Rédactrice en chef, Responsable partenariats, Fondateur, Fondatrice, Chargée de clientèle,
Éditeur, Créatrice""",
    heads="""La Table, Le Jardin, L’Atelier, La Maison, Le Carnet, Le Comptoir, La Gazette, Le Cabinet,
La Fabrique, Le Coin, La Boussole, Le Fil, La Lettre, L’Échelle, Le Grenier, La Cour,
Le Quai, Le Panier, La Malle, Le Tiroir, L’Armoire, La Lanterne, Le Phare, L’Horloge,
La Bobine, Le Sentier, Le Refuge, La Cabane, Le Verger, Le Potager, La Clairière,
Le Moulin, La Source, Le Pont, L’Escale, La Valise, Le Radeau, Le Bureau, La Ruche,
Le Nid, Le Terrier, La Plume, L’Encrier, Le Cahier, La Mercerie, Le Vestiaire, Le Salon,
L’Alcôve, La Véranda, Le Perron, Le Guide, Le Journal, La Chronique, L’Almanach, Le Club,
La Tribu, Le Cercle, Les Cahiers, Les Pages, Les Carnets""",
    tails="""d’Hiver, du Dimanche, des Collines, en Ville, sans Hâte, d’Élise, de Margaux, du Soir,
du Matin, de Saison, des Marées, des Voisins, du Midi, d’Été, du Nord, au Vert, à Vélo,
au Calme, de Jeanne, de Colette, des Cousins, du Bout du Monde, des Petits Riens, de Lin,
de Laine, du Hasard, des Écoliers, du Quartier, de Papier, à Deux Voix, en Famille,
en Couleurs, des Possibles, du Bonheur, sans Façon, d’à Côté, des Bons Plans,
du Juste Prix, de Félix, des Lève-tôt, du Samedi, de la Rue Basse, du Vieux Port,
des Saules, des Hirondelles, du Tilleul, au Long Cours""",
    nouns="""Lin, Laine, Brume, Bois, Sel, Miel, Figue, Mousse, Ardoise, Argile, Azur, Bruyère,
Cannelle, Cerise, Chêne, Coton, Craie, Écume, Encre, Épice, Étoffe, Fable, Ficelle,
Fougère, Galet, Genêt, Givre, Graine, Grenade, Houle, Indigo, Ivoire, Jasmin, Laurier,
Lavande, Lichen, Lierre, Lueur, Menthe, Mimosa, Myrtille, Noisette, Nuage, Ocre, Olive,
Ombre, Orage, Osier, Paille, Pavot, Perle, Pierre, Pivoine, Pluie, Poivre, Prune, Rosée,
Sable, Safran, Sauge, Soie, Tamis, Thym, Tilleul, Velours, Vent, Verveine""",
    ends="""Média, Hebdo, & Cie, Éditions, Magazine, Studio, Collectif, Mag, Presse, Club, Avantages,
Remises, Conseils, Tests, Sélection, La Revue, Le Blog, Le Podcast, SARL, Quotidien,
Actus, Infos""",
    names="""
{head} {tail}
{head} {tail} {end}
{head} {tail} {end}
{head} {tail} {end}
{noun} & {noun}
{noun} & {noun} {end}
{noun} & {noun} {end}
{noun} {tail} {end}
{Topic} & {noun} {end}
{Topic} {tail} {end}
{head} {noun} & {noun}
""",
    creators="""
{person}
{person}
{handle}
{first}, {noun} & {noun}
{first} et {head} {tail}
{person}, {topic}
""",
    openings="""
Un regard indépendant sur {cat}, avec un faible pour {a} et {b}.
Nous testons, comparons et expliquons tout ce qui touche à nos sujets préférés : {a}, {b} et {c}.
Conseils pratiques, bonnes adresses et réponses franches : {a}, {b}, et bien plus encore.
De longs articles et de petites astuces sur {cat}, écrits par des passionnés.
Né dans une cuisine en {year}, le site raconte {cat} à des lectrices et lecteurs fidèles.
Une petite rédaction passionnée par {cat} qui partage chaque semaine ses découvertes.
Actualités, bons plans et idées choisies à la main, pour celles et ceux qui aiment {cat}.
Pour celles et ceux qui aiment {cat} sans se prendre au sérieux ; au menu : {a} et {b}.
Des histoires, des listes et des pas à pas : {a}, {b} et {c} au fil des saisons.
Le rendez-vous des curieux : {a} le lundi, {b} le jeudi, et des surprises le week-end.
""",
    middles="""
Nos lecteurs reviennent pour le ton simple et les avis sans détour.
Chaque produit est essayé au moins deux semaines avant que nous en parlions.
La lettre du jeudi est ouverte par plus de la moitié de ses abonnés.
La communauté partage ses trouvailles et vérifie chaque bon plan.
Deux visiteurs sur trois arrivent par la recherche, souvent avec une question précise : {c}.
Nous publions trois articles par semaine et un grand dossier à chaque saison.
Notre public, surtout des familles, prépare ses achats avec soin.
La moitié des visiteurs revient chaque semaine, le soir, sur son téléphone.
Peu de publicité, toujours signalée : c’est ce qui fait notre crédit.
Dernier dossier en date : {c}, vu par six spécialistes de terrain.
""",
    closings="""
Les marques sont les bienvenues quand elles nous ressemblent.
Nous préférons les partenariats longs aux publications isolées.
Les guides de cadeaux paraissent au printemps et avant les fêtes.
Nous refusons ce que nous n’achèterions pas nous-mêmes.
Notre dossier média et nos chiffres sont envoyés sur demande.
Les campagnes se préparent deux mois à l’avance.
Réponse garantie sous deux jours ouvrés.
""",
    special="""
0: Des pièces où l’on vit vraiment : {a}, {b} et des réparations qui durent plus qu’une mode.
0: Guides d’achat pour le canapé, la lampe et le linge de lit, testés dans une vraie maison avec enfants et
  chien.
1: Des recettes qui marchent en semaine, avec des notes sur le vin et un goût certain pour tout ce qui
  mijote : {a}, {b}.
1: Une cuisinière et un photographe racontent leurs marchés, leurs tables et leurs sujets du moment : {a} et
  {b}.
2: Des itinéraires en train et à pied, des hôtels notés sans complaisance, et nos thèmes favoris : {a} et
  {b}.
2: Nous préparons des escapades pour celles et ceux qui ont peu de temps : {a}, {b}, {c}.
3: Que porter, que réparer, que laisser en boutique ? Nos réponses, saison après saison : {a}, {b}.
3: Des tenues pour de vrais corps et une vraie météo, sans tapage ; à la une : {a} et {b}.
4: Des ingrédients expliqués sans faire peur et des routines de cinq minutes : {a}, {b}, {c}.
4: Nous lisons les étiquettes à votre place et donnons un avis clair sur tout : {a}, {b}.
5: Des appareils essayés un mois au quotidien et des explications limpides : {a}, {b}, {c}.
5: La technologie pour celles et ceux qui préfèrent s’en servir que la régler : {a} et {b}.
6: Plans d’entraînement, récits de course et essais de matériel pour amateurs : {a}, {b}.
6: Du premier footing à la ligne d’arrivée, une équipe de bénévoles vous accompagne : {a}, {b}, {c}.
7: Des idées pour les après-midi de pluie et les soirées calmes en famille : {a}, {b}.
7: Des parents écrivent pour des parents, de la naissance au collège : {a}, {b} et {c}.
8: Soins, alimentation et éducation des animaux, relus par une vétérinaire : {a}, {b}.
8: Bien vivre avec chats, chiens et plus petits compagnons : {a}, {b}, et des tests honnêtes.
9: Comptes, cartes et contrats comparés sans jargon ; nos dossiers : {a}, {b}, {c}.
9: L’argent expliqué à ceux que l’argent ennuie, une bonne habitude par semaine : {a}, {b}.
10: Mieux dormir, moins souffrir du dos, respirer : des sources pour chaque affirmation, de la prévention
  aux soins.
10: Médecins et coachs signent ensemble nos dossiers : {a}, {b} et {c}.
11: Du balcon au potager, que faire cette semaine ? Nos rubriques : {a}, {b}, {c}.
11: Une jardinière en chef répond aux questions et montre ses propres erreurs : {a}, {b}.
12: Romans, expositions et films que l’on glisse dans les mains d’un ami, avec des essais : {a}, {b}.
12: Un cercle de lecture devenu magazine ; on y parle de culture avec gourmandise : {a}, {b}.
13: Nouveaux disques, vieux instruments et nuits qui valent la peine : {a}, {b}.
13: Nous écoutons deux fois avant d’écrire, et nous poussons la porte des répétitions : {a}, {b}.
14: Critiques, guides et soirées autour de la table : {a}, {b} et {c}.
14: Un coin accueillant pour les joueuses et joueurs de tout âge : {a}, {b}.
15: Essais sur route, notes d’atelier et coûts réels au kilomètre : {a}, {b}.
15: Pour qui aime conduire et savoir ce que cela coûte : {a}, {b} et {c}.
16: Cours, méthodes et récits d’apprentissage pour tous les âges : {a}, {b}.
16: Nous aidons à apprendre quelque chose de nouveau par petites étapes : {a}, {b}, {c}.
17: Comment grandissent les petites entreprises, racontées par celles et ceux qui se sont trompés : {a},
  {b}.
17: Outils et habitudes pour indépendants, avec des cas concrets : {a}, {b}.
18: Des cadeaux pour tous les budgets et tous les cousins, triés avec soin : {a}, {b}.
18: Nous collectionnons les bonnes idées toute l’année pour un mois de décembre serein : {a}, {b}.
19: Patrons, outils et projets de week-end photographiés étape par étape : {a}, {b}.
19: Fait main et expliqué avec patience, jusqu’aux chutes de tissu : {a}, {b}, {c}.
20: Lieux, budgets et vraies fêtes, avec des listes à cocher : {a}, {b}.
20: Des couples racontent ce qu’ils referaient, du dossier à la dernière danse : {a}, {b}.
21: Un peu de tout pour les curieux, et de bonnes nouvelles du quartier : {a}, {b}.
21: Choses utiles et petites découvertes réunies par une équipe de quatre : {a}, {b}.
""",
    topics="""
la maison: décoration, linge de lit, petits espaces, luminaires, brocante, rangement, papier peint, cuisine
  équipée, matières naturelles, céramique, literie, tapis, maison connectée, rénovation
la cuisine: levain, dîners rapides, recettes véganes, vins naturels, café, fermentation, pâtisserie, cuisine
  de rue, fromages, huile d’olive, couteaux, thé, menus de la semaine, barbecue
le voyage: week-ends en ville, voyages en train, randonnée, vacances en famille, hôtels de charme, voyage en
  solo, camping, îles, bagages, cyclotourisme, soleil d’hiver, assurance voyage, voile, chambres d’hôtes
la mode: garde-robe capsule, mode éthique, denim, maille, baskets, friperie, grandes tailles, mode homme,
  sacs à main, bijoux, couture sur mesure, imperméables, mode de bureau, chaussures
la beauté: soins de la peau, protection solaire, cheveux bouclés, parfum, maquillage, ongles, cosmétiques
  bio, barbe, peaux sensibles, anti-âge, coiffure, savons, soins du corps, huiles végétales
la technologie: smartphones, ordinateurs portables, casques audio, télétravail, photo, montres connectées,
  logiciel libre, vie privée, intelligence artificielle, liseuses, impression 3D, forfaits mobiles, drones,
  domotique
le sport: course à pied, vélo, yoga, escalade, natation, football, musculation, triathlon, tennis, trail,
  ski, surf, marathon, nutrition sportive
la vie de famille: sommeil de bébé, jouets en bois, goûters, grossesse, albums illustrés, adolescents,
  poussettes, jeux éducatifs, anniversaires, allaitement, familles monoparentales, rentrée scolaire, sièges
  auto, écrans
les animaux: éducation du chiot, croquettes, balades, aquariums, adoption, équitation, assurance animaux,
  toilettage, lapins, perroquets, chats d’appartement, vieux chiens, terrariums, poules
l’argent du quotidien: épargne, cartes bancaires, crédit immobilier, bourse, retraite, budget,
  remboursements, énergie, assurances, impôts, banque en ligne, cryptomonnaies, vie frugale, mutuelle
la santé: sommeil, santé mentale, nutrition, mal de dos, méditation, vitamines, ménopause, allergies,
  premiers secours, audition, bien vieillir, respiration, kinésithérapie, microbiote
le jardin: potager, rosiers, balcons fleuris, plantes d’intérieur, compost, biodiversité, serres, outils de
  jardin, gazon, arbres fruitiers, plantes locales, paysagisme, jardins partagés, bulbes
la culture: polars, poésie, musées, cinéma indépendant, théâtre, livres audio, bande dessinée, histoire,
  clubs de lecture, photographie, rentrée littéraire, expositions, opéra, traduction
la musique: vinyles, groupes indépendants, jazz, musique classique, guitare, festivals, home studio,
  synthétiseurs, chanson, chorales, hi-fi, piano, musique électronique, concerts
le jeu: jeux de société, jeux de rôle, jeux indépendants, rétro gaming, e-sport, casse-tête, jeux de cartes,
  stratégie, création de jeux, échecs, figurines, réalité virtuelle, jeux coopératifs, énigmes
l’auto et la moto: voitures électriques, voitures anciennes, assurance auto, balades à moto, recharge à
  domicile, pneus, vans aménagés, occasions, entretien, permis de conduire, vélos électriques, sport
  automobile, location longue durée, scooters
l’apprentissage: langues, cours en ligne, méthodes de travail, soutien en maths, instruction en famille,
  code pour enfants, bourses, ressources pour enseignants, vie étudiante, écriture, reconversion, examens,
  sciences, orientation
l’entreprise: indépendants, start-up, comptabilité, e-commerce, marketing, productivité, management, projets
  parallèles, logiciels, négociation, facturation, relation client, prise de parole, économie sociale
la fête et le cadeau: cadeaux d’anniversaire, cadeaux personnalisés, Noël, emballages, fête des Mères,
  fleurs, décoration de fête, faire-part, cadeaux d’entreprise, coffrets, paniers gourmands, Saint-Valentin,
  naissance, crémaillère
le fait main: tricot, menuiserie, couture, poterie, crochet, bougies, broderie, upcycling, réparations,
  papier, cuir, teinture végétale, outillage, patchwork
le mariage: lieux de réception, robes de mariée, fleurs, voyage de noces, photographes, bagues de
  fiançailles, mariages intimes, faire-part, décoration de table, enterrement de vie de jeune fille,
  discours, pièces montées, alliances, plans de table
la vie quotidienne: nouvelles du quartier, idées de week-end, bénévolat, astrologie, trains, météo, bonnes
  nouvelles, généalogie, collections, minimalisme, citations, histoire locale, bons plans, curiosités
""",
)
