/** What a made-up visitor does: sessions in the words of `scripts/docs/recipes.mjs`, and the steps of the buttons. */

import type { Attributes, Level } from "../loader/types.js";

/** What a site may state of consent, on every page. */
export type StatedConsent = "granted" | "denied" | { readonly personalize?: boolean; readonly measure?: boolean };

/** What must hold on the page. */
export interface Expectation {
  /** The variant that each slot shows; `null` is the page's own content. */
  readonly slots?: { readonly [slot: string]: string | null };
  readonly levels?: { readonly [slot: string]: Level };
  /** Whether each prompt was shown on this page view. */
  readonly prompts?: { readonly [prompt: string]: boolean };
  /** What the first element of each selector that can be seen reads. */
  readonly texts?: { readonly [selector: string]: string };
  /** The entries of the data layer that have an `exp_variant_string`. */
  readonly dataLayer?: readonly object[];
}

/** One thing that the visitor or the site does on a page. */
export type PageStep =
  | { readonly event: string; readonly params?: Attributes }
  /** The visitor is on the page for so long: a number and `s`, `m`, `h` or `d`. */
  | { readonly engage: string }
  /** They scroll down to this share of the page, from 0 to 1. */
  | { readonly scroll: number }
  /** The pointer goes to the tabs, as when somebody is about to leave. */
  | { readonly leave: true }
  /** They answer the prompt. */
  | { readonly answer: "accept" | "decline" }
  /** This must hold now. */
  | { readonly expect: Expectation };

export type Step =
  | PageStep
  /** The page at this address is opened: a path, with an optional query. */
  | { readonly view: string; readonly referrer?: string }
  /** The site states this on every page from now on. */
  | { readonly consent: StatedConsent }
  | { readonly attributes: Attributes }
  /** So much time passes, with the visitor away. */
  | { readonly wait: string };

export interface Session {
  readonly title: string;
  /** When it begins, in local time. */
  readonly starts?: string;
  /** The random bytes of the browser, over and over. */
  readonly seed?: readonly number[];
  readonly browser?: { readonly language?: string; readonly timeZone?: string };
  readonly steps: readonly Step[];
}

const UNITS = { s: [1_000, "second"], m: [60_000, "minute"], h: [3_600_000, "hour"], d: [86_400_000, "day"] } as const;

const unitOf = (time: string): (typeof UNITS)["s" | "m" | "h" | "d"] => UNITS[time.slice(-1) as keyof typeof UNITS];

/** A time such as `2d` in milliseconds. */
export const milliseconds = (time: string): number => Number.parseInt(time, 10) * unitOf(time)[0];

const timeText = (time: string): string => {
  const count = Number.parseInt(time, 10);
  return `${count} ${unitOf(time)[1]}${count == 1 ? "" : "s"}`;
};

const product = (number: number, name: string, price: number): Attributes => ({
  item_id: `boots-${number}`,
  item_name: name,
  item_category: "boots",
  price,
  quantity: 1,
});

const BOOTS = [product(1, "Ridge boots", 129), product(2, "Moor boots", 99), product(3, "Scree boots", 149)];

const about = (item: Attributes): Attributes => ({ currency: "EUR", value: item["price"], items: [item] });

export const LOOK_AT_BOOTS: readonly Step[] = BOOTS.map((item) => ({ event: "view_item", params: about(item) }));

export const PUT_IN_BASKET: readonly Step[] = [{ event: "add_to_cart", params: about(BOOTS[0]!) }];

/** Nobody is taken to be leaving within the first seconds. */
export const MOVE_TO_LEAVE: readonly Step[] = [{ engage: "12s" }, { leave: true }];

const itemsText = (params: Attributes = {}): string => {
  const items = Array.isArray(params["items"]) ? (params["items"] as readonly Attributes[]) : [];
  const names = items.map((item) => item["item_name"] ?? item["item_id"]).filter((name) => typeof name == "string");
  return names.length ? `: ${names.join(", ")}` : "";
};

/** What a step is, in a sentence; nothing for what must hold. */
export const sentenceOf = (step: Step): string | undefined => {
  if ("view" in step) return `The visitor opens ${step.view}${step.referrer ? `, from ${step.referrer}` : ""}.`;
  if ("event" in step) return `The site tracks ${step.event}${itemsText(step.params)}.`;
  if ("attributes" in step) return `The site states ${JSON.stringify(step.attributes)}.`;
  if ("consent" in step) return `The site states consent: ${JSON.stringify(step.consent)}.`;
  if ("engage" in step) return `The visitor stays for ${timeText(step.engage)}.`;
  if ("wait" in step) return `${timeText(step.wait)} pass${Number.parseInt(step.wait, 10) == 1 ? "es" : ""}.`;
  if ("scroll" in step) return `The visitor scrolls down to ${Math.round(100 * step.scroll)} % of the page.`;
  if ("leave" in step) return "The pointer leaves through the top of the page.";
  if ("answer" in step) return `The visitor answers: ${step.answer}.`;
  return undefined;
};
