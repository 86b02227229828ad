// What Larkfell sells. The one list from which pages, drawings' file names and events are made.

export const CURRENCY = "EUR";

/** @typedef {"boots" | "tents" | "packs" | "stoves"} CategoryId */

/**
 * @typedef {object} Category
 * @property {CategoryId} id
 * @property {string} picture
 * @property {string} name
 * @property {string} heading
 * @property {string} line
 * @property {string} text
 */

/**
 * @typedef {object} Product
 * @property {string} id
 * @property {string} slug
 * @property {CategoryId} category
 * @property {string} brand
 * @property {string} name
 * @property {number} price
 * @property {number} [popular] its place among the popular ones
 * @property {import("./drawings.mjs").Drawing} drawing
 * @property {string} line
 * @property {string} text
 * @property {readonly (readonly [name: string, value: string])[]} facts
 */

/** @type {readonly Category[]} */
export const CATEGORIES = [
  {
    id: "boots",
    picture: "kirkstone",
    name: "Boots",
    heading: "Boots & shoes",
    line: "From the first mile to the resoled hundredth.",
    text: "Six pairs, each for a different kind of ground. All of them can be resoled in our workshop, apart from the one you wear in the tent.",
  },
  {
    id: "tents",
    picture: "merlin-bell",
    name: "Tents",
    heading: "Tents & shelters",
    line: "A dry place, wherever the day ends.",
    text: "We pitch every shelter we sell on the wet field behind the shop and leave it there for a February. These are the six that were still standing.",
  },
  {
    id: "packs",
    picture: "pilgrim-65",
    name: "Packs",
    heading: "Packs & bags",
    line: "Carry less. Carry it well.",
    text: "A good pack is the one you forget about. Tell us your back length and we set it up before it leaves the shop.",
  },
  {
    id: "stoves",
    picture: "nest-cookset",
    name: "Stoves",
    heading: "Stoves & cookware",
    line: "Something hot, above the tree line.",
    text: "Small fires, sound pots and a proper cup. Everything here nests, folds or hangs from a branch.",
  },
];

/** @type {readonly Product[]} */
export const PRODUCTS = [
  // Boots
  {
    id: "LF-B01",
    slug: "harrow-mid",
    category: "boots",
    brand: "Larkfell",
    name: "Harrow Mid",
    price: 149,
    popular: 3,
    drawing: "harrowMid",
    line: "The everyday hill boot: light, dry, forgiving.",
    text: "If you own one pair, own this one. A woven upper that breathes on the way up, a membrane that holds on the way down, and a sole soft enough for the road to the pub. Broken in by the second walk.",
    facts: [
      ["Weight", "980 g the pair (EU 42)"],
      ["Upper", "Recycled nylon, suede rand"],
      ["Lining", "Waterproof, breathable membrane"],
      ["Sole", "4 mm lugs, can be resoled"],
    ],
  },
  {
    id: "LF-B02",
    slug: "kirkstone",
    category: "boots",
    brand: "Ostrand",
    name: "Kirkstone Leather",
    price: 239,
    drawing: "kirkstone",
    line: "Full-grain, stitched, and patient.",
    text: "One piece of 2.8 mm leather, sewn to a welted sole that a cobbler can take off and put back for twenty years. It needs three walks and some wax before it is yours. Then it stays yours.",
    facts: [
      ["Weight", "1,460 g the pair (EU 42)"],
      ["Upper", "2.8 mm full-grain leather, one piece"],
      ["Lining", "Calf leather"],
      ["Sole", "Welted, half-stiff shank, can be resoled"],
    ],
  },
  {
    id: "LF-B03",
    slug: "gillfoot",
    category: "boots",
    brand: "Tarnholm",
    name: "Gillfoot Trail",
    price: 119,
    popular: 6,
    drawing: "gillfoot",
    line: "A low shoe for fast, dry days.",
    text: "For paths you know by heart, at the pace you like best. Drains in a hundred steps after a ford, and dries by lunch. The heel is 6 mm higher than the toe, which your calves will not notice.",
    facts: [
      ["Weight", "560 g the pair (EU 42)"],
      ["Upper", "Open mesh with welded overlays"],
      ["Drop", "6 mm"],
      ["Sole", "5 mm lugs, sticky when wet"],
    ],
  },
  {
    id: "LF-B04",
    slug: "snowhope",
    category: "boots",
    brand: "Ostrand",
    name: "Snowhope Winter",
    price: 189,
    drawing: "snowhope",
    line: "Warm to minus twenty, and quiet on ice.",
    text: "Shearling where the cold comes in, felt where it comes up. The sole has glass fibres in the rubber, so it bites on the pavement as it does on the lake. Laces you can tie with gloves on.",
    facts: [
      ["Weight", "1,380 g the pair (EU 42)"],
      ["Warmth", "Tested walking at −20 °C"],
      ["Lining", "Wool felt, shearling cuff"],
      ["Sole", "Ice rubber with glass fibres"],
    ],
  },
  {
    id: "LF-B05",
    slug: "brant-approach",
    category: "boots",
    brand: "Tarnholm",
    name: "Brant Approach",
    price: 139,
    drawing: "brant",
    line: "Half walking shoe, half handhold.",
    text: "Laced to the toe like a climbing shoe, with a flat sticky patch under the big toe for the scramble that the map calls a path. Comfortable for the eight miles on either side of it.",
    facts: [
      ["Weight", "720 g the pair (EU 42)"],
      ["Upper", "1.6 mm suede"],
      ["Rand", "Rubber, all the way round"],
      ["Sole", "Climbing zone at the toe, can be resoled"],
    ],
  },
  {
    id: "LF-B06",
    slug: "hutling",
    category: "boots",
    brand: "Larkfell",
    name: "Hutling Camp Bootie",
    price: 64,
    drawing: "hutling",
    line: "For the hour between walking and sleep.",
    text: "A small sleeping bag for each foot, with enough sole to fetch water. Packs to the size of a grapefruit. Half the hut will ask you where you got them.",
    facts: [
      ["Weight", "290 g the pair (EU 42)"],
      ["Filling", "Recycled fibre, warm when damp"],
      ["Packed", "14 × 10 cm"],
      ["Sole", "Grippy, foldable"],
    ],
  },
  // Tents
  {
    id: "LF-T01",
    slug: "wren-1",
    category: "tents",
    brand: "Larkfell",
    name: "Wren 1",
    price: 229,
    drawing: "wren",
    line: "One person, one walking pole, 790 grams.",
    text: "Four pegs and the pole you already carry: up in two minutes, and again at three in the morning when the wind has changed its mind. Room to sit up, room for a wet pack, no room for a committee.",
    facts: [
      ["Sleeps", "1"],
      ["Weight", "790 g without pole"],
      ["Pitch", "One walking pole, 125 cm"],
      ["Fly", "Silnylon, 3,000 mm"],
    ],
  },
  {
    id: "LF-T02",
    slug: "linnet-2",
    category: "tents",
    brand: "Brambeck",
    name: "Linnet 2",
    price: 319,
    popular: 1,
    drawing: "linnet",
    line: "The two-person dome that stands anywhere.",
    text: "Crossed poles, two doors, two porches: nobody climbs over anybody. It stands without a single peg, so rock, sand and hut roofs are all fine. Inner and fly go up together, dry side in.",
    facts: [
      ["Sleeps", "2"],
      ["Weight", "1,690 g"],
      ["Doors", "2, each with its porch"],
      ["Fly", "Ripstop polyester, 3,000 mm"],
    ],
  },
  {
    id: "LF-T03",
    slug: "siskin-tunnel",
    category: "tents",
    brand: "Ostrand",
    name: "Siskin Tunnel 3",
    price: 449,
    drawing: "siskin",
    line: "A long porch for long rain.",
    text: "Three hoops, feet into the wind, and a porch large enough to cook, read and dry a dog. On the third wet day this is the tent you would choose.",
    facts: [
      ["Sleeps", "3"],
      ["Weight", "2,950 g"],
      ["Porch", "2.4 m²"],
      ["Fly", "Silnylon, 4,000 mm"],
    ],
  },
  {
    id: "LF-T04",
    slug: "rookery-5",
    category: "tents",
    brand: "Brambeck",
    name: "Rookery 5",
    price: 629,
    drawing: "rookery",
    line: "Standing room for a whole family.",
    text: "Two bedrooms, a room in between with windows, and a roof you can put out over the table. It takes twenty minutes with help and twenty-five with the help of children.",
    facts: [
      ["Sleeps", "5, in two rooms"],
      ["Weight", "14.8 kg"],
      ["Height", "205 cm inside"],
      ["Cloth", "Polycotton, quiet in wind"],
    ],
  },
  {
    id: "LF-T05",
    slug: "plover-tarp",
    category: "tents",
    brand: "Tarnholm",
    name: "Plover Tarp",
    price: 98,
    popular: 8,
    drawing: "plover",
    line: "A roof, and nothing between you and the morning.",
    text: "Three metres square, nineteen loops, a hundred ways to hang it. For people who own a tent and leave it at home.",
    facts: [
      ["Size", "3 × 3 m"],
      ["Weight", "480 g"],
      ["Loops", "19, all reinforced"],
      ["Cloth", "Silnylon, 3,000 mm"],
    ],
  },
  {
    id: "LF-T06",
    slug: "merlin-bell",
    category: "tents",
    brand: "Larkfell",
    name: "Merlin Bell 4 m",
    price: 749,
    drawing: "merlin",
    line: "Canvas, one tall pole, and a place for the stove.",
    text: "Twelve square metres of quiet. The canvas breathes, so mornings are dry; the stove jack takes a chimney, so evenings are warm. It is heavy. It is supposed to be.",
    facts: [
      ["Sleeps", "4 to 6"],
      ["Weight", "24 kg"],
      ["Diameter", "4 m"],
      ["Canvas", "285 g/m² cotton, mould-proofed"],
    ],
  },
  // Packs
  {
    id: "LF-P01",
    slug: "daybreak-18",
    category: "packs",
    brand: "Larkfell",
    name: "Daybreak 18",
    price: 79,
    popular: 2,
    drawing: "daybreak",
    line: "Lunch, a layer, a map. Done.",
    text: "A day pack with three pockets, because four is where you start to look for things. Stands up by itself when you put it down, which is rarer than it should be.",
    facts: [
      ["Volume", "18 litres"],
      ["Weight", "540 g"],
      ["Pockets", "3"],
      ["Cloth", "Recycled 420D nylon"],
    ],
  },
  {
    id: "LF-P02",
    slug: "longmile-48",
    category: "packs",
    brand: "Brambeck",
    name: "Longmile 48",
    price: 199,
    drawing: "longmile",
    line: "For a week between two villages.",
    text: "The back slides to your length in four clicks, the belt holds the weight where your hips can argue with it, and the lid comes off to be a small bag of its own.",
    facts: [
      ["Volume", "48 litres"],
      ["Weight", "1,390 g"],
      ["Back", "Adjustable, 42 to 54 cm"],
      ["Carries well", "Up to 15 kg"],
    ],
  },
  {
    id: "LF-P03",
    slug: "tinker-rolltop",
    category: "packs",
    brand: "Tarnholm",
    name: "Tinker Roll-top 28",
    price: 129,
    popular: 5,
    drawing: "tinker",
    line: "Rain-proof by rolling, not by promising.",
    text: "No zip, so nothing to fail. Roll it three times and ride home through the cloudburst. The outer pocket is for the things that are wet already.",
    facts: [
      ["Volume", "28 litres, rolled"],
      ["Weight", "760 g"],
      ["Seams", "Welded"],
      ["Cloth", "TPU-coated, PFC-free"],
    ],
  },
  {
    id: "LF-P04",
    slug: "pilgrim-65",
    category: "packs",
    brand: "Ostrand",
    name: "Pilgrim 65",
    price: 279,
    drawing: "pilgrim",
    line: "Everything you own, for as long as it takes.",
    text: "A steel-sprung frame, a lid the size of a day bag and loops for what you pick up on the way. Built for months, so every buckle can be changed with your hands.",
    facts: [
      ["Volume", "65 + 10 litres"],
      ["Weight", "2,180 g"],
      ["Back", "Sprung steel frame"],
      ["Carries well", "Up to 25 kg"],
    ],
  },
  {
    id: "LF-P05",
    slug: "thimble-3",
    category: "packs",
    brand: "Larkfell",
    name: "Thimble 3",
    price: 39,
    drawing: "thimble",
    line: "A waist bag for the pass, the phone, the plum.",
    text: "Three litres on a wide belt. Wear it in front on the train and behind on the climb. Fits inside every other pack we sell.",
    facts: [
      ["Volume", "3 litres"],
      ["Weight", "160 g"],
      ["Belt", "66 to 128 cm"],
      ["Cloth", "Recycled 420D nylon"],
    ],
  },
  {
    id: "LF-P06",
    slug: "haulier-40",
    category: "packs",
    brand: "Brambeck",
    name: "Haulier Duffel 40",
    price: 109,
    drawing: "haulier",
    line: "Thrown on boats, sat on in stations.",
    text: "A tarpaulin bag that opens like a book and closes like a safe. Straps tuck away for the train; handles at both ends for the person who helps you off it.",
    facts: [
      ["Volume", "40 litres"],
      ["Weight", "980 g"],
      ["Carry", "By hand, shoulder or back"],
      ["Cloth", "Tarpaulin, welded base"],
    ],
  },
  // Stoves
  {
    id: "LF-S01",
    slug: "firefly-gas",
    category: "stoves",
    brand: "Tarnholm",
    name: "Firefly Gas",
    price: 58,
    popular: 4,
    drawing: "firefly",
    line: "Half a litre boiling in two and a half minutes.",
    text: "Folds into a fist, lights with one click, and simmers, which most small stoves only claim to do. The arms open wide enough for a real pan.",
    facts: [
      ["Weight", "84 g"],
      ["Boils 500 ml", "2 min 30 s, no wind"],
      ["Fuel", "Screw canister (not included)"],
      ["Folded", "8 × 5 cm"],
    ],
  },
  {
    id: "LF-S02",
    slug: "twigbox",
    category: "stoves",
    brand: "Larkfell",
    name: "Twigbox",
    price: 46,
    drawing: "twigbox",
    line: "Burns what you find. Weighs what you like.",
    text: "Five steel plates that slide together into a chimney. A handful of dry twigs makes tea; a second handful makes a second tea. Lies flat as a notebook in your pack.",
    facts: [
      ["Weight", "310 g"],
      ["Steel", "1 mm stainless"],
      ["Fuel", "Twigs, cones, patience"],
      ["Flat", "14 × 12 × 1 cm"],
    ],
  },
  {
    id: "LF-S03",
    slug: "beck-kettle",
    category: "stoves",
    brand: "Brambeck",
    name: "Beck Kettle 0.9",
    price: 34,
    drawing: "beck",
    line: "Wide at the bottom, so it boils first.",
    text: "Spun aluminium with a spout that pours where you point it. The handle stays up by itself and stays cool. Dents are normal; they show it has been somewhere.",
    facts: [
      ["Holds", "0.9 litres"],
      ["Weight", "172 g"],
      ["Metal", "Hard-anodised aluminium"],
      ["Handle", "Silicone, locks upright"],
    ],
  },
  {
    id: "LF-S04",
    slug: "nest-cookset",
    category: "stoves",
    brand: "Ostrand",
    name: "Nest Cookset",
    price: 89,
    drawing: "nest",
    line: "Two pots, a pan, and one place to keep them.",
    text: "Everything sits in everything else, and a Firefly with its canister sits in the middle. The pan is steel because eggs are a serious matter.",
    facts: [
      ["Pots", "1.8 and 1.2 litres"],
      ["Pan", "20 cm, carbon steel"],
      ["Weight", "690 g together"],
      ["Works on", "Gas, fire, induction at home"],
    ],
  },
  {
    id: "LF-S05",
    slug: "first-light-moka",
    category: "stoves",
    brand: "Brambeck",
    name: "First Light Moka",
    price: 42,
    drawing: "moka",
    line: "The only alarm clock we sell.",
    text: "Three small cups in the eight-sided pot your grandmother had, made a third lighter. Stands on any stove here without falling into the fire.",
    facts: [
      ["Makes", "3 small cups"],
      ["Weight", "265 g"],
      ["Metal", "Cast aluminium"],
      ["Seal", "Silicone, spare included"],
    ],
  },
  {
    id: "LF-S06",
    slug: "enamel-pair",
    category: "stoves",
    brand: "Larkfell",
    name: "Enamel Mug, pair",
    price: 24,
    popular: 7,
    drawing: "enamel",
    line: "One for you, one for whoever turns up.",
    text: "Steel under glass, fired twice at 800 °C. They chip, they do not break, and tea tastes better out of them. This has not been tested in a laboratory.",
    facts: [
      ["Holds", "350 ml each"],
      ["Weight", "2 × 130 g"],
      ["Rim", "Bare steel, rolled"],
      ["Care", "Anything but the microwave"],
    ],
  },
];

/** @param {Product} product */
export const href = (product) => `/${product.category}/${product.slug}`;
/** @param {Product} product */
export const art = (product) => `/art/${product.slug}.svg`;

/**
 * The item as GA4 commerce events carry it.
 *
 * @param {Product} product
 */
export const item = (product) => ({
  item_id: product.id,
  item_name: product.name,
  item_brand: product.brand,
  item_category: product.category,
  price: product.price,
});

/** The section `catalog` of the config, an item a line: what can be recommended. */
export const catalog = () =>
  PRODUCTS.map((product) => {
    // The first of eight is the most popular.
    const popularity = product.popular ? Math.round(100 * (1 - product.popular / 10)) / 100 : 0;
    return JSON.stringify({
      ...item(product),
      popularity,
      line: product.line,
      url: href(product),
      image: art(product),
    });
  });
