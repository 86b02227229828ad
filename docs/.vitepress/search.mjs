/**
 * What VitePress's search says to assistive technology. Its own markup calls the whole dialog a button, and every
 * result an option with a link in it, which no screen reader can follow: here it is a dialog with a list of links.
 */

/** @import { UserConfig } from "vitepress" */

/** @typedef {NonNullable<NonNullable<UserConfig["vite"]>["plugins"]>[number]} Plugin of the Vite that VitePress brings */

const COMPONENT = /\/VPLocalSearchBox\.vue$/;

/** What of the component is replaced, and by what. */
const REPLACED = /** @type {const} */ ([
  [
    /role="button"\s+:aria-owns="[^"]*"\s+aria-expanded="true"\s+aria-haspopup="listbox"\s+aria-labelledby="[^"]*"/,
    'role="dialog" aria-modal="true" aria-label="Search"',
  ],
  [/:role="results\?\.length \? 'listbox' : undefined"/, ""],
  [/:aria-labelledby="results\?\.length \? 'localsearch-label' : undefined"/, 'aria-label="Results"'],
  [/:id="'localsearch-item-' \+ index"\s+:aria-selected="[^"]*"\s+role="option"/, ""],
  [/:aria-label="\[\.\.\.p\.titles, p\.title\]\.join\(' > '\)"/, ":id=\"'localsearch-item-' + index\""],
  // A name needs a role.
  [/<kbd :aria-label=/g, '<kbd role="img" :aria-label='],
  [/<span class="title-icon">/, '<span class="title-icon" aria-hidden="true">'],
]);

/** @returns {Plugin} */
export const accessibleSearch = () => ({
  name: "tailorbird:accessible-search",
  enforce: "pre",
  transform(code, id) {
    if (!COMPONENT.test(id)) return undefined;
    return REPLACED.reduce((text, [pattern, replacement]) => {
      if (text.search(pattern) < 0) throw new Error(`VitePress's search has changed: nothing in it matches ${pattern}`);
      return text.replace(pattern, replacement);
    }, code);
  },
});
