"""Spanish."""

from overture.demo.directory_words.words import Words, double

_FIRST = """Inés, Rosa, Álvaro, Lucía, Íñigo, Marta, Joaquín, Begoña, Nicolás, Carmen, Raúl, Amaya,
Alba, Andrés, Aurora, Blanca, Bruno, Celia, Dolores, Elena, Emilio, Estela, Fermín,
Gabriela, Gonzalo, Hugo, Irene, Jimena, Julián, Leire, Lorenzo, Manuela, Mateo, Noelia,
Óscar, Paloma, Pilar, Ramón, Rocío, Sofía, Tomás, Valeria, Vicente, Ximena"""
_LAST = """Corvera, Belmonte, Ibáñez, Quiroga, Núñez, Arriaga, Castaño, Peñalver, Ordóñez, Vidal,
Aguirre, Bravo, Cano, Duarte, Escobar, Fuentes, Gallego, Herrera, Iglesias, Jurado, Luque,
Márquez, Navarro, Ochoa, Pacheco, Robles, Salinas, Trujillo, Urrutia, Vargas"""

SPANISH = Words(
    people=((_FIRST, f"{_LAST}, {double(_LAST, ' ')}"),),
    ampersand="y",
    titles="""Directora editorial, Alianzas, Fundadora, Fundador, Responsable de contenidos, Editora,
Colaboraciones""",
    heads="""La Mesa, El Patio, La Casa, El Taller, El Cuaderno, La Plaza, El Rincón, La Libreta,
El Hilo, La Carta, El Mapa, La Ventana, El Faro, La Brújula, El Balcón, La Alacena,
El Huerto, La Orilla, El Sendero, La Maleta, El Telar, La Terraza, El Mercado, La Tribu,
El Club, La Guía, El Diario, La Gaceta, El Baúl, La Receta, El Nido, La Colmena,
El Puente, La Fuente, El Desván, La Azotea, El Molino, La Senda, El Tintero, La Botica""",
    tails="""de Invierno, del Domingo, sin Prisa, de Marta, del Barrio, de la Costa, con Calma, a Mano,
de Temporada, para Dos, del Norte, del Sur, entre Amigos, de Papel, de Lino, en Familia,
al Sol, de Julián, a Pie, de los Sábados, por Descubrir, de Cada Día, a Buen Precio,
de las Flores, de la Abuela, en Voz Alta, sin Gluten, del Camino""",
    nouns="""Sal, Lino, Olivo, Barro, Miel, Luna, Romero, Azahar, Tomillo, Canela, Arena, Brisa, Nuez,
Tinta, Lana, Higo, Jara, Laurel, Menta, Mimbre, Musgo, Nácar, Niebla, Ocre, Pan, Pino,
Plata, Roble, Sauce, Seda, Sombra, Trigo, Uva, Verbena, Yeso, Albahaca, Almendra, Cobre,
Corcho, Esparto, Hiedra, Jazmín""",
    ends="""Medios, S.L., Digital, Revista, Ediciones, Estudio, Club, Ofertas, Puntos, Opiniones,
Semanal, Colectivo, Blog, Podcast, Consejos, Comparador, & Cía., Noticias, Red""",
    names="""
{head} {tail}
{head} {tail} {end}
{head} {tail} {end}
{noun} & {noun}
{noun} & {noun} {end}
{noun} y {noun} {tail}
{Topic} {tail}
{Topic} {tail} {end}
""",
    creators="""
{person}
{person}
{handle}
{first} y {head} {tail}
{first}, {noun} y {noun}
{person} | {topic}
""",
    openings="""
Una mirada independiente sobre {cat}, con debilidad por temas como {a} y {b}.
Probamos, comparamos y explicamos todo lo que importa: {a}, {b} y {c}.
Consejos prácticos, direcciones de confianza y respuestas sinceras sobre {a} y {b}.
Reportajes largos y trucos breves sobre {cat}, escritos por quienes lo viven cada día.
Nació en una cocina en {year} y hoy es un lugar de referencia sobre {a} y {b}.
Noticias, ofertas e ideas sobre {cat}, elegidas a mano cada mañana.
Un equipo pequeño que respira {cat} y comparte cada semana sus hallazgos.
""",
    middles="""
Quien nos lee vuelve por el tono cercano y las opiniones sin rodeos.
Cada producto se prueba al menos dos semanas antes de hablar de él.
El boletín sale los jueves y lo abre más de la mitad de los suscriptores.
La comunidad comparte sus hallazgos y revisa cada consejo sobre {c}.
Dos de cada tres visitas llegan por el buscador, muchas con dudas sobre {c}.
Publicamos tres artículos por semana y un gran especial cada temporada.
Poca publicidad y siempre señalada: así se gana la confianza.
""",
    closings="""
Las marcas son bienvenidas cuando encajan.
Preferimos las alianzas largas a las publicaciones sueltas.
Las guías de regalos salen en primavera y antes de las fiestas.
Enviamos nuestras cifras a quien las pida.
Las campañas se preparan con dos meses de antelación.
""",
    topics="""
la casa: decoración, ropa de cama, pisos pequeños, iluminación, muebles antiguos, orden, papel pintado,
  reformas, materiales naturales, colchones
la cocina: masa madre, cenas rápidas, recetas veganas, vino natural, café, fermentados, repostería, quesos,
  aceite de oliva, tapas
los viajes: escapadas, viajes en tren, senderismo, vacaciones en familia, hoteles con encanto, camping,
  islas, equipaje, rutas en bici, Camino de Santiago
la moda: armario cápsula, moda sostenible, vaqueros, punto, zapatillas, segunda mano, tallas grandes, moda
  masculina, bolsos, joyas
la belleza: cuidado de la piel, protección solar, pelo rizado, perfume, maquillaje, cosmética natural,
  barba, piel sensible, peinados, jabones
la tecnología: móviles, portátiles, auriculares, teletrabajo, fotografía, software libre, privacidad,
  inteligencia artificial, hogar conectado, impresión 3D
el deporte: correr, ciclismo, yoga, escalada, natación, fútbol, fuerza, triatlón, pádel, surf
la vida en familia: sueño del bebé, juguetes de madera, meriendas, embarazo, álbumes ilustrados,
  adolescentes, carritos, cumpleaños, vuelta al cole, crianza
las mascotas: educación canina, comida para gatos, paseos, acuarios, adopción, equitación, seguros de
  mascotas, peluquería canina, conejos, loros
el dinero: ahorro, tarjetas, hipotecas, fondos indexados, pensiones, presupuesto, tarifas de luz, seguros,
  impuestos, cuentas bancarias
la salud: sueño, salud mental, nutrición, dolor de espalda, meditación, vitaminas, menopausia, alergias,
  primeros auxilios, respiración
el jardín: huerto, rosales, balcones, plantas de interior, compost, biodiversidad, invernaderos,
  herramientas, frutales, riego
los libros y la cultura: novela negra, poesía, museos, cine de autor, teatro, audiolibros, cómic, historia,
  clubes de lectura, exposiciones
la música: vinilos, pop independiente, jazz, música clásica, guitarra, festivales, flamenco, coros, piano,
  conciertos
los juegos: juegos de mesa, rol, videojuegos, consolas retro, esports, acertijos, cartas, estrategia,
  ajedrez, miniaturas
el motor: coches eléctricos, clásicos, seguros de coche, rutas en moto, neumáticos, furgonetas camper,
  coches de ocasión, mantenimiento, carné de conducir, patinetes
el aprendizaje: idiomas, cursos en línea, técnicas de estudio, matemáticas, programación, becas, recursos
  para docentes, universidad, oposiciones, ciencia
la empresa: autónomos, emprender, contabilidad, comercio electrónico, marketing, productividad, liderazgo,
  facturas, negociación, oratoria
los regalos y las fiestas: regalos de cumpleaños, Navidad, Reyes, envoltorios, Día de la Madre, flores,
  decoración de fiestas, tarjetas, regalos de empresa, cestas
lo hecho a mano: punto y lana, carpintería, costura, cerámica, ganchillo, velas, bordado, reciclaje
  creativo, reparaciones, cuero
las bodas: fincas, vestidos de novia, ramos, luna de miel, fotografía de bodas, anillos, bodas íntimas,
  invitaciones, mesas, tartas
la vida diaria: noticias del barrio, planes de fin de semana, voluntariado, astrología, trenes, el tiempo,
  buenas noticias, genealogía, coleccionismo, historia local
""",
)
