// What functions that scenes send into a page find there: the engine, what the rig puts into every page, and what
// scenes leave on `window` for one another.

import type { Exported, Profile, Tailorbird } from "../../www/loader/types.js";
import type { Said } from "./rig/types.js";
// What the frame of the playground offers.
import "../../www/playground/frame_access.js";
// The globals of consent tools.
import "../../www/consent/cookiebot.js";
import "../../www/consent/gpp.js";
import "../../www/consent/onetrust.js";
import "../../www/consent/tcf.js";

/** JSON whose shape a scene knows, because it made the config and the events behind it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Known = any;

/** The engine in a scene, which has the consent and the config for what it asks. */
interface RunningEngine extends Omit<Tailorbird, "profile" | "export" | "feature" | "decide" | "peek" | "explain"> {
  decide(slot: string): Known;
  peek(slot: string): Known;
  explain(slot: string): Known;
  feature(key: string, options?: object): Known;
  profile(): Profile & { attributes: Known };
  export(): Exported & Known;
  export(options: { passphrase: string }): Promise<string | null>;
  /** Only in the build for tests. */
  crash(kind: string): void;
}

declare global {
  /** The queue until the engine has started, the engine afterwards. */
  var tailorbird: RunningEngine;
  var dataLayer: Known[];
  var gtag: (...command: unknown[]) => void;

  /** The demo shop's basket: `www/shop/basket.js`. */
  var larkfell: {
    lines: {
      item: { item_id: string; item_name: string; item_brand: string; price: number; quantity?: number };
      size: string;
      quantity: number;
      href: string;
      image: string;
    }[];
    quantity(): number;
    value(): number;
    keptUntil(): number | null;
    load(): void;
    save(keep?: boolean): void;
    read(area: "localStorage" | "sessionStorage", key: string): Known;
    write(area: "localStorage" | "sessionStorage", key: string, value: object | null): void;
  };

  /** What `countTouches` of `rig/before.mjs` counted. */
  var counted: () => string[];

  // rig/collector.js
  /** What the page of `exit.test.mjs` heard of the pointer. */
  var heardOfPointer: object[];
  var seen: {
    events: { name: string; detail: Known }[];
    said: Said[];
    shifts: { value: number; recentInput: boolean }[];
    violations: string[];
  };
  var openDialog: () => HTMLDialogElement | null;

  // consent_sources.test.mjs
  /** By which the visitor of a consent tool says something. */
  var say: (said: "granted" | "denied") => void;
  /** When the tool told it. */
  var saidAt: number;
  var memories: WebAssembly.Memory[];

  // rig/before.mjs
  var clock: { advance(ms: number): void; set(ms: number): void };
  var entropyAsked: number;
  var touched: string[];
  var sent: string[];
  var called: number;
  var attached: () => string[];

  // page_alone.mjs
  var pageAlone: (
    slots: string[],
    values: { [name: string]: string },
    debug?: boolean,
  ) => import("./page_alone.mjs").PageAlone;

  // What a scene leaves for its own later questions.
  /** How often the visitor was asked, or might have been. */
  var asked: number;
  var answer: Known;
  var app: Known;
  var awake: boolean;
  var axe: typeof import("axe-core");
  var badges: number;
  var notifications: { title: string; options: NotificationOptions; closed: boolean; shown: EventTarget }[];
  var cards: { connected: number; disconnected: number };
  var fights: number;
  var first: number;
  var generation: number;
  /** Whether a press of the rig has arrived; missing where none is expected. */
  var pressed: boolean | undefined;
  var hacked: unknown;
  var kept: boolean | undefined;
  /** Elements that the page has made itself. */
  var own: Element[];
  /** The memory of the engine. */
  var wasmMemory: WebAssembly.Memory | undefined;
  var moves: [name: string, y: number, to: string][];
  var originals: string[];
  var page: import("./page_alone.mjs").PageAlone;
  var parts: Element[];
  var pwned: number | undefined;
  var shopLayer: Known[];
  var told: number;
}
