// axe-core, run in the page.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** @import { Tab } from "./rig/types.js" */

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Brings axe into a page. It goes the way of all that a test runs there, which no policy of the page forbids. */
const bring = /** @type {() => void} */ (new Function(source));

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/**
 * What axe finds against all of the page; or, with best practices, against one element.
 *
 * @param {Tab} tab
 * @param {string} [selector]
 */
export const violations = async (tab, selector = "") => {
  if (!(await tab.evaluate(() => "axe" in window))) await tab.evaluate(bring);
  return tab.evaluate(
    async (only, wcag) => {
      const { violations: found } = await window.axe.run(only ? { include: [only] } : document, {
        runOnly: { type: "tag", values: only ? [...wcag, "best-practice"] : wcag },
      });
      return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
    },
    selector,
    WCAG,
  );
};
