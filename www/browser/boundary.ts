/** What crosses between the shell and the Rust core: signals go in, effects come out. */

import type { Consent, Decision, Explanation, Exported, Feature, Profile } from "../loader/types.js";

/** A bounded tree without behaviour, safe to hand to the core. */
export type Plain = null | boolean | number | string | Plain[] | { [key: string]: Plain };

/** What is kept on the device: opaque texts. */
export interface Stored {
  profile: string | null;
  journals: [id: string, text: string][];
}

/** Everything the core can be told. */
export type Signal =
  | { signal: "view"; [key: string]: Plain }
  | { signal: "ready" | "alone" }
  | { signal: "slots"; slots: string[] }
  | { signal: "track"; event: string; params: Plain }
  | { signal: "dataLayer"; entry: Plain }
  | { signal: "attributes"; attributes: Plain }
  | { signal: "place"; country: string; confidence: number }
  | ({ signal: "consent"; auto?: true } & Consent)
  | ({ signal: "restored"; journal: string } & Stored)
  | { signal: "folded"; folded: [id: string, last: number, at?: number][] }
  | { signal: "visible"; slot: string; visible: boolean }
  | { signal: "impression" | "met"; slot: string }
  | { signal: "used"; feature: string; attributes: Plain }
  | { signal: "activity"; depth: number }
  | { signal: "tab"; visible: boolean }
  | { signal: "leave"; [key: string]: Plain }
  | { signal: "prompt"; prompt: string; outcome: Outcome }
  | { signal: "forget"; interest: string }
  | { signal: "erase" | "erased"; low: number; high: number };

export type Outcome = "shown" | "accepted" | "declined" | "dismissed" | "failed";

/** One variant's content. An empty selector means the slot's own element. */
export interface Show {
  effect: "show";
  slot: string;
  variant: string;
  text: { [selector: string]: string };
  attributes: { [selector: string]: { [name: string]: string } };
}

/** What to ask the visitor. `body` and `href` may be missing or empty. */
export interface Ask {
  effect: "prompt";
  prompt: string;
  title: string;
  body?: string | null;
  accept: string;
  decline: string;
  href?: string | null;
}

/** Everything the core can want done. */
export type Effect =
  | Show
  | { effect: "revert"; slot: string }
  | Ask
  | { effect: "restore"; area: "local" | "session" }
  | { effect: "save" | "append"; text: string }
  | { effect: "erase" }
  | { effect: "set-aside"; keys: string[] }
  | { effect: "fold" | "whole" }
  | { effect: "push"; entry: object }
  | { effect: "redirect"; to: string }
  | { effect: "announce"; name: string; detail: object };

/** The core, by way of `core.ts`. */
export interface Engine {
  /** One door for everything: a signal is answered by effects, a question by what it asks for. */
  receive(signal: Signal, now: number): Effect[];
  /** Texts are what is wrong with the config. */
  receive(question: { ask: "slots" }, now: number): (string | { id: string; target?: string | null })[];
  receive(question: { ask: "peek"; slot: string }, now: number): Decision | null;
  receive(question: { ask: "feature"; feature: string; attributes: Plain }, now: number): Feature | null;
  receive(question: { ask: "explain"; slot: string }, now: number): Explanation | null;
  receive(question: { ask: "profile" }, now: number): Profile;
  receive(question: { ask: "export" }, now: number): Exported;
  /** Of what is stored, or else of what is in memory. */
  receive(question: { ask: "fold" } & Partial<Stored>, now: number): Folded;
  free(): void;
}

/** The engine with all that few pages need, loaded by `check.ts`. */
export type Merging = Engine & {
  /** A stored profile with all that other devices know; `null` where it cannot be opened. */
  receive(question: { ask: "whole"; profile: string }, now: number): string | null;
  /** A stored profile with one of another device beside it. */
  receive(question: { ask: "adopt"; profile: string; import: string }, now: number): Adopted;
};

/**
 * The profile with journals folded into it; of each journal the number and the time of its last
 * entry; and the keys of what was no journal.
 */
export interface Folded {
  profile: string;
  folded: [id: string, last: number, at?: number][];
  damaged: string[];
}

/** Either the profile, or why what was to be imported is not part of it. */
export interface Adopted {
  profile?: string;
  refused?: "damaged" | "newer" | "expired" | "too-many";
}

/** Makes an engine from the parsed config and 64 random bits. */
export type NewEngine = (config: unknown, low: number, high: number) => Engine;
