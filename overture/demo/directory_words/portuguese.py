"""Portuguese."""

from overture.demo.directory_words.words import Words, double

_FIRST = """Afonso, Alice, Ana, Beatriz, Bernardo, Caetano, Catarina, Cecília, Davi, Diana, Eduardo,
Fátima, Flávia, Gonçalo, Heitor, Helena, Inês, Iara, João, Joana, Leonor, Luísa, Mafalda,
Marcelo, Matilde, Nuno, Otávio, Raquel, Renata, Rodrigo, Simão, Tainá, Tiago, Vitória"""
_LAST = """Almeida, Araújo, Barbosa, Brandão, Cardoso, Conceição, Coutinho, Esteves, Figueiredo,
Gouveia, Lacerda, Leitão, Magalhães, Moura, Nóbrega, Pacheco, Queirós, Ramalho, Sampaio,
Simões, Tavares, Valadares, Vilela"""

PORTUGUESE = Words(
    people=((_FIRST, f"{_LAST}, {double(_LAST, ' ')}"),),
    ampersand="e",
    titles="Editora, Parcerias, Fundador, Fundadora, Gestora de conteúdo, Redação, Comercial",
    heads="""A Mesa, O Quintal, A Casa, O Ateliê, O Caderno, A Praça, O Canto, A Carta, O Fio, O Mapa,
A Janela, O Farol, A Bússola, A Varanda, A Despensa, A Horta, A Margem, O Trilho, A Mala,
O Tear, O Terraço, O Mercado, O Clube, O Guia, O Diário, A Gazeta, O Baú, O Ninho,
A Colmeia, A Ponte, O Moinho, O Tinteiro""",
    tails="""de Inverno, de Domingo, sem Pressa, da Marta, do Bairro, da Costa, com Calma, à Mão,
da Estação, para Dois, do Norte, do Sul, entre Amigos, de Papel, de Linho, em Família,
ao Sol, a Pé, de Sábado, por Descobrir, de Cada Dia, em Conta, das Flores, da Avó,
em Voz Alta""",
    nouns="""Sal, Linho, Oliveira, Barro, Mel, Lua, Alecrim, Tomilho, Canela, Areia, Brisa, Noz, Tinta,
Lã, Figo, Louro, Hortelã, Musgo, Névoa, Ocre, Pão, Pinho, Prata, Carvalho, Seda, Sombra,
Trigo, Uva, Gesso, Manjericão, Amêndoa, Cobre, Cortiça, Hera, Jasmim, Caju, Jabuticaba""",
    ends="""Média, Lda., Digital, Revista, Edições, Estúdio, Clube, Ofertas, Pontos, Opiniões,
Semanal, Coletivo, Blogue, Podcast, Dicas, Comparador, Notícias, Rede""",
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
Um olhar independente sobre {cat}, com um fraco por temas como {a} e {b}.
Testamos, comparamos e explicamos o que importa: {a}, {b} e {c}.
Dicas práticas, moradas de confiança e respostas sinceras sobre {a} e {b}.
Nasceu numa cozinha em {year} e hoje é uma referência em {a} e {b}.
Notícias, ofertas e ideias sobre {cat}, escolhidas à mão todas as manhãs.
Uma pequena equipa que vive {cat} e partilha as suas descobertas todas as semanas.
""",
    middles="""
Quem nos lê volta pelo tom simples e pelas opiniões sem rodeios.
Cada produto é testado durante pelo menos duas semanas antes de falarmos dele.
A newsletter sai à quinta-feira e é aberta por mais de metade dos assinantes.
A comunidade partilha o que encontra e verifica cada dica sobre {c}.
Dois em cada três visitantes chegam pela pesquisa, muitos com dúvidas sobre {c}.
Publicamos três artigos por semana e um grande especial em cada estação.
""",
    closings="""
As marcas são bem-vindas quando combinam connosco.
Preferimos parcerias longas a publicações soltas.
Os guias de presentes saem na primavera e antes das festas.
Enviamos os nossos números a quem os pedir.
""",
    topics="""
a casa: decoração, roupa de cama, apartamentos pequenos, iluminação, móveis antigos, organização,
  remodelação, colchões
a cozinha: massa mãe, jantares rápidos, receitas veganas, vinhos naturais, café, pastelaria, queijos, azeite
as viagens: escapadinhas, viagens de comboio, caminhadas, férias em família, pousadas, campismo, ilhas,
  cicloturismo
a moda: guarda-roupa cápsula, moda sustentável, malhas, ganga, ténis, segunda mão, moda masculina, joias
a beleza: cuidados da pele, proteção solar, cabelos cacheados, perfumes, maquilhagem, cosmética natural,
  barba, sabonetes
a tecnologia: telemóveis, portáteis, auscultadores, teletrabalho, fotografia, software livre, privacidade,
  inteligência artificial
o desporto: corrida, ciclismo, ioga, escalada, natação, futebol, surf, ténis de mesa
a vida em família: sono do bebé, brinquedos de madeira, lanches, gravidez, livros infantis, adolescentes,
  carrinhos, aniversários
os animais: educação do cachorro, ração para gatos, passeios, aquários, adoção, equitação, coelhos,
  papagaios
o dinheiro: poupança, cartões de crédito, crédito à habitação, fundos, reforma, orçamento, tarifas de luz,
  seguros
a saúde: sono, saúde mental, nutrição, dores nas costas, meditação, vitaminas, menopausa, alergias
o jardim: horta, roseiras, varandas, plantas de interior, compostagem, estufas, ferramentas, árvores de
  fruto
os livros e a cultura: policiais, poesia, museus, cinema de autor, teatro, audiolivros, banda desenhada,
  exposições
a música: discos de vinil, música brasileira, jazz, fado, guitarra, festivais, coros, piano
os jogos: jogos de tabuleiro, jogos de personagens, videojogos, consolas retro, charadas, cartas, xadrez,
  miniaturas
o mundo automóvel: carros elétricos, clássicos, seguro automóvel, passeios de mota, pneus, autocaravanas,
  usados, carta de condução
o estudo: línguas, cursos online, técnicas de estudo, matemática, programação, bolsas, materiais didáticos,
  universidade
os negócios: trabalho independente, start-ups, contabilidade, comércio eletrónico, marketing, produtividade,
  faturas, negociação
os presentes e as festas: presentes de anos, Natal, embrulhos, Dia da Mãe, flores, decoração de festas,
  cartões, cabazes
os trabalhos manuais: tricô, carpintaria, costura, cerâmica, croché, velas, bordado, reparações
os casamentos: quintas, vestidos de noiva, ramos, lua de mel, fotógrafos, alianças, convites, bolos
o dia a dia: notícias do bairro, ideias de fim de semana, voluntariado, astrologia, comboios, meteorologia,
  boas notícias, história local
""",
)
