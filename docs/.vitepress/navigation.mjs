/**
 * The order of the pages in the sidebar, by what a reader wants. A page that is missing here fails a test; the recipes
 * have a sidebar of their own, in the order of `recipes.md`.
 */

/**
 * A page of `docs/`, by its name without the ending; or one that is made for the site alone: `quick-start` from the
 * README, `changelog`, and `types/index` from the public types.
 *
 * @typedef {{ text: string, pages: readonly string[] }} Group
 */

/** @type {readonly Group[]} */
export const GROUPS = [
  { text: "Script tag", pages: ["quick-start", "script-tag", "capture", "no-flicker", "content-security-policy"] },
  {
    text: "Privacy",
    pages: ["private-site", "consent-and-storage", "data-map", "privacy-panel", "moving-a-profile", "measurement"],
  },
  { text: "npm and frameworks", pages: ["npm", "frameworks", "openfeature"] },
  {
    text: "Guides",
    pages: [
      "recipes",
      "decisions",
      "content",
      "interests-and-value",
      "prompts",
      "experiments",
      "bandits",
      "lift",
      "recommendations",
      "speculation",
      "companion",
      "site-model",
    ],
  },
  {
    text: "Reference",
    pages: [
      "config",
      "conditions",
      "attributes",
      "events",
      "api",
      "types/index",
      "command-line",
      "options",
      "messages",
      "sizes-and-speed",
      "changelog",
    ],
  },
  { text: "Help", pages: ["inspector", "preview", "troubleshooting", "comparison", "asked-for"] },
];

/** Titles that are too long for the sidebar, or that say nothing there. */
/** @type {Readonly<Record<string, string>>} */
export const TITLES = {
  "quick-start": "A website in 60 seconds",
  "command-line": "Command line",
  "types/index": "Types",
  companion: "A model from a site's logs",
  "asked-for": "Asked for elsewhere",
};

/** What the sidebar does not list: the landing page, which the title leads to. */
export const UNLISTED = ["index"];
