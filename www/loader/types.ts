/**
 * The public types: what `start()` takes, and the object it resolves to. They are written by hand,
 * because this is where their documentation is read. The build publishes this file as it stands.
 */

/**
 * The keys of a site's own config, and what stands behind them.
 *
 * Empty here, so every id is a `string` and every value `Json`. The file that `tailorbird types`
 * writes from a config adds to it, and from then on the compiler knows them. It holds:
 *
 * - `slots`: by the id of each slot the ids of its variants;
 * - `features`: by the key of each feature the type of its values;
 * - `prompts`, `segments`, `events`: the ids of each kind.
 */
export interface Keys {}

/** What the site's own config says of one kind of key; `Otherwise` while nobody has told. */
type Known<Kind extends string, Otherwise> = Keys extends { readonly [Each in Kind]: infer Said } ? Said : Otherwise;

type Slots = Known<"slots", { readonly [slot: string]: string }>;
type FeatureValues = Known<"features", { readonly [feature: string]: Json }>;

/** The id of a slot. */
export type SlotId = keyof Slots & string;

/** The id of a variant of this slot, or of any. */
export type VariantId<Slot extends SlotId = SlotId> = Slots[Slot];

/** The key of a feature. */
export type FeatureKey = keyof FeatureValues & string;

/** What this feature, or any, can be. */
export type FeatureValue<Key extends FeatureKey = FeatureKey> = FeatureValues[Key];

/** The id of a prompt. */
export type PromptId = Known<"prompts", string>;

/** The id of a segment. */
export type SegmentId = Known<"segments", string>;

/** The name of an event. Any will do; an editor offers those that the config speaks of. */
export type EventName = Known<"events", string> | (string & {});

/** How individual the answer for a slot is, from what the server sent to this visitor's own. */
export type Level = "standard" | "generic" | "customized" | "personalized";

/** What each slot shows, and why. */
export type Decisions = {
  readonly [Slot in SlotId]: {
    /** The slot this is about. */
    readonly slot: Slot;
    /** The variant shown; `null` is the page's own content. */
    readonly variant: VariantId<Slot> | null;
    /** How individual the choice is. */
    readonly level: Level;
    /** What the deciding method measured, on that method's own scale; 0 where nothing was decided. */
    readonly score: number;
    /** The probability with which this choice was made, in `(0, 1]`; 1 where no chance took part. */
    readonly propensity: number;
    /** Why, in plain words: one line for each step that had a say. */
    readonly reasons: readonly string[];
  };
};

/** What a slot shows, and why. Once the compiler knows the slots, `slot` tells whose variants these are. */
export type Decision = Decisions[SlotId];

/** The decision of each slot, and what stood behind it. */
export type Explanations = {
  readonly [Slot in SlotId]: Decisions[Slot] & {
    /** Whether the slot is on the page. */
    readonly on_page: boolean;
    /** What it shows there now: a change waits while the visitor is looking. */
    readonly shown: VariantId<Slot> | null;
    /** The segments the visitor is in, the winning one first. */
    readonly segments: readonly SegmentId[];
  };
};

/** A decision, and what stood behind it. */
export type Explanation = Explanations[SlotId];

/** What each feature is for the visitor, and why. */
export type Features = {
  readonly [Key in FeatureKey]: {
    /** The feature this is about. */
    readonly feature: Key;
    /** Its value. */
    readonly value: FeatureValue<Key>;
    /** What gave the value, in GrowthBook's words. */
    readonly source: "defaultValue" | "force" | "override" | "experiment" | "prerequisite" | "cyclicPrerequisite";
    /** The id of the rule that gave it, where the rule has one. */
    readonly rule: string | null;
    /** The experiment that gave it, by its key; `null` where none did. */
    readonly experiment: string | null;
    /** The variation the visitor is in, by its key; `null` where no experiment gave the value. */
    readonly variation: string | null;
    /** The probability with which this value was assigned, in `(0, 1]`; 1 where no chance took part. */
    readonly propensity: number;
    /** Whether the rule that gave it is for some visitors only. */
    readonly targeted: boolean;
    /** Why, in plain words: one line for each step that had a say. */
    readonly reasons: readonly string[];
  };
};

/** What a feature is for the visitor, and why. Once the compiler knows the features, `feature` tells whose value this is. */
export type Feature = Features[FeatureKey];

/** How a feature is asked for. */
export interface FeatureOptions {
  /** What is known for this question alone; it lies over what the engine knows of the visitor. */
  readonly attributes?: Attributes;
  /** Only looks: does not count as met. */
  readonly peek?: boolean;
}

/** What is known of the visitor. */
export interface Profile {
  /** The tree that conditions look at: `visitor`, `session`, `page`, `cart`, `interest`, `value`, `intent` and others, and the site's own. */
  readonly attributes: { readonly [name: string]: Json };
  /** The segments the visitor is in, the winning one first. */
  readonly segments: readonly SegmentId[];
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
  /** Which variation of which experiment was met: with what probability it was drawn, and when. */
  readonly exposures: Json;
  /** The variations that are remembered for a visitor's id, so that they stay when an experiment changes. */
  readonly arms: Json;
  /** The segments the visitor was last told to be in, and since when. */
  readonly entered: Json;
  /** What is counted over rolling windows, and of how many of each the moments are kept. */
  readonly counted: Json;
}

/** How a profile is exported to be moved. */
export interface ExportOptions {
  /** Opens the file again: at least 8 characters. Without it nobody can. */
  readonly passphrase: string;
}

/** What became of an import. */
export type Imported =
  | { readonly imported: true }
  | {
      readonly imported: false;
      /**
       * Why nothing was changed.
       *
       * - `"passphrase"`: does not open the file: it is another one, or the file was altered. The
       *   cipher cannot tell which.
       * - `"damaged"`: no file of ours, or no profile in it.
       * - `"expired"`: exported 30 days ago, or the profile is older than may be kept.
       * - `"foreign"`: exported on another origin, or in another namespace.
       * - `"newer"`: written by a later version.
       * - `"too-many"`: too many profiles have been merged already.
       * - `"consent"`: nothing may be kept, or everything was erased meanwhile.
       * - `"unsupported"`: the page is not secure, storage is refused or full, or there is no page.
       * - `"unavailable"`: the engine, or a file that moving needs, could not be had.
       */
      readonly reason:
        | "passphrase"
        | "damaged"
        | "expired"
        | "foreign"
        | "newer"
        | "too-many"
        | "consent"
        | "unsupported"
        | "unavailable";
    };

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
  | readonly ["track", name: EventName, params?: Attributes]
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
  impression: { [Slot in SlotId]: { readonly slot: Slot; readonly variant: VariantId<Slot> | null } }[SlotId];
  /** The visitor seems about to leave: how sure that is, and what each sign adds. */
  leave: { readonly score: number; readonly parts: { readonly [part: string]: number } };
  /** What became of a prompt. */
  prompt: { readonly prompt: PromptId; readonly outcome: "shown" | "accepted" | "declined" | "dismissed" | "failed" };
  /**
   * The visitor entered a segment, or left it. Told once for each time, over all pages: who is in it
   * when they return was told before. Without consent a page view is all there is to remember.
   */
  segment: { readonly segment: SegmentId; readonly entered: boolean };
  /** Consent was given, withdrawn or heard. */
  consent: {
    readonly personalize: boolean | "session" | null;
    readonly measure: boolean;
    readonly source: string;
  };
  /** Nothing is personalized on this page view; the page stays as the server sent it. */
  unavailable: { readonly reason: string };
  /** Something else keeps rewriting this slot, so it was left to the page. */
  conflict: { readonly slot: SlotId };
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
  track(name: EventName, params?: Attributes): void;
  /** Says more of what the site knows of the visitor; see `StartOptions.attributes`. */
  attributes(attributes: Attributes): void;
  /** Takes commands as the queue takes them before the engine has loaded. */
  push(...commands: Command[]): void;
  /** What a slot shows, and why; counts as met. `null`: there is no such slot. */
  decide<Slot extends SlotId>(slot: Slot): Decisions[Slot] | null;
  /** The same, without enrolling the visitor in anything. */
  peek<Slot extends SlotId>(slot: Slot): Decisions[Slot] | null;
  /** The decision with what stood behind it. `null`: there is no such slot. */
  explain<Slot extends SlotId>(slot: Slot): Explanations[Slot] | null;
  /** The value of a feature for this visitor; counts as met unless asked to peek. `null`: there is no such feature. */
  feature<Key extends FeatureKey>(key: Key, options?: FeatureOptions): Features[Key] | null;
  /** What is known of the visitor, to show and to correct. Empty where the engine is not available. */
  profile(): Partial<Profile>;
  /** Says what the visitor agreed to. */
  consent(consent: Consent): void;
  /** Everything that is kept, to hand over. Empty where the engine is not available. */
  export(): Partial<Exported>;
  /**
   * The same as an encrypted file, for `import` on another device of the visitor's: on the same
   * origin, in the same namespace, within 30 days. Resolves to the text of a JSON file, or to `null`
   * where the passphrase is too short, the page is not secure, or there is no page. Never rejects.
   *
   * It is meant to be carried as a file. Do not put it into a link: whatever measures the site reads
   * the addresses of its pages.
   */
  export(options: ExportOptions): Promise<string | null>;
  /** Merges an exported file into what is kept here, or changes nothing and says why. Never rejects. */
  import(file: string | Blob, passphrase: string): Promise<Imported>;
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
