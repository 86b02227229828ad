/**
 * The boundary between TypeScript and the engine in Rust: the class that wasm-bindgen exports, and
 * what it needs from its host. `src/web/api.rs` is the other side.
 */

import type { Inspection, Sandbox } from "../inspector/access.js";
import type { StorageArea, Touch } from "../loader/record.js";
import type { Imported } from "../loader/types.js";

/** The engine that `src/web/api.rs` exports, for one page view at a time. */
export interface Engine {
  /** Problems in the config that only cost the parts they are in, each with its path. */
  problems(): string[];
  /** Starts listening, states consent and records the first page view. In Node only the consent applies. */
  start(statements: readonly Statement[]): void;
  /** The same in the place of an engine that was dropped, with what it handed over. */
  resume(handover: object): void;
  track(name: string, params: unknown): void;
  attributes(attributes: unknown): void;
  consent(consent: unknown): void;
  /** Throws an `EngineError` with code `unknown-slot`; so do `peek` and `explain`. */
  decide(slot: string): unknown;
  peek(slot: string): unknown;
  explain(slot: string): unknown;
  /** Throws an `EngineError` with code `unknown-feature`. */
  feature(key: string, attributes: unknown, peek: boolean): unknown;
  profile(): unknown;
  export(): unknown;
  /** What came of what was shown on this device: `DeviceReport`. */
  report(): unknown;
  /** Everything the engine can say of itself now. Nothing is recorded. */
  inspect(): Inspection;
  /**
   * A copy of the engine in memory, or with `false` one for somebody new; `undefined` while the engine is computing. It
   * lives in the same instance of the wasm: a trap in it ends the engine too, and it is gone where the instance is renewed,
   * after a withdrawal of consent. So its methods pass the guard as those of the engine do.
   */
  sandbox(copy: boolean): Sandbox | undefined;
  /** The reports on experiments that are due, each handed out once: `Report[]`. */
  reports(): unknown;
  /** The consent in effect with its source: the detail of `tailorbird:consent`. */
  consentInEffect(): unknown;
  forget(interest: string): void;
  /** Gives an interest a share, from 0 to 1. */
  correct(interest: string, share: number): void;
  pause(paused: boolean): void;
  /** What the site changes in the words of the privacy panel: `PanelTexts`. */
  panelTexts(): unknown;
  erase(): void;
  /** The page may be changed from now on. */
  ready(): void;
  stop(): void;
  /** The country the time zone suggests, by ISO 3166-1, with a confidence from 0 to 1. */
  geo(country: string, confidence: number): void;
  /** What tells the config from others. */
  fingerprint(): string;
  /**
   * Looks up where the visitor is, where the browser may ask them: the ids of the areas they are in, `undefined` where
   * that is not known.
   */
  locate(): Promise<string[] | undefined>;
  /** The slots of the config, in its order. */
  slots(): DeclaredSlot[];
  /** The slots in which prompts stand; none of them is in `slots()`. */
  slotsOfPrompts(): string[];
  /** The ids of all slots that are on the page now, in the config's order. */
  slotsPresent(ids: string[]): void;
  /** The variant is shown in full in at least one element of the slot. */
  slotApplied(slot: string, variant: string): void;
  /** The variant is shown nowhere: `reason` says why. */
  slotNotApplied(slot: string, variant: string, reason: string): void;
  /** Observes whether an element of a slot is on screen, until `unwatch`. */
  watch(element: Element, slot: string): void;
  unwatch(element: Element): void;
  /** The slot, or every slot, shows something else: the next impression is a new one. */
  resetImpression(slot?: string): void;
  /**
   * Fills the `{{ placeholders }}` of each text; `undefined` where a value is missing. The fields of `item`, where there
   * is one, stand before the visitor's attributes.
   */
  fill(texts: string[], item?: unknown): (string | undefined)[];
  /** The address of the site model; `undefined` where the config has none. */
  model(): string | undefined;
  /**
   * What the model has to be asked before `recommend` is called with these options (`RecommendOptions`, a copy);
   * `undefined` where nothing has to be.
   */
  rankRequest(options: unknown): RankRequest | undefined;
  /** The model's answer; `undefined` where it could not be asked. */
  ranked(request: RankRequest, items: readonly RankedItem[] | undefined): void;
  /** Items for the visitor, by what is known now: `Recommendation[]`. */
  recommend(options: unknown): unknown;
  /** The addresses of the pages of items, by id, as the catalog has them; `undefined` for each that has none. */
  itemAddresses(ids: string[]): (string | undefined)[];
  /** Makes a prompt due. */
  prompt(id: string): void;
  /** For each prompt whether it is due, and why it is not shown now. */
  explainPrompts(): unknown;
  /** What is previewed from now on, in place of what was. Nothing is recorded while there is anything. */
  preview(previews: readonly Preview[]): void;
  /** Shows a prompt now, whatever speaks against it. Nothing of it is recorded. */
  showPrompt(prompt: string, variant?: string): void;
  promptOutcome(prompt: string, outcome: PromptOutcome): void;
  promptAnswered(prompt: string, answer: string): void;
  mayPrompt(): boolean;
  /**
   * The profile as text with characters up to U+00FF: the stored one, or the one in memory where nothing is stored.
   * `undefined` while the engine is computing.
   */
  exportProfile(): string | undefined;
  /** The permit to store something; it ends when everything is erased. `undefined` where nothing may be stored. */
  permit(): number | undefined;
  /**
   * Merges such a text into the stored profile, if the permit with which the import began still holds. Resolves to
   * `undefined` where the engine ends meanwhile, and rejects where the browser refuses the lock.
   */
  importProfile(text: string, permit: number): Promise<Imported | undefined>;
  free(): void;
}

/** Throws an `EngineError` with code `config` where the config is refused as a whole. */
export interface EngineConstructor {
  new (config: unknown, host: EngineHost, options: EngineOptions): Engine;
  /** Makes the next entry of a kind trap. Only in the build for tests. */
  crash?(kind: string): void;
}

/** What the engine needs from the page, or from Node. No method throws. */
export interface EngineHost {
  /** DOM events named `tailorbird:...` are dispatched here: `document`, or an `EventTarget` of its own in Node. */
  readonly target: EventTarget;
  /** Every listener is added with this signal. It aborts when the engine ends. */
  readonly signal: AbortSignal;
  /** Every function that JavaScript will call (listener, timer, observer, promise) passes the guard first. */
  guard(entry: (...args: never[]) => unknown): (...args: never[]) => unknown;
  /** A bounded copy of data that comes from the page; `undefined` where there is nothing to copy. */
  plain(value: unknown): unknown;
  /**
   * Replaces `holder[method]` by a function that calls the original, returns its result, and then
   * calls `after` with the list of arguments. The original is put back when the engine ends, also
   * after a trap. Returns `false` where the method cannot be replaced.
   */
  patchMethod(holder: object, method: string, after: (args: unknown[]) => void): boolean;
  /** Notes that a listener was added: see `www/loader/record.ts`. */
  listened(target: EventTarget, type: string): void;
  /** Notes what was done to a key of storage: likewise. */
  touched(how: Touch, area: StorageArea, key: string): void;
  /** Shows a variant. Answered by `slotApplied` or `slotNotApplied`, at once or later. */
  show(show: Show): void;
  /** Puts the slot's own content back. */
  revert(slot: string): void;
  /** Asks the visitor. Answered by `promptOutcome`. */
  prompt(prompt: PromptContent): void;
  /** Says what is previewed, and keeps it for the tab. */
  preview(notice: PreviewNotice): void;
  redirect(url: string): void;
  /** Drops this engine with its memory, because consent was withdrawn, and has a new one `resume` with this. */
  restart(handover: object): void;
  /** Asks the site model. Answered by `ranked`, at once or later. */
  rank(request: RankRequest): void;
  /** Has pages loaded ahead that the site model expects next, in place of those before; with nothing, ends that. */
  speculate(request?: SpeculationRequest): void;
}

/**
 * One thing that is previewed: what a slot shows (`null` is the page's own content), a prompt (in the variant that is for
 * the visitor where none is named), or that the visitor counts as in a segment, or outside of it.
 */
export type Preview =
  | { readonly slot: string; readonly variant: string | null }
  | { readonly prompt: string; readonly variant?: string | null }
  | { readonly segment: string; readonly in: boolean };

/** What a page says of previews. Where both lists are empty there is none any more. */
export interface PreviewNotice {
  /**
   * What the parameter `tb` of the page's address is to be; empty where there is to be none, `null` where the config lets
   * no address ask for previews.
   */
  readonly address: string | null;
  /** What is previewed. */
  readonly previews: readonly Preview[];
  /** What cannot be previewed, each in a sentence. */
  readonly problems: readonly string[];
}

/** What somebody states of consent: `src/signal/consent.rs`. */
export interface Statement {
  /** The site itself where it is missing. */
  readonly source?: string;
  readonly personalize?: boolean | "session" | null;
  readonly measure?: boolean;
  /** Whether the site says so without the visitor's answer on its own control. */
  readonly silent?: boolean;
  /** Whether Consent Mode is listened to. */
  readonly auto?: boolean;
}

/** What may be loaded ahead. */
export interface SpeculationRequest {
  /** The paths of the pages viewed last, at most 5, the current one last. */
  readonly history: readonly string[];
  /** The id of the item that the current page is about; `null` where it is about none. */
  readonly item: string | null;
  /** The most pages that are fetched ahead, from 0 to 2. */
  readonly prefetch: number;
  /** The most pages that are rendered ahead, 0 or 1. */
  readonly prerender: number;
  /** The least probability of a page, from 0 to 1. */
  readonly min: number;
}

/** A question to the site model. */
export interface RankRequest {
  readonly kind: "similar" | "bought-together" | "for-you" | "popular";
  /** The ids of items that the visitor has met, the oldest first, the current one last. */
  readonly history: readonly string[];
  /** Whether the current one is what the page is about. */
  readonly ofPage: boolean;
  /** The most items of the answer, from 1. */
  readonly count: number;
}

/** One item of the model's answer; the best stands first. */
export interface RankedItem {
  readonly id: string;
  /** From 0, on a scale of the question's kind. */
  readonly score: number;
  /** The id of the item in the history that contributed most. */
  readonly because: string | null;
}

export interface EngineOptions {
  readonly dataLayer: string;
  readonly namespace: string;
  readonly debug: boolean;
}

export interface DeclaredSlot {
  readonly id: string;
  readonly target?: string | null;
}

/** Where something goes: beside an element, or into it at its beginning or end. */
export type Position = "before" | "after" | "prepend" | "append";

/**
 * One change of a variant. `path` is where it stands in the config, for messages: `content.text["h1"]`. Selectors
 * are relative to the slot's element; the empty one is that element.
 */
export type Change =
  | { readonly kind: "text"; readonly path: string; readonly selector: string; readonly text: string }
  | {
      readonly kind: "attributes";
      readonly path: string;
      readonly selector: string;
      readonly attributes: { readonly [name: string]: string };
    }
  | {
      readonly kind: "class";
      readonly path: string;
      readonly selector: string;
      readonly add: readonly string[];
      readonly remove: readonly string[];
    }
  | {
      readonly kind: "style";
      readonly path: string;
      readonly selector: string;
      /** A value may end in `!important`. */
      readonly style: { readonly [property: string]: string };
    }
  | { readonly kind: "css"; readonly path: string; readonly css: string }
  | { readonly kind: "html"; readonly path: string; readonly selector: string; readonly html: string }
  | {
      readonly kind: "insert";
      readonly path: string;
      readonly selector: string;
      readonly position: Position;
      /** Either this or `template` is given. */
      readonly html: string | null;
      /** The selector of a `<template>` of the document. */
      readonly template: string | null;
    }
  | {
      readonly kind: "move";
      readonly path: string;
      readonly selector: string;
      readonly position: Position;
      /** The selector of what moves. */
      readonly elements: string;
    }
  | { readonly kind: "hide"; readonly path: string; readonly selector: string }
  | { readonly kind: "image"; readonly path: string; readonly selector: string; readonly image: Image }
  | ItemsChange;

/** Items in the place of what an element holds, each a copy of a `<template>`. */
export interface ItemsChange {
  readonly kind: "items";
  readonly path: string;
  readonly selector: string;
  /** The selector of the document's `<template>`; `null` is the first `<template data-tb-item>` in the element. */
  readonly template: string | null;
  readonly items: readonly Item[];
}

/** What the catalog says of an item, by GA4's names, and why it is there: `because` (an id) and `because_name`. */
export interface Item {
  readonly [field: string]: string | number | boolean | null | readonly string[];
}

/** A picture. Without `srcset` or `sizes` the element has none; `null` elsewhere leaves what is there. */
export interface Image {
  readonly src: string;
  readonly srcset: string | null;
  readonly sizes: string | null;
  readonly alt: string | null;
  readonly width: string | null;
  readonly height: string | null;
}

/** One variant. Without changes it is markup: the `<template data-tb-variant>` of that name inside the slot. */
export interface Show {
  readonly slot: string;
  readonly variant: string;
  readonly changes: readonly Change[] | null;
}

/** What a prompt says. All but `prompt` may be missing, and most of it `null`. */
export interface PromptContent {
  readonly prompt: string;
  /** How it stands on the page. */
  readonly as?: PromptForm;
  /** Where an inline one stands. */
  readonly slot?: string | null;
  readonly theme?: PromptTheme;
  /** The selector of the page's `<template>` that says everything but the title. */
  readonly template?: string | null;
  readonly title?: string;
  readonly body?: string | null;
  readonly image?: PromptImage | null;
  readonly coupon?: PromptCoupon | null;
  readonly ask?: PromptAsk | null;
  /** There is none where each answer has a button of its own, and in a notification. */
  readonly accept?: string | null;
  /** A notification has none, and neither has the page's own markup. */
  readonly decline?: string | null;
  readonly href?: string | null;
  /** The items that it shows; none where its content names none. */
  readonly items?: readonly Item[];
}

/** A picture beside the words. Width and height are in pixels. */
export interface PromptImage {
  readonly src: string;
  readonly srcset: string | null;
  readonly sizes: string | null;
  readonly alt: string;
  readonly width: number;
  readonly height: number;
}

export type PromptTheme = "plain" | "warm" | "bold" | "inherit";

/** A code to take along, and the button that copies it. */
export interface PromptCoupon {
  readonly code: string;
  readonly copy: string;
  readonly copied: string;
}

/** What a prompt asks for besides yes or no. */
export type PromptAsk =
  | { readonly email: { readonly label: string; readonly action: string | null } }
  | { readonly choices: readonly { readonly id: string; readonly label: string }[] }
  | {
      readonly scale: { readonly from: number; readonly to: number; readonly low: string; readonly high: string };
    };

export type PromptForm = "modal" | "sheet" | "bar-top" | "bar-bottom" | "slide-in" | "inline" | "notification";

/**
 * What became of a prompt. `removed`: the page took it away. `postponed`: the visitor was in the middle of something, or
 * there was no room.
 */
export type PromptOutcome =
  "shown" | "seen" | "accepted" | "declined" | "dismissed" | "submitted" | "removed" | "failed" | "postponed";

const ERROR_CODES = ["config", "unknown-slot", "unknown-feature"] as const;

/** An error that the engine throws on purpose. Everything else that leaves wasm is a trap. */
export interface EngineError extends Error {
  readonly code: (typeof ERROR_CODES)[number];
  /** What is wrong with the config, with code `config`. */
  readonly problems?: string[];
}

export const isEngineError = (reason: unknown): reason is EngineError => {
  if (!(reason instanceof Error)) return false;
  // Read as an own property: DOM exceptions inherit a `code`, and a page may pollute prototypes.
  const code: unknown = Object.getOwnPropertyDescriptor(reason, "code")?.value;
  // Where there is no WebAssembly, no engine has given a code.
  return ERROR_CODES.some((known) => known == code) && !(reason instanceof WebAssembly.RuntimeError);
};
