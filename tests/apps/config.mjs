// The config of all four apps. Who comes with a newsletter sees boots in each slot, others see the default. The apps
// render the variants themselves, so their contents are empty.

/** @param {string} id */
const slot = (id) => ({
  id,
  choose: [{ by: "segment" }],
  variants: [{ id: "boots", segment: "readers", content: {} }],
});

export const OPTIONS = {
  consent: /** @type {const} */ ("granted"),
  config: {
    version: 1,
    preview: true,
    segments: [{ id: "readers", when: { reader: true } }],
    slots: [slot("hero"), slot("layout"), slot("late")],
    experiments: {
      features: { checkout: { defaultValue: "classic", rules: [{ condition: { reader: true }, force: "express" }] } },
    },
  },
};

export const DEFAULT = "Gear for every trail";
export const BOOTS = "Boots that know the way";

/**
 * So long does the late part of the page take: with `?slow` longer than the rest needs for its variant.
 *
 * @param {string} query
 */
export const latency = (query) => new Promise((resolve) => setTimeout(resolve, query.includes("slow") ? 6_000 : 50));

/**
 * What the app knows about its visitor, in the browser: `/?reader` is one of the newsletter's readers.
 */
export const visitor = () => ({ reader: location.search.includes("reader") });
