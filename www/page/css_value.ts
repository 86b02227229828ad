/** Judges CSS, a value or a whole style sheet, by what it would load. */

import { leadsTo, WEB } from "./address.js";

/** Functions whose strings are addresses. */
const ADDRESSES = new Set(["url", "src", "image", "image-set", "-webkit-image-set"]);

/** Functions whose result is known only when the page is drawn. */
const COMPUTED = /^(var|attr|env|if|inherit|first-valid|random-item|toggle|--.*)$/;

/** Comments, strings, names with `@` before or `(` behind, and single characters. */
const TOKENS = /\/\*[^]*?\*\/|"[^"\n\r\f]*"|'[^'\n\r\f]*'|@?[-\w\u0080-\uffff]+\(?|[^]/g;

/** What follows `url(` where the address has no quotes. */
const BARE_ADDRESS = /^\s*([^"'()\s]*)\s*\)/;

const lead = (address: string): string | undefined =>
  leadsTo(address, WEB) ? undefined : `"${address.slice(0, 80)}" is no web address`;

/**
 * Why the CSS is not used; `undefined` where it is. Every address in it leads to the web and is written out, and no
 * other style sheet is imported. Backslashes are refused: with them a name can be written in too many ways.
 */
export const refusedCss = (css: string): string | undefined => {
  if (css.includes("\\")) return "backslashes are not used in CSS";
  /** The functions and brackets that are open. */
  const open: string[] = [];
  TOKENS.lastIndex = 0;
  for (let found = TOKENS.exec(css); found; found = TOKENS.exec(css)) {
    const token = found[0].toLowerCase();
    const inAddress = open.some((name) => ADDRESSES.has(name));
    if (token == "@import") return "CSS imports no other style sheet";
    if (token == '"' || token == "'") return "a string of the CSS has no end";
    if (/^["']/.test(token)) {
      const refused = inAddress ? lead(found[0].slice(1, -1)) : undefined;
      if (refused) return refused;
    } else if (token.startsWith("/*")) {
      continue;
    } else if (token.endsWith("(")) {
      const name = token.slice(0, -1);
      if (inAddress && COMPUTED.test(name)) return `an address in CSS is written out: ${name}() is not used for it`;
      const rest = css.slice(TOKENS.lastIndex);
      if (name == "url" && !/^\s*["']/.test(rest)) {
        const bare = BARE_ADDRESS.exec(rest);
        if (!bare) return "a url() of the CSS is not well-formed";
        const refused = lead(bare[1]!);
        if (refused) return refused;
        TOKENS.lastIndex += bare[0].length;
      } else {
        open.push(name);
      }
    } else if (token == ")") {
      open.pop();
    }
  }
  return undefined;
};
