/**
 * What the inspector reads and may do: the snapshot that the engine gives of itself, and a sandbox, a copy of the engine
 * in memory that gives the same. Neither records anything. `src/engine/inspection.rs` and `src/engine/sandbox.rs` are the
 * other side.
 */

import type { Audit, Explanation, Profile, Tailorbird, TailorbirdEvents } from "../loader/types.js";
import type { DeclaredSlot, Preview } from "../page/boundary.js";

/** Everything the engine can say of itself at one time. */
export interface Inspection {
  /** When: milliseconds since 1970, by the engine's clock, which a sandbox may have moved. */
  readonly at: number;
  readonly consent: TailorbirdEvents["consent"];
  /** Every slot of the config, in its order. */
  readonly slots: readonly InspectedSlot[];
  /** Every prompt of the config, in its order. */
  readonly prompts: readonly InspectedPrompt[];
  /** Every segment of the config, in its order. */
  readonly segments: readonly InspectedSegment[];
  /** Every experiment of slots, prompts and features that the config has. */
  readonly experiments: readonly InspectedExperiment[];
  /** The same as `tailorbird.profile()`. */
  readonly profile: Partial<Profile>;
  /** The whole document of attributes that conditions see. */
  readonly attributes: { readonly [name: string]: unknown };
  /** By dimension, the visitor's interests, the strongest first. */
  readonly interests: { readonly [dimension: string]: readonly InspectedInterest[] };
  /**
   * What happened in this session, as far as it is still kept event by event, the oldest first: the last 100 of what this
   * page view recorded, and of what earlier pages and other tabs recorded if that was not yet part of the profile when this
   * page read it.
   */
  readonly timeline: readonly InspectedEvent[];
  /** What is previewed: decisions that the developer forced. */
  readonly previews: readonly Preview[];
}

export interface InspectedSlot {
  /** What `explain` says: the decision, with reasons in sentences and the other variants. */
  readonly explanation: Explanation;
  /** The ids of its variants, in the config's order. */
  readonly variants: readonly string[];
  /** Of the conditions (`when`) of the slot (`variant` is `null`) and of its variants those that fail, and why. */
  readonly failed: readonly { readonly variant: string | null; readonly leaf: FailedLeaf }[];
  /** The reasons of the decision, the same as in `explanation`, each by its name. */
  readonly reasons: readonly InspectedReason[];
  /** What each strategy of `choose` would decide by itself, in their order. */
  readonly strategies: readonly InspectedStrategy[];
  /** Whether the page has the slot. */
  readonly present: boolean;
  /** What the page shows: a variant, or `null` for its own content. */
  readonly shown: string | null;
}

export interface InspectedStrategy {
  /** Its name in the config, such as `popular`. */
  readonly by: string;
  /** The variant it chooses; `null` for none. */
  readonly variant: string | null;
  readonly score: number;
  readonly reasons: readonly InspectedReason[];
}

/** One step on the way to a decision. */
export interface InspectedReason {
  /**
   * What kind of reason it is. Where a strategy decided it is the strategy's name.
   *
   * | code | the reason |
   * | --- | --- |
   * | `not-before` | it begins later |
   * | `ended` | its time is over |
   * | `address` | it is not for the address of this page |
   * | `condition` | its `when` does not hold of this visitor |
   * | `values` | a placeholder in its texts has no value |
   * | `tier` | it is for visitors of a higher tier |
   * | `offered-elsewhere` | another slot shows its offer |
   * | `holdout` | the visitor is in a holdout |
   * | `no-stable-id` | the visitor has no id from which to draw |
   * | `experiment` | what an experiment or a feature came to |
   * | `experiment-condition` | the condition of an experiment does not hold of this visitor |
   * | `no-experiment` | a variant of the experiment cannot be chosen |
   * | `bandit` | the bandit decided |
   * | `no-bandit` | the bandit knows too little, or nothing of what can be chosen |
   * | `interest` | the visitor's interests decided |
   * | `too-few-events` | too few events tell what interests the visitor |
   * | `no-interest` | no variant fits the visitor's interests well enough |
   * | `segment` | a segment decided |
   * | `no-segment` | no variant is for a segment of the visitor |
   * | `recommend` | items are recommended |
   * | `no-items` | there is nothing to recommend |
   * | `awaited` | the site model is being asked |
   * | `popular` | the largest weight decided |
   * | `no-popular` | no variant has a weight |
   * | `booted` | the boot snippet has shown it |
   * | `preview` | somebody previews it |
   * | `crawler` | a crawler gets the page as it was sent |
   * | `own-content` | nothing applies |
   */
  readonly code: string;
  /** The variant it is about; `null` where it is about the slot. */
  readonly variant: string | null;
  /** A lower-case fragment without a full stop. */
  readonly text: string;
}

export interface InspectedPrompt {
  readonly prompt: string;
  /** What it would say; `null` where none of its variants is for the visitor, or it is withheld for comparison. */
  readonly variant: string | null;
  readonly variants: readonly string[];
  /** Whether one of its triggers has happened. */
  readonly due: boolean;
  /** Whether it is on the screen, or about to be. */
  readonly open: boolean;
  /** Every gate, in the order in which they are asked. */
  readonly gates: readonly Gate[];
}

/** One thing that has to hold before a prompt is shown. */
export interface Gate {
  /**
   * Its name. Of all prompts: `ready`, `consent`, `pause`, `prerendering`, `crawler`, `site-holdout`, `page-age`,
   * `from-search`, `quiet-page`, `quiet-hours`, `open-prompt`, `per-view`, `retry`, and the caps with `all-` before them. Of
   * one: `trigger`, `delay`, the caps `per-session`, `per-day`, `per-week`, `after-dismiss` and `after-accept`, `dates`,
   * `address`, `condition`, `values`, `tier`, `budget` where it has one, `variant`, `items` where it shows any, `holdout`, and `visible`, or for a
   * notification `in-background` and `notifications`.
   */
  readonly gate: string;
  readonly open: boolean;
  /** Why it is closed, or what it allows: a lower-case fragment without a full stop. */
  readonly text: string;
  /** Of a cap: how often the prompt may still be shown within it. */
  readonly left?: number;
  /** Of `condition` where it is closed: the leaf that failed. */
  readonly failed?: FailedLeaf;
}

export interface InspectedSegment {
  readonly segment: string;
  readonly in: boolean;
  /** Since when the visitor is in it; `null` where they are not, or it is not known. */
  readonly since: number | null;
  /** The leaf of the condition that failed; `null` where the visitor is in it, or was forced out of it. */
  readonly failed: FailedLeaf | null;
}

/** A comparison of one attribute that did not hold. */
export interface FailedLeaf {
  /**
   * The attribute's path, such as `session.views`; of an item of a list with its place, `items.0.brand`. Empty where no
   * attribute is compared: an empty condition that is negated, or a saved group that nobody is in.
   */
  readonly attribute: string;
  /** The operator, such as `$gte`; `$eq` where the config names only a value. */
  readonly operator: string;
  readonly expected: unknown;
  /** What the visitor has; `null` where the attribute is missing. */
  readonly actual: unknown;
  /** Whether it stands below `$not` or `$nor`, so that it held and was not to. */
  readonly negated: boolean;
}

export interface InspectedExperiment {
  /** The experiment's key. */
  readonly experiment: string;
  /** Where it stands: a slot, `prompt:` and a prompt, or `feature:` and a feature. */
  readonly where: string;
  /** The variation the visitor has; `null` where they are not in it. */
  readonly variation: string | null;
  /** The visitor's place between 0 and 1 from which the variation is drawn; `null` where there is no stable id. */
  readonly bucket: number | null;
  /** By variation, the share of visitors that gets it: from 0 to 1. */
  readonly shares: { readonly [variation: string]: number };
  /** Why the visitor is in it, or not: a lower-case fragment without a full stop. */
  readonly reason: string;
  /** When the exposure was recorded: milliseconds since 1970; `null` where none was. */
  readonly exposed: number | null;
}

export interface InspectedInterest {
  readonly key: string;
  /** From 0 to 1, of the visitor's interest in the dimension. */
  readonly share: number;
  /** How the share of late stands to that of the long run: above 0 it grows. From -1 to 1. */
  readonly trend: number;
}

export interface InspectedEvent {
  readonly at: number;
  /**
   * The event's name, or what happened otherwise: `page_view`, `exposure`, `impression`, `dwell`, `segment`, `prompt`,
   * `answer`, `forget`, `correct`, `pause`, and `dropped` for events of which only the number is known.
   */
  readonly name: string;
  /** Of an event what GA4 has, so that `Sandbox.track` plays it again. */
  readonly params: { readonly [name: string]: unknown };
}

/** A copy of the engine, in memory: what happens in it reaches neither the page nor what is stored. */
export interface Sandbox {
  inspect(): Inspection;
  /** Moves the clock forward, by milliseconds. Whatever is due by then happens. */
  advance(ms: number): void;
  track(name: string, params: unknown): void;
  attributes(attributes: unknown): void;
  /** Another page view, with what differs from the page that the copy was made of. */
  pageView(page: SandboxPage): void;
  /** The visitor states an interest, such as `category:boots`: a share from 0 to 1. */
  correct(interest: string, share: number): void;
  /** The visitor is in a segment, or out of it, whatever its condition says; `null` asks the condition again. */
  force(segment: string, isIn: boolean | null): void;
  free(): void;
}

/** Of a page view in the sandbox. What is left out is as on the page. */
export interface SandboxPage {
  readonly address?: string;
  readonly referrer?: string;
  /** The kind of device. */
  readonly device?: "phone" | "tablet" | "desktop";
}

/** What the loader gives the inspector. Every function is behind the guard. */
export interface Access {
  readonly tailorbird: Tailorbird;
  /** `undefined` where the engine does not run. */
  inspect(): Inspection | undefined;
  /**
   * A copy of what is known now. Of somebody new where `profile` is `"empty"`. `undefined` where the engine does not run.
   */
  sandbox(profile: "copy" | "empty"): GuardedSandbox | undefined;
  /** What the page shows in place of what was decided, from now on. Nothing is recorded while there is one. */
  preview(previews: readonly Preview[]): void;
  /** Shows a prompt now, whatever its gates say; nothing of it is recorded. */
  showPrompt(prompt: string, variant?: string): void;
  /** What is wrong with the config, and what is probably a mistake. */
  problems(): readonly string[];
  /** The slots of the config, each with the selector by which it is found besides its name. */
  slots(): readonly DeclaredSlot[];
  /** The same as `tailorbird.audit()`, without its tables in the console. */
  audit(): Promise<Audit | null>;
  /** What happens in this element is nothing that the visitor does: the engine does not hear of it. */
  ignore(element: Element | undefined): void;
  /**
   * Keeps in the page's address that the inspector is open, for the next page, or takes that out; does nothing where the
   * config does not let the address ask for it.
   */
  keep(isOpen: boolean): void;
  /** The config as the site wrote it. */
  readonly config: unknown;
  /** The name of the data layer that the engine listens to. */
  readonly dataLayer: string;
}

/**
 * A sandbox behind the guard. It ends with the engine that it was copied of, as when the visitor withdraws consent: then
 * it does nothing any more.
 */
export type GuardedSandbox = Omit<Sandbox, "inspect"> & {
  /** `undefined` where it has ended. */
  inspect(): Inspection | undefined;
};
