/**
 * The recipes: campaigns that can be copied, each a folder of `recipes/`, and the pages of `docs/` made from them.
 *
 * A recipe is `config.json`, a complete config; `page.html`, the part of a page that it changes; `session.json`, what
 * visitors do and what must be shown to them then; and `README.md`, which explains it. The browser tests play the
 * sessions on that page with that config, so what a page of `docs/recipes/` shows is what was tested.
 */

import { readdirSync, readFileSync } from "node:fs";

/**
 * What a visitor or the site does, or what must be seen then. Exactly one key.
 *
 * @typedef {{
 *   consent?: "granted" | "denied" | { personalize?: boolean, measure?: boolean },
 *   attributes?: Attributes,
 *   view?: string,
 *   event?: string, params?: Attributes,
 *   wait?: string, engage?: string,
 *   scroll?: number,
 *   leave?: true,
 *   answer?: "accept" | "decline",
 *   expect?: Expectation,
 * }} Step
 *
 * - `consent`: the site states it, from now on on every page; `attributes`: so it does with these.
 * - `view`: the page at this path is opened. The fragment of the recipe stands on all of them.
 * - `event`, with `params`: `tailorbird.track(event, params)`.
 * - `wait`: so much time passes (`s`, `m`, `h` or `d`), with the visitor away; `engage`: with the visitor on the page.
 * - `scroll`: down to this share of the page. `leave`: the pointer leaves through the top. `answer`: to the prompt.
 */

/**
 * What must hold on the page, now.
 *
 * - `slots`: the variant that each shows, or `null` for the page's own content; `levels`: the level of its decision.
 * - `prompts`: whether each was shown on this page view.
 * - `because`: words of a reason for what a slot shows, or why a prompt is not shown.
 * - `texts`: what the first element of each selector that can be seen reads, where spaces are joined.
 * - `dataLayer`: all entries with an `exp_variant_string` on this page view.
 *
 * @typedef {{
 *   slots?: { [slot: string]: string | null },
 *   levels?: { [slot: string]: string },
 *   prompts?: { [prompt: string]: boolean },
 *   because?: { [slotOrPrompt: string]: string },
 *   texts?: { [selector: string]: string },
 *   dataLayer?: { event: string, exp_variant_string: string }[],
 * }} Expectation
 */

/**
 * What one visitor does. `starts` is local time, without a zone; `seed` are the random bytes of their browser, over
 * and over, where chance decides; `browser` is what their browser is set to.
 *
 * @typedef {{
 *   title: string,
 *   starts?: string,
 *   seed?: number[],
 *   browser?: { language?: string, timeZone?: string },
 *   steps: Step[],
 * }} Session
 */

/** @import { Attributes } from "../../www/loader/types.js" */

/** @typedef {{ name: string, title: string, summary: string, readme: string, page: string, configText: string, config: object, sessions: Session[] }} Recipe */

const FOLDER = new URL("../../recipes/", import.meta.url);

/** The recipes by what they are for, in the order in which the index lists them. */
export const GOALS = [
  {
    goal: "Greet visitors as who they are",
    names: ["welcome-back", "first-visit", "campaign-landing", "language", "country-notice"],
  },
  {
    goal: "Show what they are interested in",
    names: ["category-affinity", "product-shelves", "price-sensitive", "deep-readers"],
  },
  { goal: "Save the sale", names: ["abandoned-basket", "save-basket", "free-delivery", "honest-stock"] },
  { goal: "Serve customers you know", names: ["logged-in-upsell", "business-customers", "best-customers"] },
  { goal: "Ask at the right time", names: ["newsletter"] },
  { goal: "Plan, test and learn", names: ["seasonal", "ab-test", "bandit-headline"] },
];

/** The names of all folders in `recipes/`. */
export const recipeFolders = () =>
  readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();

/**
 * @param {string} name
 * @returns {Recipe}
 */
export const readRecipe = (name) => {
  /** @param {string} file */
  const read = (file) => readFileSync(new URL(`${name}/${file}`, FOLDER), "utf8");
  const readme = read("README.md");
  const [, title, summary] = /^# (.+)\n\n(.+)\n/.exec(readme) ?? [];
  if (!title || !summary) throw new Error(`recipes/${name}/README.md begins with a heading and a sentence`);
  const configText = read("config.json");
  return {
    name,
    title,
    summary,
    readme,
    page: read("page.html"),
    configText,
    config: JSON.parse(configText),
    sessions: JSON.parse(read("session.json")).sessions,
  };
};

/** All recipes, in the order of the index. */
export const readRecipes = () => GOALS.flatMap(({ names }) => names).map(readRecipe);

/** @param {string} text */
const code = (text) => `\`${text}\``;

/** @type {{ [unit: string]: string }} */
const UNITS = { s: "second", m: "minute", h: "hour", d: "day" };

/**
 * A time such as `2d` in words.
 *
 * @param {string} time
 */
const timeText = (time) => {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(time) ?? [];
  if (!count || !unit) throw new Error(`a time is ${time}, expected a number and s, m, h or d`);
  return `${count} ${UNITS[unit]}${count === "1" ? "" : "s"}`;
};

/**
 * What happens in a step, as a phrase.
 *
 * @param {Step} step
 * @returns {string}
 */
export const stepText = (step) => {
  if (step.consent !== undefined)
    return `the visitor's consent is ${typeof step.consent === "string" ? step.consent : code(JSON.stringify(step.consent))}`;
  if (step.attributes) return `the site states ${code(JSON.stringify(step.attributes))}`;
  if (step.view) return `a view of ${code(step.view)}`;
  if (step.event) {
    const items = /** @type {{ item_id: string, item_category?: string }[]} */ (step.params?.items ?? []);
    const about = items.map(({ item_id, item_category }) => `${item_id}${item_category ? ` of ${item_category}` : ""}`);
    return `${code(step.event)}${about.length > 0 ? ` with ${about.join(", ")}` : ""}`;
  }
  if (step.wait) return `${timeText(step.wait)} later`;
  if (step.engage) return `${timeText(step.engage)} on the page`;
  if (step.scroll) return `scrolls down to ${Math.round(step.scroll * 100)} % of the page`;
  if (step.leave) return "the pointer leaves the page at the top";
  if (step.answer) return `the answer is ${step.answer === "accept" ? "yes" : "no"}`;
  return expectationText(step.expect ?? {});
};

/** @param {Expectation} expectation */
const expectationText = ({ slots = {}, prompts = {}, because = {}, texts = {}, dataLayer }) => {
  const shown = [
    ...Object.entries(slots).map(([slot, variant]) =>
      variant === null ? `${code(slot)} is the page's own` : `${code(slot)} shows ${code(variant)}`,
    ),
    ...Object.entries(prompts).map(([prompt, isShown]) => `${code(prompt)} is ${isShown ? "" : "not "}asked`),
    ...Object.values(because).map((reason) => `a reason is “${reason}”`),
    ...Object.values(texts).map((text) => `reads “${text}”`),
    ...(dataLayer ?? []).map(({ exp_variant_string }) => `the data layer has ${code(exp_variant_string)}`),
  ];
  return `**${shown.join("; ")}**`;
};

/** @param {Session} session */
const sessionText = ({ title, starts, browser, steps }) => {
  const about = [
    ...(starts ? [`It is ${starts.replace("T", ", ")}.`] : []),
    ...(browser?.language ? [`The browser is set to ${code(browser.language)}.`] : []),
    ...(browser?.timeZone ? [`Its time zone is ${code(browser.timeZone)}.`] : []),
  ];
  const lines = steps.map((step, at) => `${at + 1}. ${stepText(step)}`);
  return `### ${title}\n\n${about.length > 0 ? `${about.join(" ")}\n\n` : ""}${lines.join("\n")}\n`;
};

/**
 * The text of a recipe, whose links lead from `recipes/NAME/`, for `docs/recipes/NAME.md`.
 *
 * @param {string} text
 */
const relinked = (text) =>
  text.replaceAll("](../../docs/", "](../").replaceAll(/\]\(\.\.\/([a-z-]+)\/README\.md/g, "]($1.md");

/** @param {Recipe} recipe */
export const recipePage = ({ name, readme, page, configText, sessions }) => {
  const [intro, explained] = readme.split(/^(?=## How it works$)/m);
  if (!explained) throw new Error(`recipes/${name}/README.md has no section "How it works"`);
  return `${relinked(intro)}## The page

\`\`\`html
${page.trimEnd()}
\`\`\`

## The config

\`\`\`json
${configText.trimEnd()}
\`\`\`

${relinked(explained).trimEnd()}

## Tried out

A test plays these sessions in a browser. The files are in \`recipes/${name}\`.

${sessions.map(sessionText).join("\n")}`;
};

/** The index of all recipes. */
export const recipesIndex = () => {
  const head = `# Recipes

Twenty campaigns to copy, each with its page, its config and sessions that show when it appears and when it does not. Made
from the folder \`recipes\` by \`npm run docs\`; a test plays every session in a browser.
`;
  const sections = GOALS.map(({ goal, names }) => {
    const rows = names
      .map(readRecipe)
      .map(({ name, title, summary }) => `| [${title}](recipes/${name}.md) | ${summary} |`);
    return `## ${goal}\n\n| recipe | |\n|---|---|\n${rows.join("\n")}\n`;
  });
  return `${head}\n${sections.join("\n")}
## How to use one

1. Put the slots of the recipe's page on yours: an attribute \`data-tb-slot\` on an element that is there already.
2. Copy the config, or take its segments, slots and prompts over into the one you have. Names must differ.
3. Change what the recipe says to change, and check it:

\`\`\`sh
tailorbird validate tailorbird.json
\`\`\`

Visitors are known from earlier pages only with [consent](consent-and-storage.md). Whether a campaign sells more is a
question of its own: [lift](lift.md).
`;
};
