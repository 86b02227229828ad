// Made-up visits, from which the shop's model is trained: nobody has ever bought anything here. Visitors plan a trip,
// compare what they need for it, and look at what goes along with it.
import { PRODUCTS } from "./products.mjs";

/** @import { Product } from "./products.mjs" */

const SEED = 20_260_518;
const VISITORS = 2_400;
/** The last of the days on which they come, in seconds since 1970: 17 May 2026. */
const LAST_DAY = 1_778_976_000;
const DAYS = 60;

/**
 * What visitors plan, how many of a hundred, and what they look at for it: how often, by the name in the address.
 *
 * @type {readonly { of100: number, looks: { readonly [slug: string]: number } }[]}
 */
const TRIPS = [
  // A walk on Sunday.
  {
    of100: 26,
    looks: { "daybreak-18": 6, "harrow-mid": 5, gillfoot: 3, "thimble-3": 3, "tinker-rolltop": 2, "beck-kettle": 1 },
  },
  // The first night outside.
  {
    of100: 20,
    looks: { "linnet-2": 6, "longmile-48": 5, "firefly-gas": 5, "nest-cookset": 4, "harrow-mid": 3, hutling: 2 },
  },
  // Far and light.
  { of100: 14, looks: { gillfoot: 5, "wren-1": 5, "plover-tarp": 4, "tinker-rolltop": 4, twigbox: 3, "thimble-3": 1 } },
  // A week with a family.
  {
    of100: 14,
    looks: {
      "rookery-5": 5,
      "merlin-bell": 4,
      "nest-cookset": 4,
      "enamel-pair": 4,
      "first-light-moka": 3,
      "haulier-40": 3,
    },
  },
  // Snow.
  {
    of100: 10,
    looks: { snowhope: 6, "siskin-tunnel": 4, "pilgrim-65": 3, "firefly-gas": 3, hutling: 3, "beck-kettle": 2 },
  },
  // Months.
  {
    of100: 8,
    looks: { kirkstone: 6, "pilgrim-65": 6, "siskin-tunnel": 3, "wren-1": 2, "nest-cookset": 3, twigbox: 1 },
  },
  // The crag behind the house.
  { of100: 8, looks: { "brant-approach": 6, "haulier-40": 4, "thimble-3": 3, "daybreak-18": 3, "enamel-pair": 1 } },
];

/** How the next look comes about, of a hundred: another of its department, what goes along, the same again, anything. */
const COMPARES = 74;
const ADDS = 93;
const RETURNS = 96;
/** Of a hundred looks, after how many the visit goes on. */
const GOES_ON = 76;
const LONGEST = 14;
/** Of a hundred visits, in how many something is ordered. */
const ORDERS = 18;

/** Numbers from 0 to 1 that look random: mulberry32 of Tommy Ettinger, in the public domain. */
const random = (/** @type {number} */ seed) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

/** The table: one look or order a row, `Time` in seconds since 1970. */
export const sessions = () => {
  const draw = random(SEED);
  const below = (/** @type {number} */ percent) => draw() * 100 < percent;
  /**
   * One of them, by weight.
   *
   * @template Value
   * @param {readonly (readonly [value: Value, weight: number])[]} weighted
   */
  const pick = (weighted) => {
    let rest = draw() * weighted.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [value, weight] of weighted) {
      rest -= weight;
      if (rest < 0) return value;
    }
    return /** @type {readonly [Value, number]} */ (weighted[weighted.length - 1])[0];
  };
  /** @param {string} slug */
  const bySlug = (slug) => /** @type {Product} */ (PRODUCTS.find((product) => product.slug === slug));

  const rows = ["SessionId,ItemId,Time,Category,Event"];
  for (let visitor = 1; visitor <= VISITORS; visitor += 1) {
    const trip = pick(TRIPS.map(({ of100, looks }) => [Object.entries(looks), of100]));
    const wanted = trip.map(([slug, weight]) => /** @type {const} */ ([bySlug(slug), weight]));
    let time = LAST_DAY - Math.floor(draw() * DAYS) * 86_400 + 25_200 + Math.floor(draw() * 50_400);
    /** @param {Product} product */
    const row = (product, event = "view_item") =>
      rows.push([visitor, product.id, time, product.category, event].join());

    /** @type {Product[]} */
    const seen = [pick(wanted)];
    for (;;) {
      const last = /** @type {Product} */ (seen[seen.length - 1]);
      row(last);
      time += 15 + Math.floor(draw() * draw() * 300);
      if (seen.length === LONGEST || !below(GOES_ON)) break;
      const how = draw() * 100;
      // Of its department those that cost about as much, and those for the same trip.
      const alike = PRODUCTS.filter((other) => other.category === last.category && other !== last).map(
        (other) =>
          /** @type {const} */ ([
            other,
            1 / (1 + Math.abs(Math.log(other.price / last.price)) * 3) +
              (trip.some(([slug]) => slug === other.slug) ? 1 : 0),
          ]),
      );
      const along = wanted.filter(([product]) => product.category !== last.category);
      if (how < COMPARES) seen.push(pick(alike));
      else if (how < ADDS) seen.push(pick(along));
      else if (how < RETURNS) seen.push(pick(seen.map((product) => [product, 1])));
      else seen.push(pick(PRODUCTS.map((product) => [product, 1])));
    }
    if (!below(ORDERS)) continue;
    // Of each department one at most, and nothing that is not for the trip.
    const ordered = new Map(
      seen
        .filter((product) => wanted.some(([other]) => other === product))
        .map((product) => [product.category, product]),
    );
    for (const product of ordered.values()) row(product, "purchase");
  }
  return `${rows.join("\n")}\n`;
};
