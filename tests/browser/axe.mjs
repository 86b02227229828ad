// axe-core, run in the page.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** @import { Tab } from "./rig/types.js" */

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/**
 * What axe finds against all of the page; or, with best practices, against one element.
 *
 * @param {Tab} tab
 * @param {string} [selector]
 */
export const violations = (tab, selector = "") =>
  tab.evaluate(
    async (code, only, wcag) => {
      if (!("axe" in window)) {
        const script = document.createElement("script");
        script.textContent = code;
        document.head.append(script);
      }
      const { violations: found } = await window.axe.run(only ? { include: [only] } : document, {
        runOnly: { type: "tag", values: only ? [...wcag, "best-practice"] : wcag },
      });
      return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
    },
    source,
    selector,
    WCAG,
  );
