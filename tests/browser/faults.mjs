// Ten faults, each planted on a page: what somebody sees, where they look in the inspector, and the sentence that names
// the cause. The same table stands in docs/inspector.md; a test compares them, and the pictures of the walk are made of
// these pages.
import { body, config, hero, layered, looks, queued, view } from "./outdoor.mjs";
import { clock } from "./rig/before.mjs";
import { turnTo } from "./inspector_page.mjs";

/** @import { SiteSpec, Tab } from "./rig/types.js" */

/**
 * @typedef {object} Fault
 * @property {string} fault
 * @property {string} seen what somebody wonders about
 * @property {string} pane where they look
 * @property {string} sentence
 * @property {Partial<SiteSpec>} page
 * @property {string} [where] the address
 * @property {(tab: Tab, open: (path: string) => Promise<Tab>) => Promise<unknown>} [happens] before they look
 * @property {readonly RegExp[]} [said] what the console says as well
 */

const START = Date.UTC(2026, 4, 20, 10, 0, 0);

const prompt = {
  id: "keep",
  on: { call: true },
  caps: { perSession: 1 },
  content: { title: "Keep your basket?", accept: "Keep it", decline: "No thanks" },
};

/** A slot of somebody who looked at boots. */
const slot = (more = {}) => config({ slots: [hero(more)] });

/** Runs in the page. */
const isAsked = () => Boolean(window.openDialog());

/** @type {readonly Fault[]} */
export const FAULTS = [
  {
    fault: "a wrong selector",
    seen: "nothing changes on the page",
    pane: "Page",
    sentence: `It is not on this page: nothing matches its target "main > heder", though "main" matches.`,
    page: { config: slot({ target: "main > heder" }), body: "<main><header><h1>Gear</h1></header></main>" },
  },
  {
    fault: "a segment that never matches",
    seen: "nobody sees the variant of a segment",
    pane: "Visitor",
    sentence: "It never holds: session.view is missing, expected at least 1. Did you mean session.views?",
    page: { config: config({ segments: [{ id: "from-mail", when: { "session.view": { $gte: 1 } } }] }) },
    said: [/session\.view/],
  },
  {
    fault: "a cap is reached",
    seen: "a prompt came once and never again",
    pane: "Prompts",
    sentence: "per-session: it was shown as often as it may be in this session, 0 left",
    page: { config: config({ prompts: [prompt] }) },
    happens: async (tab) => {
      await tab.evaluate(() => {
        window.clock.advance(60_000);
        window.tailorbird.prompt("keep");
      });
      await tab.until(isAsked);
      await tab.key("Escape");
      await tab.until(() => !window.openDialog());
    },
  },
  {
    fault: "consent is missing",
    seen: "everything is forgotten on the next page",
    pane: "Health",
    sentence:
      "Nobody has stated consent on this page, so everything is forgotten with it, and no prompt is shown. State it on each page, by data-consent or tailorbird.consent({ personalize: true }).",
    page: { tag: {} },
  },
  {
    fault: "the visitor is in the holdout",
    seen: "colleagues see a variant and this visitor does not",
    pane: "Page",
    sentence: "This visitor is in the holdout (100 %), so the page's own content stays.",
    page: { config: slot({ holdout: 1 }) },
  },
  {
    fault: "its dates are over",
    seen: "a campaign is gone",
    pane: "Page",
    sentence: "Variant boots: it ended on 2026-01-01. Set a later until in the config, or take it out.",
    page: {
      config: slot({
        variants: [
          { id: "boots", tags: { category: "boots" }, until: "2026-01-01T00:00Z", content: { text: { h1: "Boots" } } },
        ],
      }),
    },
  },
  {
    fault: "two slots have one element",
    seen: "the second of two slots never shows anything",
    pane: "Page",
    sentence: `Nothing is left for it: its target "#rest" matches an element that the slot first has already.`,
    page: {
      config: config({ slots: [hero({ id: "first", target: "#rest" }), hero({ id: "second", target: "#rest" })] }),
    },
  },
  {
    fault: "the data layer has another name",
    seen: "nothing is learned of what visitors look at",
    pane: "Health",
    sentence:
      'The engine listens to window.dataLyr, which this page does not fill; window.dataLayer has 1 entry. Set data-layer="dataLayer" on the script tag',
    page: {
      tag: { "data-consent": "granted", "data-layer": "dataLyr" },
      before: [
        [clock, START, false],
        [layered, [["event", "view_item", view("boots")]]],
      ],
    },
  },
  {
    fault: "another tab has erased everything",
    seen: "interests are gone all at once",
    pane: "Health",
    sentence: "Another tab of this browser has erased everything while this page was open, so this one began anew.",
    page: {},
    happens: async (tab, open) => {
      await tab.until(() => Object.keys(localStorage).some((key) => key.startsWith("tailorbird.t.")));
      const other = await open("/");
      await other.announced("ready");
      await other.until(() => Object.keys(localStorage).filter((key) => key.startsWith("tailorbird.t.")).length > 1);
      await other.evaluate(() => window.tailorbird.erase());
      await other.close();
      await tab.front();
      await tab.until(() => window.tailorbird.profile().interests?.length === 0);
    },
  },
  {
    fault: "a preview is on",
    seen: "the page shows something that nobody decided",
    pane: "Page",
    sentence: "A preview is on (hero shows tents), so nothing is recorded.",
    page: { config: config({ preview: true }) },
    where: "/?tb=hero:tents",
  },
];

/**
 * The page with the fault in it, of somebody who looked at three boots.
 *
 * @param {Fault} fault
 * @returns {SiteSpec}
 */
export const pageOf = ({ page }) => ({
  config: config(),
  body,
  tag: { "data-consent": "granted" },
  before: [
    [clock, START, false],
    [queued, looks("boots", 3)],
  ],
  ...page,
});

/**
 * Turns to where somebody looks who has never seen the inspector.
 *
 * @param {Tab} tab
 * @param {Fault} fault
 */
export const look = (tab, { pane }) => turnTo(tab, pane);
