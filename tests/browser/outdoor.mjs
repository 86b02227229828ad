// The small shop that most scenes happen in: its config, its page, and what its visitors do there.

/** @import { Attributes } from "../../www/loader/types.js" */

export const BOOTS = "Boots that know the way";
export const TENTS = "Tents for any weather";
export const MAIL = "Welcome, reader";
export const SENT = "Gear for every trail";

/** A config with one slot; `more` goes on top. */
export const config = (more = {}) => ({
  version: 1,
  site: { currency: "EUR" },
  segments: [{ id: "from-mail", when: { "campaign.source": "newsletter" } }],
  slots: [hero()],
  ...more,
});

export const hero = (more = {}) => ({
  id: "hero",
  goal: "purchase",
  choose: [{ by: "interest", dimension: "category", min: 0.2, events: 3 }, { by: "segment" }],
  variants: [
    {
      id: "boots",
      tags: { category: "boots" },
      content: { text: { h1: BOOTS }, attributes: { a: { href: "/boots", title: "To the boots" } } },
    },
    { id: "tents", tags: { category: "tents" }, content: { text: { h1: TENTS } } },
    { id: "mail", segment: "from-mail", content: { text: { h1: MAIL } } },
  ],
  ...more,
});

/**
 * A segment and a variant for each number of products a visitor may have looked at: the slot tells how many.
 *
 * @param {number} most
 */
export const counting = (most) => {
  const numbers = Array.from({ length: most + 1 }, (_, i) => i);
  return config({
    segments: numbers.map((i) => ({ id: `seen-${i}`, when: { "visitor.events.view_item": i } })),
    slots: [
      hero({
        choose: [{ by: "segment" }],
        variants: numbers.map((i) => ({ id: `v${i}`, segment: `seen-${i}`, content: { text: { h1: `${i} views` } } })),
      }),
    ],
  });
};

export const body = `<header><a id="home" href="/">Home</a></header>
<section data-tb-slot="hero"><h1>${SENT}</h1><a href="/all" title="Everything">See all</a></section>
<main><p id="rest">The rest of the page.</p></main>`;

/**
 * A view of one product, as GA4 has it.
 *
 * @param {string} category
 * @param {number} [number]
 */
export const view = (category, number = 1) => ({
  currency: "EUR",
  value: 100,
  items: [
    {
      item_id: `${category}-${number}`,
      item_name: `A pair of ${category}`,
      item_category: category,
      price: 100,
      quantity: 1,
    },
  ],
});

/**
 * @param {string} category
 * @returns {[name: string, params: ReturnType<typeof view>][]}
 */
export const looks = (category, times = 3) =>
  Array.from({ length: times }, (_, i) => ["view_item", view(category, i + 1)]);

/**
 * Runs in the page before the tag: events waiting in the queue.
 *
 * @param {[name: string, params?: Attributes][]} events
 */
export const queued = (events) => {
  window.tailorbird = window.tailorbird || [];
  for (const [name, params] of events) window.tailorbird.push(["track", name, params]);
};

/**
 * Runs in the page: events told to the running engine.
 *
 * @param {[name: string, params?: Attributes][]} events
 */
export const tracked = (events) => {
  for (const [name, params] of events) window.tailorbird.track(name, params);
};

/**
 * Runs in the page before the tag: entries of the data layer, commands as `gtag()` pushes them.
 *
 * @param {[key: string, text: string][]} entries
 */
export const layered = (entries) => {
  window.dataLayer = window.dataLayer || [];
  window.gtag = function gtag() {
    window.dataLayer.push(arguments);
  };
  for (const entry of entries) {
    if (Array.isArray(entry)) window.gtag(...entry);
    else window.dataLayer.push(entry);
  }
};

/** Runs in the page: what is ours in `localStorage`, and what is not. */
export const keptKeys = () => {
  const keys = [];
  for (let i = 0; i < localStorage.length; i += 1) keys.push(localStorage.key(i));
  return keys.sort();
};
