"""English."""

from overture.demo.directory_words.words import Words, compound

_FIRST = """Harriet, Aoife, Callum, Imogen, Theo, Freya, Rupert, Isla, Gareth, Poppy, Devika, Amir,
Bronwen, Fergus, Adaeze, Alfie, Amara, Angus, Anika, Ansel, Arlo, Asha, Beatrix, Bethan,
Bridget, Caleb, Carys, Cedric, Celeste, Chidi, Clara, Conor, Cora, Dara, Delphine,
Desmond, Dexter, Edith, Eilidh, Elspeth, Emeka, Esme, Ewan, Farah, Felix, Finlay, Flora,
Gemma, Georgie, Gideon, Grace, Greta, Hamish, Hattie, Hazel, Hugh, Iris, Ivy, Jasper,
Joss, Juno, Kiran, Kit, Lachlan, Leila, Linus, Lola, Lorcan, Mabel, Maeve, Magnus, Marcus,
Margot, Matilda, Miles, Mina, Morag, Nadia, Ned, Nia, Niamh, Olive, Oscar, Otis, Owen,
Pearl, Percy, Petra, Phoebe, Priya, Quentin, Ravi, Rhys, Roisin, Rory, Rosa, Rowan, Ruby,
Saoirse, Sasha, Seamus, Selma, Silas, Simone, Stella, Sunil, Tamsin, Tess, Tilda, Toby,
Una, Violet, Wilf, Willa, Winnie, Xander, Yara, Zara, Zadie"""
_LAST = """Osgood, Brannock, Pryce, Aldous, Marsh, Hale, Devlin, Sutcliffe, Penrose, Okafor, Lacey,
Adeyemi, Bose, Byrne, Carmichael, Chowdhury, Corrigan, Doyle, Eze, Farrell, Gallagher,
Grewal, Hargreaves, Iqbal, Jardine, Kapoor, Keane, Kinsella, Lennox, Mbeki, McAllister,
McKenna, Murdoch, Nair, Nolan, Obi, Pereira, Quigley, Rafferty, Sandhu, Sinclair, Tierney,
Treloar, Vaughan, Wren"""
_STEMS = """Ash, Brad, Whit, Hart, Long, Red, Old, Marl, Thorn, Wood, Hazel, Elm, Brook, Corn, Wick,
Fair, Stan, Hol, Clif, Ald, Bex, Cold, Dun, East, Farn, Gren, Hamp, King, Lang, Mill, Nor,
Oak, Pen, Rad, Sel, Win"""
_ENDINGS = "ford, ley, well, ton, combe, worth, field, brook, by, stead, den, ham"
_HEADS = """Slow, Bright, Copper, Northern, Quiet, Golden, Little, Honest, Velvet, Wild, Salted,
Crooked, Hidden, Early, Gentle, Amber, Blue, Silver, Clever, Sunday, Midnight, Paper,
Wooden, Iron, Linen, Marble, Mossy, Nimble, Open, Plain, Second, Simple, Sunny, Tidy,
Twice, Urban, Warm, Winter, Summer, Autumn, Spring, Woven, Young, Ancient, Barefoot, Bold,
Brave, Brisk, Calm, Candid, Careful, Cheerful, Coastal, Curious, Daily, Distant, Drifting,
Easy, Emerald, Endless, Everyday, Famous, Floating, Folded, Fresh, Frosty, Good, Grand,
Green, Happy, Heather, Hungry, Indigo, Jolly, Keen, Kind, Lively, Lofty, Lucky, Mellow,
Merry, Misty, Modern, Neat, Noble, Painted, Patient, Pocket, Polished, Proper, Rambling,
Ready, Rosy, Rustic, Scarlet, Secret, Shady, Sharp, Singing, Smart, Soft, Spare, Steady,
Stormy, Sweet, Tall, Thrifty, Tiny, True, Useful, Wandering, Weekend, Windward, Witty"""
_NOUNS = """Larder, Loom, Kettle, Hearth, Pantry, Fennel, Hedgerow, Tide, Thread, Lane, Shelf,
Lantern, Acorn, Anchor, Apron, Arbor, Attic, Badger, Barn, Basket, Bay, Beacon, Bee, Bell,
Bench, Birch, Bloom, Bobbin, Bonnet, Bookmark, Boot, Bramble, Bridge, Broom, Button,
Cabin, Candle, Canopy, Canvas, Cart, Cedar, Cellar, Chalk, Chimney, Cinder, Clover, Cloud,
Cobble, Comet, Compass, Corner, Cottage, Cove, Crane, Creek, Crumb, Cup, Daisy, Dell, Den,
Desk, Dial, Dove, Drawer, Drum, Dune, Ember, Errand, Falcon, Feather, Fern, Fiddle, Field,
Finch, Flask, Flint, Folio, Forge, Fox, Gable, Garland, Garret, Gate, Glade, Glen, Grove,
Hammock, Harbour, Hare, Hatch, Haven, Hazel, Heath, Heron, Hive, Hollow, Honey, Horizon,
Inkwell, Island, Ivy, Jar, Jetty, Juniper, Kernel, Key, Kite, Knot, Ladder, Ladle, Lark,
Latch, Leaf, Ledger, Lemon, Lighthouse, Lilac, Lodge, Map, Maple, Market, Meadow, Mill,
Mint, Mirror, Moon, Moss, Needle, Nest, Notebook, Oak, Oat, Ochre, Orchard, Otter, Owl,
Paddle, Parcel, Parlour, Path, Pebble, Pencil, Penny, Pier, Pigeon, Pine, Plum, Pocket,
Poppy, Porch, Postcard, Puddle, Quill, Quilt, Raven, Reed, Ribbon, River, Robin, Rook,
Saddle, Sail, Satchel, Shed, Shore, Signal, Slate, Spade, Sparrow, Spindle, Spoon, Stair,
Star, Stone, Stove, Studio, Swallow, Table, Tally, Teapot, Thistle, Thimble, Tin, Trail,
Trellis, Trunk, Twig, Vale, Wagon, Walnut, Wave, Weaver, Wharf, Wheel, Willow, Window,
Wren, Yard"""
_TAILS = """by the Sea, on Sundays, at Home, after Dark, in Season, for Two, and Daughters, & Sons,
& Co, in Brief, Made Simple, from Scratch, on a Budget, with Care, out Loud, in Colour,
and Friends, of the North, under Glass, Unpacked, Explained, Revisited, Before Breakfast,
Next Door, in Good Hands, Without Fuss, for Beginners, Every Day"""
_ENDS = """Weekly, Daily, Letters, Journal, Review, Reviews, Guide, Digest, Press, Media, Club,
Collective, Notes, Magazine, Post, Gazette, Quarterly, Almanac, Bulletin, Dispatch, Edit,
Files, Finder, Hub, Index, Lab, List, Network, Offers, Rewards, Deals, Picks, Report,
School, Social, Society, Stories, Studio, Supply, Talk, Works, Ltd"""

ENGLISH = Words(
    people=((_FIRST, f"{_LAST}, {compound(_STEMS, _ENDINGS)}"),),
    heads=_HEADS,
    nouns=_NOUNS,
    tails=_TAILS,
    ends=_ENDS,
    has_title_case=True,
    names="""
{head} {noun}
{head} {noun} {end}
{head} {noun} {end}
The {head} {noun} {end}
{noun} & {noun}
{noun} & {noun} {end}
{noun} & {noun} {end}
{head} {Topic} {end}
{noun} {Topic} {end}
{Topic} {tail} {end}
{Topic} at the {head} {noun}
{head} {noun} {tail}
""",
    creators="""
{person}
{person}
{person}
{handle}
{first} & the {head} {noun}
{first}’s {head} {noun}
{person} on {topic}
{first} of {noun} {end}
""",
    openings="""
Independent writing on {cat}, with a soft spot for {a} and {b}.
We test, compare and explain {a}, {b} and everything else that belongs to {cat}.
A practical guide to {cat}: {a}, {b} and honest answers to the questions readers send in.
Long reads and short tips about {cat}, from {a} to {b}.
Started at a kitchen table in {year}, now a trusted address for {a} and {b}.
Everything about {a}, written by people who do it themselves, with regular features on {b}.
News, offers and ideas in {cat}, picked by hand and kept up to date every morning.
For those who take {a} seriously and still want to enjoy {b}.
A small team that lives and breathes {cat} and writes about {a}, {b} and {c}.
Stories, lists and step-by-step help on {a} and {b} for busy people.
""",
    middles="""
Readers come for {c} and stay for the plain language.
Our readers are mostly between thirty and fifty and plan their purchases with care.
Every product is tried for at least two weeks before we say a word about {c}.
The newsletter goes out on Thursdays and is opened by more than half of its subscribers.
Members share what worked for them, and moderators check every tip on {c}.
Two thirds of the audience find us through search, most of them looking for {c}.
We publish three pieces a week and a large special issue about {c} each season.
Our community votes on the best finds of the month, from {c} to small luxuries.
Half of our visitors return every week, usually on their phone in the evening.
We keep ads few and clearly marked, which our audience rewards with trust.
""",
    closings="""
Brands are welcome where they fit.
We like long partnerships better than single posts.
Gift guides appear in spring and before the holidays.
Samples are returned or given away.
We say no to anything we would not buy ourselves.
Ask us for our media kit and last year's figures.
Seasonal campaigns are planned two months ahead.
We answer every e-mail within two working days.
""",
    special="""
0: Rooms people really live in: {a}, {b} and repairs that last longer than a trend.
0: Buying guides for sofas, lamps and bed linen, tested in a real house with children and a dog.
1: Recipes that work on a weekday, with notes on {a}, {b} and what to drink with them.
1: A cook and a photographer eat their way through {a} and write down what is worth repeating.
2: Itineraries by train and on foot, with honest hotel notes and plenty of {a}.
2: We plan short trips for people with little time, and write about {a} and {b}.
3: What to wear, what to mend and what to leave in the shop, with a clear eye on {a}.
3: Outfits for real bodies and real weather; {a} and {b} without the hype.
4: Ingredients explained without fear, routines that take five minutes, and a lot of {a}.
4: We read labels so that you do not have to: {a}, {b} and what your skin makes of them.
5: Reviews of devices after a month of daily use, with an emphasis on {a} and {b}.
5: Clear explanations of {a} for people who would rather use a thing than configure it.
6: Training plans, race reports and kit tests for amateurs who love {a} and {b}.
6: From the first five kilometres to the finish line, with plenty of {a} on the way.
7: Ideas for rainy afternoons, calm evenings and everything about {a} in between.
7: Parents write for parents about {a}, {b} and the first years of school.
8: Care, food and training for animals, checked by a vet, with a love of {a}.
8: Living well with cats, dogs and smaller friends: {a}, {b} and honest product tests.
9: We compare accounts, cards and contracts, and explain {a} in plain words.
9: Money for people who find money boring: {a}, {b} and one useful habit a week.
10: Better sleep, stronger backs and calmer days, with sources for every claim about {a}.
10: Evidence first: doctors and coaches write about {a} and {b}.
11: From balcony boxes to vegetable beds: {a}, {b} and what to do this week.
11: A head gardener answers questions on {a} and shows her own mistakes.
12: Novels, exhibitions and films we would press into a friend's hands, with essays on {a}.
12: A reading circle that grew into a magazine about {a} and {b}.
13: New records, old instruments and nights worth staying up for, with a focus on {a}.
13: We listen twice before we write: {a}, {b} and interviews from the rehearsal room.
14: Reviews, guides and evenings around the table with {a} and {b}.
14: A friendly corner for players of every age, from {a} to {b}.
15: Test drives, workshop notes and running costs, with a lot of attention for {a}.
15: For people who like to drive and like to know what it costs: {a} and {b}.
16: Courses, methods and learning stories, from {a} to {b}, for every age.
16: We help people learn something new in small steps, starting with {a}.
17: How small companies grow: {a}, {b} and mistakes told by those who made them.
17: Tools and habits for the self-employed, with case studies on {a}.
18: Presents for every budget and every relative, sorted by {a} and {b}.
18: We collect thoughtful gifts all year so that December is easy, {a} included.
19: Patterns, tools and weekend projects around {a} and {b}, with photographs of every step.
19: Made by hand and explained with patience: {a}, {b} and what to do with leftovers.
20: Venues, budgets and real celebrations, with checklists for {a} and {b}.
20: Couples tell what they would do again, from {a} to the last dance.
21: A bit of everything for curious people: {a}, {b} and good news from the neighbourhood.
21: Useful things, small discoveries and {a}, gathered by a team of four.
""",
    topics="""
home and living: interior design, slow living, bed linen, small flats, lighting, second-hand furniture,
  storage ideas, wallpaper, kitchen renovation, natural materials, ceramics, smart home, mattresses, rugs
food and cooking: sourdough, weeknight dinners, vegan recipes, natural wine, coffee, fermentation, baking,
  street food, olive oil, cheese, meal planning, kitchen knives, tea, barbecue
travel: city breaks, train journeys, hiking, family holidays, boutique hotels, solo travel, camping, road
  trips, islands, winter sun, travel insurance, luggage, cycling holidays, sailing
fashion: capsule wardrobe, sustainable fashion, denim, knitwear, sneakers, vintage clothing, plus-size
  fashion, menswear, handbags, jewellery, tailoring, streetwear, raincoats, workwear
beauty: skincare, sunscreen, curly hair, perfume, make-up, nail art, natural cosmetics, beards, sensitive
  skin, retinol, anti-ageing, haircuts, Korean skincare, body care
technology: smartphones, laptops, headphones, home office, cameras, wearables, open source, privacy,
  artificial intelligence, smart home, e-readers, 3D printing, broadband, drones
sport and fitness: running, cycling, yoga, climbing, swimming, football, strength training, triathlon,
  tennis, trail running, skiing, surfing, marathon training, sports nutrition
family life: baby sleep, wooden toys, school lunches, pregnancy, picture books, teenagers, prams, learning
  through play, birthday parties, adoption, single parents, potty training, car seats, screen time
pets: puppy training, cat food, dog walks, aquariums, rescue animals, horse riding, pet insurance, grooming,
  rabbits, parrots, raw feeding, senior dogs, terrariums, budgies
personal finance: saving money, credit cards, mortgages, index funds, pensions, budgeting, cashback, energy
  tariffs, insurance comparison, student loans, bank accounts, cryptocurrency, tax returns, frugal living
health and wellbeing: sleep, mental health, nutrition, back pain, meditation, vitamins, menopause,
  allergies, first aid, hearing, healthy ageing, breathing exercises, physiotherapy, gut health
gardening: vegetable growing, roses, balcony gardens, houseplants, compost, wildlife gardens, greenhouses,
  garden tools, lawn care, fruit trees, native plants, garden design, allotments, bulbs
books and culture: crime novels, poetry, museum visits, independent cinema, theatre, audiobooks, graphic
  novels, history, book clubs, photography, literary fiction, exhibitions, opera, translations
music: vinyl records, indie bands, jazz, classical music, guitars, festivals, home recording, synthesisers,
  folk songs, choirs, hi-fi, piano lessons, electronic music, concerts
games: board games, role-playing games, indie games, retro consoles, esports, puzzles, card games, strategy
  games, game development, cosy games, chess, speedrunning, virtual reality, miniatures
cars and motorbikes: electric cars, classic cars, car insurance, motorbike tours, charging at home, tyres,
  camper vans, used cars, car care, driving lessons, e-bikes, motorsport, leasing, scooters
learning: language learning, online courses, study tips, maths tutoring, home schooling, coding for kids,
  scholarships, teaching materials, university life, handwriting, career change, exam preparation, podcasts
  for learning, science experiments
business: freelancing, start-ups, bookkeeping, e-commerce, remote work, marketing, productivity, leadership,
  side projects, business software, negotiation, invoicing, customer service, public speaking
gifts and celebrations: birthday presents, personalised gifts, Christmas, gift wrapping, Mother's Day,
  flowers, party decoration, greeting cards, corporate gifts, experience days, hampers, stocking fillers,
  Valentine's Day, new babies
crafts and making: knitting, woodworking, sewing, pottery, crochet, candle making, embroidery, upcycling,
  home repairs, paper craft, leatherwork, natural dyes, power tools, quilting
weddings: wedding venues, wedding dresses, bridal flowers, honeymoons, wedding photography, engagement
  rings, small weddings, invitations, table settings, bachelorette parties, speeches, wedding cakes, rings,
  seating plans
everyday life: neighbourhood news, weekend ideas, volunteering, astrology, trains, weather, good news,
  genealogy, collecting, minimalism, quotes, local history, bargains, curiosities
""",
)
