/**
 * Has the browser load ahead what the visitor may open next: pages to which a link leads that the visitor can follow
 * anyway, and that change nothing on the server.
 *
 * Pages are named by speculation rules (Chromium, Safari from 27.3), and by `<link rel="prefetch">` elsewhere.
 *
 * Source: https://wicg.github.io/nav-speculation/speculation-rules.html
 */

import type { SpeculationRequest } from "../page/boundary.js";
import { markOurs } from "../page/ours.js";
import type { NextPage } from "./site_model.js";

/** The most links of a page that are looked at. */
const MOST_LINKS = 2_000;

/**
 * How likely a page must be on a slower connection, where what is loaded in vain costs more.
 *
 * Source: guess.js, `packages/guess-webpack/src/prefetch-plugin.ts`, the default thresholds.
 */
const LEAST: { readonly [connection: string]: number } = { "3g": 0.3, "2g": 0.45, "slow-2g": 0.6 };

/**
 * Parts of paths below which a page may change something by being loaded, or shows what an action that is still to come
 * changes. `docs/speculation.md` lists them.
 */
const CHANGES_STATE = new RegExp(
  `/(${[
    "log[-_]?(in|out|off)|sign[-_]?(in|out|off|up)|auth|oauth|sso",
    "(un)?subscribe|vote",
    "basket|cart|bag|checkout|pay|payment|buy|order",
    "add([-_]to[-_].+)?|remove|delete|cancel|confirm|edit|download",
  ].join("|")})(/|\\.|$)`,
  "i",
);

/** Links in them are left alone, and so are links that are no plain ones: frameworks send something else by them. */
const LEFT_ALONE = "[data-tb-no-speculation], [data-tb-sensitive]";
const NOT_PLAIN = "[download], [data-method], [data-turbo-method], [role=button], [rel~=nofollow i]";

/** How the model names the page to which a link leads; `undefined` where that page is not to be loaded ahead. */
const pageBehind = (link: HTMLAnchorElement | HTMLAreaElement): string | undefined => {
  const { origin, pathname, search, target } = link;
  const isPlain = origin == location.origin && /^(_self)?$/i.test(target) && !link.matches(NOT_PLAIN);
  const isHere = pathname == location.pathname && search == location.search;
  if (!isPlain || isHere || CHANGES_STATE.test(pathname) || link.closest(LEFT_ALONE)) return undefined;
  // With a query only where the model knows the page with it.
  return pathname + search;
};

/** The page at an address of the catalog, as links to it are named; nothing where it is elsewhere, or no address. */
export const pathAt = (address: string | undefined): string => {
  // A URL would throw at what is no address.
  const link = document.createElement("a");
  link.href = address ?? "about:blank";
  return link.origin == location.origin ? link.pathname + link.search : "";
};

/**
 * The likeliest first, each page once. What is said of it by the pages and by the items of a session is the same
 * probability, and each says too little where it knows of too few visitors: the higher one counts.
 */
export const likeliest = (pages: readonly NextPage[]): NextPage[] => {
  const sorted = [...pages].sort((one, other) => other.probability - one.probability);
  return sorted.filter(({ page }, at) => sorted.findIndex((other) => other.page == page) == at);
};

const isLink = (element: Element): element is HTMLAnchorElement | HTMLAreaElement =>
  element instanceof HTMLAnchorElement || element instanceof HTMLAreaElement;

/** The pages to which links of this document lead. */
const linkedPages = (): Set<string> => {
  const links = [...document.querySelectorAll("a[href], area[href]")].slice(0, MOST_LINKS).filter(isLink);
  return new Set(links.map(pageBehind).filter((page) => page !== undefined));
};

const leastProbability = (min: number): number => {
  const { connection } = navigator as { connection?: { readonly effectiveType?: string } };
  return Math.max(min, LEAST[connection?.effectiveType ?? ""] ?? 0);
};

const rulesElement = (prefetch: readonly string[], prerender: readonly string[]): HTMLElement => {
  const rules = {
    ...(prefetch.length && { prefetch: [{ source: "list", urls: prefetch }] }),
    // A page's scripts run only once the visitor points at its link.
    ...(prerender.length && { prerender: [{ source: "list", urls: prerender, eagerness: "moderate" }] }),
  };
  const script = document.createElement("script");
  script.type = "speculationrules";
  // Browsers hide the attribute from selectors and show it to script.
  const nonce = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce;
  if (nonce) script.nonce = nonce;
  // As a node: with Trusted Types the browser throws where text is assigned, and only drops what is in a node.
  script.append(document.createTextNode(JSON.stringify(rules)));
  return script;
};

const prefetchElement = (url: string): HTMLElement => {
  const link = document.createElement("link");
  link.rel = "prefetch";
  link.as = "document";
  link.href = url;
  return link;
};

/** `pages` are those that may come next, the likeliest first. Returns what takes the elements away again. */
export const speculate = (
  { prefetch, prerender, min }: SpeculationRequest,
  pages: readonly NextPage[],
): (() => void) => {
  const least = leastProbability(min);
  const linked = linkedPages();
  const likely = pages.filter(({ page, probability }) => probability >= least && linked.has(page));
  // A path alone may lead elsewhere: by a `<base>`, or where it begins with two slashes.
  const likeliest = (most: number): string[] => likely.slice(0, most).map(({ page }) => location.origin + page);
  const elements: HTMLElement[] = [];
  if (HTMLScriptElement.supports("speculationrules")) {
    if (likely.length) elements.push(rulesElement(likeliest(prefetch), likeliest(prerender)));
  } else if (document.createElement("link").relList.supports("prefetch")) {
    elements.push(...likeliest(prefetch).map(prefetchElement));
  }
  elements.forEach(markOurs);
  document.head.append(...elements);
  return () => elements.forEach((element) => element.remove());
};
