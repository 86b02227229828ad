// What the same small page shows in each framework: a heading with an element that comes and goes,
// a text, a label with a field, a link with a handler and a badge, a list in changing order.

/**
 * @typedef {{ every: boolean, text: string, items: string[], badge: string | null }} State
 * @typedef {(state: State) => void | Promise<void>} Update
 * @typedef {(root: Element, state: State) => Update} Mount
 * @typedef {{ clicks: number, open: boolean }} ShopState what the small shop of the adapters shows
 */

/** @type {State} */
export const START = { every: true, text: "First", items: ["a", "b", "c"], badge: "3" };

/**
 * Each differs from the one before in what a framework has to insert, remove, move or rewrite.
 *
 * @type {State[]}
 */
export const STATES = [
  { every: false, text: "First", items: ["a", "b", "c"], badge: "3" },
  { every: true, text: "Second", items: ["c", "a", "b"], badge: null },
  { every: true, text: "Second", items: ["b"], badge: "12" },
  { every: false, text: "", items: [], badge: null },
  { every: false, text: "Third", items: ["d", "b", "a"], badge: "4" },
  START,
];
