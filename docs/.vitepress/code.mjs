/**
 * Colours of code without `style` attributes, which the site's policy forbids: every kind of token gets a class, and
 * `theme.css` gives the class its two colours.
 */

import { createCssVariablesTheme } from "shiki/core";

/** @import { ShikiTransformer } from "shiki" */

/** A theme whose colours are `var(--code-KIND)`. */
export const THEME = createCssVariablesTheme({ name: "tailorbird", variablePrefix: "--code-", fontStyle: false });

/** @param {unknown} style */
const kindOf = (style) => /--code-([a-z-]+)\)/.exec(String(style))?.[1];

/** @type {ShikiTransformer} */
export const CLASSES = {
  name: "tailorbird:classes",
  pre(node) {
    delete node.properties.style;
    // A block that is wider than the page scrolls, also by keys; VitePress says so already where it is missing.
    node.properties.tabindex = "0";
  },
  span(node) {
    const kind = kindOf(node.properties.style);
    delete node.properties.style;
    if (kind && kind !== "foreground") node.properties.class = `code-${kind}`;
  },
};
