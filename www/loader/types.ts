/**
 * The public types: what `start()` takes, and the object it resolves to. They are written by hand,
 * because this is where their documentation is read. The build publishes this file as it stands.
 */

/** How individual the answer for a slot is, from what the server sent to this visitor's own. */
export type Level = "standard" | "generic" | "customized" | "personalized";

/** What a slot shows, and why. */
export interface Decision {
  /** The slot this is about. */
  readonly slot: string;
  /** The variant shown; `null` is the page's own content. */
  readonly variant: string | null;
  /** How individual the choice is. */
  readonly level: Level;
  /** What the deciding method measured, on that method's own scale; 0 where nothing was decided. */
  readonly score: number;
  /** The probability with which this choice was made, in `(0, 1]`; 1 where no chance took part. */
  readonly propensity: number;
  /** Why, in plain words: one line for each step that had a say. */
  readonly reasons: readonly string[];
}

/** A decision, and what stood behind it. */
export interface Explanation extends Decision {
  /** Whether the slot is on the page. */
  readonly on_page: boolean;
  /** What it shows there now: a change waits while the visitor is looking. */
  readonly shown: string | null;
  /** The segments the visitor is in, the winning one first. */
  readonly segments: readonly string[];
}

/** What is known of the visitor. */
export interface Profile {
  /** The tree that conditions look at: `visitor`, `session`, `page`, `cart`, `interest`, and the site's own. */
  readonly attributes: { readonly [name: string]: Json };
  /** The segments the visitor is in, the winning one first. */
  readonly segments: readonly string[];
  /** What all of it rests on. */
  readonly consent: "unknown" | "granted" | "denied" | "session";
  /** Events that came too fast to be counted. */
  readonly dropped_events: number;
}

/** Everything that is kept. */
export interface Exported extends Profile {
  readonly version: 1;
  /** When this was written, and when the first thing was kept: milliseconds since 1970. */
  readonly exported: number;
  readonly created: number | null;
  readonly kept: "on this device" | "in this tab" | "in memory";
  /** The visitor's random number, 64 bits in decimal digits; `null` before anything may be kept. */
  readonly seed: string | null;
  /** Which prompts were shown, and how they were answered. */
  readonly prompts: Json;
  /** How often each variant was met, seen, and followed by its slot's goal. */
  readonly counts: Json;
}

/**
 * What the visitor agreed to. Tailorbird never stores it: on each page somebody says it.
 *
 * `true`: a history may be kept on this device. `"session"`: until the tab is closed. `false`:
 * nothing is kept, and what was kept is removed. `null`: not known yet, so memory only.
 */
export interface Consent {
  readonly personalize?: boolean | "session" | null;
  readonly measure?: boolean;
}

/** Anything JSON can hold: what an attribute or the parameter of an event may be. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/** Named values. */
export type Attributes = { readonly [name: string]: Json | undefined };

/** What `push` takes: the name of a method, then its arguments. */
export type Command =
  | readonly ["track", name: string, params?: Attributes]
  | readonly ["attributes", attributes: Attributes]
  | readonly ["consent", consent: Consent]
  | readonly ["forget", interest: string]
  | readonly ["erase"]
  | readonly ["ready"]
  | { [Name in keyof TailorbirdEvents]: readonly ["on", name: Name, heard: (detail: TailorbirdEvents[Name]) => void] }[keyof TailorbirdEvents];

/**
 * What is announced, with the detail of each. The same arrive on `document` as `tailorbird:ready`,
 * `tailorbird:decision` and so on.
 */
export interface TailorbirdEvents {
  /** The first decisions are applied. */
  ready: { readonly available: true };
  /** The applied decision of a slot was made, or changed. */
  decision: Decision;
  /** At least half of a slot was on screen for a second. */
  impression: { readonly slot: string; readonly variant: string | null };
  /** The visitor seems about to leave: how sure that is, and what each sign adds. */
  leave: { readonly score: number; readonly parts: { readonly [part: string]: number } };
  /** What became of a prompt. */
  prompt: { readonly prompt: string; readonly outcome: "shown" | "accepted" | "declined" | "dismissed" | "failed" };
  /** Consent was given, withdrawn or heard. */
  consent: {
    readonly personalize: boolean | "session" | null;
    readonly measure: boolean;
    readonly source: string;
  };
  /** Nothing is personalized on this page view; the page stays as the server sent it. */
  unavailable: { readonly reason: string };
  /** Something else keeps rewriting this slot, so it was left to the page. */
  conflict: { readonly slot: string };
  /** A second start joined the first. */
  duplicate: { readonly [key: string]: never };
  /** What was kept could not be used and is gone, or nothing can be kept. */
  "storage-reset": { readonly reason: string; readonly keys?: readonly string[] };
}

/** What `start()` may be told. Everything is optional. */
export interface StartOptions {
  /** The config, or the address of its JSON file. Without one nothing changes on the page. */
  readonly config?: object | string;
  /**
   * What is known of the visitor's consent. `"auto"`, the default, listens to Consent Mode in the
   * data layer; until that speaks nothing is stored or read.
   */
  readonly consent?: "auto" | "granted" | "denied" | "session";
  /** What the site knows of the visitor. Conditions read it by these names. */
  readonly attributes?: Attributes;
  /** The name of the data layer, `"dataLayer"` unless told. */
  readonly dataLayer?: string;
  /** Leaves every slot alone until `ready()`, because a framework has yet to hydrate the page. */
  readonly wait?: "hydration";
  /** Keeps several sites on one origin apart in storage. */
  readonly namespace?: string;
  /** Writes signals and effects to the console. */
  readonly debug?: boolean;
}

/** What `start()` of `tailorbird/slim` takes: the same, and where the engine is. */
export interface SlimOptions extends StartOptions {
  /** The address of `tailorbird_bg.wasm`, or its bytes. */
  readonly wasm: string | URL | ArrayBuffer | ArrayBufferView<ArrayBuffer>;
}

/** The running engine, or an object with the same methods that do nothing. */
export interface Tailorbird {
  /** Whether there is an engine behind this object. */
  readonly available: boolean;
  /** Tells of an event, by its GA4 name and parameters. */
  track(name: string, params?: Attributes): void;
  /** Says more of what the site knows of the visitor; see `StartOptions.attributes`. */
  attributes(attributes: Attributes): void;
  /** Takes commands as the queue takes them before the engine has loaded. */
  push(...commands: Command[]): void;
  /** What a slot shows, and why; counts as met. `null`: there is no such slot. */
  decide(slot: string): Decision | null;
  /** The same, without enrolling the visitor in anything. */
  peek(slot: string): Decision | null;
  /** The decision with what stood behind it. `null`: there is no such slot. */
  explain(slot: string): Explanation | null;
  /** What is known of the visitor, to show and to correct. Empty where the engine is not available. */
  profile(): Partial<Profile>;
  /** Says what the visitor agreed to. */
  consent(consent: Consent): void;
  /** Everything that is kept, to hand over. Empty where the engine is not available. */
  export(): Partial<Exported>;
  /** Forgets one interest, such as `"category:boots"`. */
  forget(interest: string): void;
  /** Forgets everything, here and in storage. */
  erase(): void;
  /** Says that the framework has hydrated the page; see `wait`. */
  ready(): void;
  /** Calls `heard` each time `name` is announced, until the function that comes back is called. */
  on<Name extends keyof TailorbirdEvents>(name: Name, heard: (detail: TailorbirdEvents[Name]) => void): () => void;
  /** Puts the page back as the server sent it and stops for good. */
  stop(): void;
}

/**
 * Starts personalization. Resolves when the first decisions are applied. Nothing is read or
 * stored before consent. Never throws and never rejects: a failure is announced once as
 * `tailorbird:unavailable`, the page stays as the server sent it, and the object that comes back
 * does nothing.
 */
export type Start = (options?: StartOptions) => Promise<Tailorbird>;

/** `start` of `tailorbird/slim`: the same, with the engine's wasm from where the site keeps it. */
export type StartSlim = (options: SlimOptions) => Promise<Tailorbird>;

declare global {
  interface Window {
    /** A queue of commands until the script tag has loaded, the engine afterwards. */
    tailorbird?: Pick<Tailorbird, "push"> | Command[];
  }
}
