// What the same small page shows in each framework: a heading with an element that comes and goes,
// a text, a label with a field, a link with a handler and a badge, a list in changing order.

export const START = { every: true, text: "First", items: ["a", "b", "c"], badge: "3" };

/** Each differs from the one before in what a framework has to insert, remove, move or rewrite. */
export const STATES = [
  { every: false, text: "First", items: ["a", "b", "c"], badge: "3" },
  { every: true, text: "Second", items: ["c", "a", "b"], badge: null },
  { every: true, text: "Second", items: ["b"], badge: "12" },
  { every: false, text: "", items: [], badge: null },
  { every: false, text: "Third", items: ["d", "b", "a"], badge: "4" },
  START,
];
