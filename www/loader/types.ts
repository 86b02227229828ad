/**
 * The public types: what `start()` takes, and the object it resolves to. They are written by hand,
 * because this is where their documentation is read. The build publishes this file as it is.
 */

/**
 * The ids in a site's own config.
 *
 * Empty here, so every id is a `string` and every value `Json`. `tailorbird types` writes a file
 * from a config that adds to this interface; the compiler then knows the ids. It holds:
 *
 * - `slots`: for each slot, the ids of its variants;
 * - `features`: for each feature, the type of its values;
 * - `prompts`, `segments`, `areas`, `events`: the ids of each kind.
 */
export interface Keys {}

/** What the site's own config says of one kind of id; `Default` where `Keys` does not have it. */
type Known<Kind extends string, Default> = Keys extends { readonly [Each in Kind]: infer Declared }
  ? Declared
  : Default;

type Slots = Known<"slots", { readonly [slot: string]: string }>;
type FeatureValues = Known<"features", { readonly [feature: string]: Json }>;

/** The id of a slot. */
export type SlotId = keyof Slots & string;

/** The id of a variant of this slot, or of any slot. */
export type VariantId<Slot extends SlotId = SlotId> = Slots[Slot];

/** The key of a feature. */
export type FeatureKey = keyof FeatureValues & string;

/** The values of this feature, or of any feature. */
export type FeatureValue<Key extends FeatureKey = FeatureKey> = FeatureValues[Key];

/** The id of a prompt. */
export type PromptId = Known<"prompts", string>;

/** The id of a segment. */
export type SegmentId = Known<"segments", string>;

/** The id of an area. */
export type AreaId = Known<"areas", string>;

/** The name of an event. Any name is allowed; an editor completes those that the config mentions. */
export type EventName = Known<"events", string> | (string & {});

/**
 * How individual a decision is: the page's own content, the best for everybody, by segment, or by
 * this visitor's own behaviour.
 */
export type Level = "standard" | "generic" | "customized" | "personalized";

/** The decision for each slot, and why. */
export type Decisions = {
  readonly [Slot in SlotId]: {
    readonly slot: Slot;
    /** The chosen variant; `null` is the page's own content. */
    readonly variant: VariantId<Slot> | null;
    readonly level: Level;
    /** The score of the chosen variant, on the scale of the strategy that decided; 0 where none did. */
    readonly score: number;
    /** The probability with which this choice was made, in `(0, 1]`; 1 where it was not random. */
    readonly propensity: number;
    /** Why, in plain words: one line for each strategy that was evaluated. */
    readonly reasons: readonly string[];
  };
};

/** The decision for a slot, and why. With the config's ids in `Keys`, `slot` narrows `variant`. */
export type Decision = Decisions[SlotId];

/** The decision for each slot with its circumstances. */
export type Explanations = {
  readonly [Slot in SlotId]: Decisions[Slot] & {
    /** Whether the slot is on the page. */
    readonly onPage: boolean;
    /** The variant that the page shows. It may lag behind the decision: nothing changes while the visitor looks at it. */
    readonly shown: VariantId<Slot> | null;
    /** The visitor's segments, the winning one first. */
    readonly segments: readonly SegmentId[];
    /** What adds up to the score; of a bandit in a context, to the log odds of its goal. */
    readonly contributions: readonly { readonly from: string; readonly score: number }[];
    /** The other variants, each with its score by the strategy that decided, the best first. */
    readonly alternatives: readonly { readonly variant: VariantId<Slot>; readonly score: number }[];
  };
};

/** A decision with its circumstances. */
export type Explanation = Explanations[SlotId];

/** The value of each feature for the visitor, and why. */
export type Features = {
  readonly [Key in FeatureKey]: {
    readonly feature: Key;
    readonly value: FeatureValue<Key>;
    /** Where the value comes from, in GrowthBook's words. */
    readonly source: "defaultValue" | "force" | "override" | "experiment" | "prerequisite" | "cyclicPrerequisite";
    /** The id of the rule that set it, where the rule has one. */
    readonly rule: string | null;
    /** The key of the experiment that set it; `null` where none did. */
    readonly experiment: string | null;
    /** The key of the visitor's variation; `null` where no experiment set the value. */
    readonly variation: string | null;
    /** The probability with which this value was assigned, in `(0, 1]`; 1 where it was not random. */
    readonly propensity: number;
    /** Whether the rule that set it has a condition. */
    readonly targeted: boolean;
    /** Why, in plain words: one line for each rule that was evaluated. */
    readonly reasons: readonly string[];
  };
};

/** The value of a feature for the visitor, and why. With the config's ids in `Keys`, `feature` narrows `value`. */
export type Feature = Features[FeatureKey];

/** Options of `feature()`. */
export interface FeatureOptions {
  /** Attributes for this evaluation only. They override the visitor's attributes of the same name. */
  readonly attributes?: Attributes;
  /** Evaluates without recording an exposure. */
  readonly peek?: boolean;
}

/**
 * What items are recommended by: all that the visitor looked at, the item that the page is about, what is bought together
 * with the basket or that item, what the visitor looked at last, what is in the basket, or what most visitors like.
 */
export type RecommendationKind = "for-you" | "similar" | "bought-together" | "recently-viewed" | "basket" | "popular";

/** A condition, on the fields of an item: `{ "item_category": "boots", "price": { "$lte": 100 } }`. */
export type ItemCondition = { readonly [path: string]: Json };

/** Options of `recommend()`, the keys of the strategy `recommend`. All are optional. */
export interface RecommendOptions {
  /** The default is `"for-you"`. */
  readonly kind?: RecommendationKind;
  /** The most items, from 1 to 24. The default is 4. */
  readonly count?: number;
  /** For `"for-you"`: after how many items that the visitor looked at, from 0 to 20. The default is 1. */
  readonly min?: number;
  /** What must hold of an item. */
  readonly where?: ItemCondition;
  /** How different items are to be from each other, from 0 to 1. The default is 0.2. */
  readonly diversity?: number;
  /** What the shop wants to sell: scores are multiplied by `factor`, from 0 to 100, where `when` holds. */
  readonly boost?: readonly { readonly when: ItemCondition; readonly factor: number }[];
  /** The lowest and the highest price, as multiples of the price of what the visitor looks at. */
  readonly priceBand?: readonly [low: number, high: number];
}

/** An item for the visitor, and why. */
export interface Recommendation {
  /** What the config's `catalog` says of it, by GA4's names. */
  readonly item: { readonly [field: string]: string | number | boolean | null | readonly string[] };
  /** Its `item_id`. */
  readonly id: string;
  /** From 0; the better the higher, comparable within one list. */
  readonly score: number;
  /** The id of the item that the visitor met and that this one goes with; `null` where there is no single one. */
  readonly because: string | null;
  /** Why, in plain words. */
  readonly reason: string;
}

/** One interest of the visitor. */
export interface Interest {
  /** What `correct` and `forget` take: `"category:boots"`. */
  readonly interest: string;
  /** `"category"`. */
  readonly dimension: string;
  /** `"boots"`. */
  readonly key: string;
  /** The share of the visitor's interest in the dimension, from 0 to 1. */
  readonly share: number;
  /** Whether the visitor has stated it, by `correct`. */
  readonly stated: boolean;
}

/** Who states consent. */
export type ConsentSource =
  | "site"
  | "consent-mode"
  | "cookieconsent"
  | "onetrust"
  | "cookiebot"
  | "tcf"
  | "gpp"
  | "global-privacy-control"
  | "do-not-track"
  | "child-directed"
  | "other-tab";

/** What is known about the visitor. */
export interface Profile {
  /**
   * The document that conditions are evaluated on: `visitor`, `session`, `page`, `cart`, `interest`, `value`, `intent`
   * and others, and the site's own attributes.
   */
  readonly attributes: { readonly [name: string]: Json };
  /** The visitor's segments, the winning one first. */
  readonly segments: readonly SegmentId[];
  /** What the visitor is interested in: each interest they met or stated, the largest share first. */
  readonly interests: readonly Interest[];
  /** The consent for personalization; `"withdrawn"` is denied after it was given on this page. */
  readonly consent: "unknown" | "granted" | "denied" | "session" | "withdrawn";
  /** Whose answer decided that; the site where nobody has answered. */
  readonly consentSource: ConsentSource;
  /** Whether exposures of experiments may be reported to the site's own data layer. */
  readonly measure: boolean;
  /** Whether the visitor has paused; see `Tailorbird.pause`. */
  readonly paused: boolean;
  /** How many events were dropped because too many came at once. */
  readonly droppedEvents: number;
}

/** Everything that is stored about the visitor. */
export interface Exported extends Profile {
  readonly version: 1;
  /** When this was written: milliseconds since 1970. */
  readonly exported: number;
  /** When the profile was created: milliseconds since 1970. */
  readonly created: number | null;
  readonly stored: "on this device" | "in this tab" | "in memory";
  /**
   * For how many days it is kept: the count of an event since it last happened, and the whole profile since it was
   * created.
   */
  readonly retention: { readonly eventDays: number; readonly profileDays: number };
  /** The visitor's random seed, 64 bits in decimal digits; `null` before anything may be stored. */
  readonly seed: string | null;
  /** What became of each prompt, by variant, how often, and the goals reached after it. `variant` is `null` where it was withheld. */
  readonly prompts: Json;
  /** The last answer to each question. */
  readonly answers: Json;
  /** For each variant: exposures, impressions and conversions. */
  readonly counts: Json;
  /** For each experiment: the visitor's variation, its propensity and the time of the exposure. */
  readonly exposures: Json;
  /**
   * The reports on experiments: of each its `stage` (`awaited`, `handed-out` or `dropped`, where the visitor does not
   * allow measuring) and since when; of an awaited one the variation and the value of the goal, if it was `reached`; of
   * one that was handed out what it cost (`epsilon`).
   */
  readonly reports: Json;
  /** Variations that stay assigned to a visitor's id when an experiment changes. */
  readonly stickyBuckets: Json;
  /** The segments the visitor is in, and since when. */
  readonly segmentMemberships: Json;
  /** The paths of the last five pages of the session, where the site loads pages ahead. */
  readonly pages: Json;
  /** Where the site recommends items: those looked at last, each with the time, and the ids of those bought. */
  readonly items: Json;
  /** Events counted over rolling windows. */
  readonly eventCounts: Json;
  /**
   * What bandits have learned: of each variant, how often it was shown (`observations`, earlier ones counted less),
   * reached its goal (`rewards`), and what each feature adds to the log odds of that (`weights`); what awaits its goal;
   * and which variants the visitor keeps. The `slot` of a prompt is `prompt:` and its id.
   */
  readonly bandits: Json;
}

/** What your site may learn of one visitor's outcome in an experiment. Nothing in it tells visitors apart. */
export interface Report {
  /** What the other fields mean. */
  readonly schema: 1;
  /** The key of the experiment. */
  readonly experiment: string;
  /** The key of the variation that the visitor saw. */
  readonly variation: string;
  /** Among how many outcomes the true one is hidden, from 2 to 64. */
  readonly outcomes: number;
  /**
   * The outcome, with noise: its number from 0, which is that the goal was not reached; or, of many outcomes, a text
   * with a `0` or `1` for each.
   */
  readonly outcome: number | string;
  /** How much it may tell: each outcome is at most e^epsilon times as likely as if something else were true. */
  readonly epsilon: number;
  /** The day on which it was handed out, in universal time: `2026-03-09`. */
  readonly day: string;
}

/** What came of what was shown, by the counts of one device: see `Tailorbird.report`. */
export interface DeviceReport {
  /** Since when it is counted: milliseconds since 1970; `null` before anything was. */
  readonly since: number | null;
  /** The number of sessions, the current one included. */
  readonly sessions: number;
  /** By slot and variant, in the order in which they were first shown. */
  readonly slots: readonly {
    readonly slot: string;
    /** `null` is the page's own content. */
    readonly variant: string | null;
    /** Page views on which the visitor was given it. */
    readonly exposures: number;
    /** Page views on which at least half of it was on screen for a second. */
    readonly impressions: number;
    /** How often the slot's goal was reached after it, in time. */
    readonly conversions: number;
    /** Conversions by exposure: above 1 where the goal was reached several times after one, `null` without an exposure. */
    readonly rate: number | null;
  }[];
  /** By prompt and variant, how often each of these happened. */
  readonly prompts: readonly {
    readonly prompt: string;
    /** `null` where it was withheld for comparison. */
    readonly variant: string | null;
    readonly shown: number;
    /** It was on screen for a second. */
    readonly seen: number;
    readonly accepted: number;
    readonly declined: number;
    readonly dismissed: number;
    readonly submitted: number;
    readonly withheld: number;
    /** How often the prompt's goal was reached after it, in time. */
    readonly conversions: number;
  }[];
  /** By experiment, the variation that the visitor was exposed to. */
  readonly experiments: readonly {
    readonly experiment: string;
    readonly variation: string;
    /** The probability with which it was drawn, over all visitors the experiment is for. */
    readonly propensity: number;
    /** When the exposure was recorded: milliseconds since 1970. */
    readonly at: number;
  }[];
}

/** Options of an encrypted export. */
export interface ExportOptions {
  /** Decrypts the file again: at least 8 characters. Without it nobody can. */
  readonly passphrase: string;
}

/** The result of an import. */
export type Imported =
  | { readonly imported: true }
  | {
      readonly imported: false;
      /**
       * Why nothing was changed.
       *
       * - `"passphrase"`: it does not decrypt the file. It is the wrong one, or the file was altered;
       *   the cipher cannot tell which.
       * - `"damaged"`: not a file of Tailorbird, or without a profile.
       * - `"expired"`: exported more than 30 days ago, or the profile is older than the retention allows.
       * - `"foreign"`: exported on another origin, or in another namespace.
       * - `"newer"`: written by a later version.
       * - `"too-many"`: too many profiles have been merged already.
       * - `"consent"`: nothing may be stored, or everything was erased meanwhile.
       * - `"unsupported"`: the page is not secure, storage is blocked or full, or there is no page.
       * - `"unavailable"`: the engine is not running, or a chunk failed to load.
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
 * What the visitor agreed to. Tailorbird never stores it: each page states it anew. Neither purpose
 * implies the other; one that is left out stays as it was.
 */
export interface Consent {
  /**
   * `true`: a history may be stored on this device. `"session"`: until the tab is closed. `false`:
   * nothing is stored, and what was stored is removed. `null`: not known yet, so memory only.
   */
  readonly personalize?: boolean | "session" | null;
  /** Whether exposures of experiments may be reported to the site's own data layer. */
  readonly measure?: boolean;
}

/**
 * What the engine did on this page view, from the start of its script. What it did before a withdrawal of consent is
 * part of it; what the boot snippet did is not.
 */
export interface Audit {
  /** The consent in effect, with whose answer decided. */
  readonly consent: TailorbirdEvents["consent"];
  /**
   * Every function that the engine's wasm imports, by the name of what it does. `network` tells whether that is a
   * function of the network: none is.
   */
  readonly imports: readonly { readonly name: string; readonly network: boolean }[];
  /**
   * Every key of storage that was touched, and how often. The key `*` with `listed` stands for the names of all keys of
   * the area, of which those that are not ours are not read.
   */
  readonly storage: readonly {
    readonly area: string;
    readonly key: string;
    readonly listed: number;
    readonly read: number;
    readonly written: number;
    readonly removed: number;
  }[];
  /** Every listener that was added, with how often: the kind of its target, such as `Window`, and the type of event. */
  readonly listeners: readonly { readonly target: string; readonly type: string; readonly count: number }[];
  /**
   * Every file that was requested. `bytes` came over the network, 0 from the cache; `null` where the browser does not
   * tell.
   */
  readonly requests: readonly { readonly address: string; readonly count: number; readonly bytes: number | null }[];
}

/** Anything JSON can hold: the type of attributes and of event parameters. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/** Named values. */
export type Attributes = { readonly [name: string]: Json | undefined };

/** What `explain` explains: a slot, or `"prompts"`. */
// eslint-disable-next-line @typescript-eslint/no-redundant-type-constituents -- not where ids are declared
export type Explicable = SlotId | "prompts";

/** What `explain` answers. */
export type Explained<What extends Explicable> = What extends "prompts"
  ? readonly PromptExplanation[]
  : What extends SlotId
    ? Explanations[What] | null
    : never;

/** Why a prompt is not shown. */
export interface PromptExplanation {
  readonly prompt: PromptId;
  /** What it would say; `null` where none of its variants is for the visitor, or it is withheld for comparison. */
  readonly variant: string | null;
  /** Whether one of its triggers has happened. */
  readonly due: boolean;
  /** Why it is not shown now, times by the visitor's clock; empty where it is open. */
  readonly reasons: readonly string[];
}

/** What `push` takes: the name of a method, then its arguments. */
export type Command =
  | readonly ["track", name: EventName, params?: Attributes]
  | readonly ["attributes", attributes: Attributes]
  | readonly ["consent", consent: Consent]
  | readonly ["forget", interest: string]
  | readonly ["correct", interest: string, share: number]
  | readonly ["pause", paused: boolean]
  | readonly ["erase"]
  | readonly ["prompt", id: PromptId]
  | readonly ["ready"]
  | {
      [Name in keyof TailorbirdEvents]: readonly ["on", name: Name, listener: (detail: TailorbirdEvents[Name]) => void];
    }[keyof TailorbirdEvents];

/** A sign that the visitor is about to leave, or a circumstance of it. */
export type ExitPart =
  | "cursor"
  | "trajectory"
  | "tab"
  | "scroll"
  | "idle"
  | "copy"
  | "leaving"
  | "basket"
  | "product"
  | "returning"
  | "arrived";

/**
 * The events, with the detail of each. The same are dispatched on `document` as `tailorbird:ready`,
 * `tailorbird:decision` and so on.
 */
export interface TailorbirdEvents {
  /** The first decisions are applied. */
  ready: { readonly available: true };
  /**
   * The decision for a slot was made, or changed. `applied` is `false` where the variant could not be
   * shown in full: then nothing of it is shown or counted, and `problem` says why.
   */
  decision: Decision & ({ readonly applied: true } | { readonly applied: false; readonly problem: string });
  /** At least half of a slot was on screen for a second. */
  impression: { [Slot in SlotId]: { readonly slot: Slot; readonly variant: VariantId<Slot> | null } }[SlotId];
  /**
   * Exit intent: a sign that the visitor is about to leave. The score from 0 to 1, what each sign and circumstance adds
   * to it, and the edge of the page through which the pointer left, if it did. Through another edge than the top it is
   * no sign.
   */
  "exit-intent": {
    readonly score: number;
    readonly parts: { readonly [part in ExitPart]?: number };
    readonly edge?: "top" | "right" | "bottom" | "left";
  };
  /**
   * A prompt was shown, was on the screen for a second, was answered, was removed by the page, failed to open, or was
   * withheld for comparison: then `variant` is `null`. The variant of a prompt with one content has the id of the prompt.
   * `answer` is the id of the choice, or the number. `preview` is true where somebody previews it, or something else on
   * the page: then nothing of it is recorded, and your own counts should leave it out.
   */
  prompt: {
    readonly prompt: PromptId;
    readonly variant: string | null;
    readonly outcome:
      "shown" | "seen" | "accepted" | "declined" | "dismissed" | "submitted" | "removed" | "failed" | "withheld";
    readonly answer?: string;
    readonly preview?: true;
  };
  /** The visitor wrote the address for mail that a prompt asks for. It is the site's to keep: the engine does not have it. */
  submit: { readonly prompt: PromptId; readonly email: string };
  /**
   * The visitor entered or left a segment. Dispatched once for each change, also across pages; without
   * consent to store anything, once for each page view.
   */
  segment: { readonly segment: SegmentId; readonly entered: boolean };
  /** The consent changed, or was stated. */
  consent: {
    readonly personalize: boolean | "session" | null;
    readonly measure: boolean;
    /**
     * Whose answer decided, which is the most restrictive: the site, by its tag or `consent()`; Consent Mode; a consent
     * tool of the page; the browser; the config; or the visitor in another tab.
     */
    readonly source: ConsentSource;
  };
  /** Nothing is personalized on this page view; the page stays as the server sent it. */
  unavailable: { readonly reason: string };
  /** The site has stopped the engine; the page is as the server sent it. */
  stop: { readonly [key: string]: never };
  /** The page keeps restoring this slot's own content, so the slot is left to it. */
  conflict: { readonly slot: SlotId };
  /** A second start joined the first. */
  duplicate: { readonly [key: string]: never };
  /** Stored data was unusable and is gone, or nothing can be stored. */
  "storage-reset": { readonly reason: string; readonly keys?: readonly string[] };
}

/** Options of `start()`. All are optional. */
export interface StartOptions {
  /** The config, or the address of its JSON file. Without one nothing changes on the page. */
  readonly config?: object | string;
  /**
   * The visitor's consent. `"auto"`, the default, listens to Consent Mode in the data layer; until that
   * states something nothing is stored or read.
   */
  readonly consent?: "auto" | "granted" | "denied" | "session";
  /** What the site knows about the visitor. Conditions refer to it by these names. */
  readonly attributes?: Attributes;
  /** The name of the data layer. The default is `"dataLayer"`. */
  readonly dataLayer?: string;
  /** Leaves every slot alone until `ready()`, because a framework has yet to hydrate the page. */
  readonly wait?: "hydration";
  /** Keeps several sites on one origin apart in storage. */
  readonly namespace?: string;
  /** Logs signals and effects to the console, and what is missing on the page. */
  readonly debug?: boolean;
  /** Opens the inspector, for developers. It is never loaded otherwise. */
  readonly inspect?: boolean;
}

/** Options of `start()` of `tailorbird/slim`: the same, and the wasm. */
export interface SlimOptions extends StartOptions {
  /** The address of `tailorbird_bg.wasm`, or its bytes. */
  readonly wasm: string | URL | ArrayBuffer | ArrayBufferView<ArrayBuffer>;
}

/** The running engine, or an object with the same methods that do nothing. */
export interface Tailorbird {
  /** Whether the engine is running. */
  readonly available: boolean;
  /** Records an event, by its GA4 name and parameters. */
  track(name: EventName, params?: Attributes): void;
  /** Adds to what the site knows about the visitor; see `StartOptions.attributes`. */
  attributes(attributes: Attributes): void;
  /** Runs commands in the form of the queue that is used before the engine has loaded. */
  push(...commands: Command[]): void;
  /** The decision for a slot; records an exposure. `null` where the config has no such slot. */
  decide<Slot extends SlotId>(slot: Slot): Decisions[Slot] | null;
  /** The same without recording anything. */
  peek<Slot extends SlotId>(slot: Slot): Decisions[Slot] | null;
  /**
   * The decision for a slot with its circumstances, without recording anything. `null` where the config has no such
   * slot. For `"prompts"`, unless a slot has that name: of each prompt whether it is due, and why it is not shown now.
   */
  explain<What extends Explicable>(what: What): Explained<What>;
  /** The same for each slot of the config, in its order. */
  explain(): readonly Explanation[];
  /** The value of a feature; records an exposure unless `peek` is set. `null` where the config has no such feature. */
  feature<Key extends FeatureKey>(key: Key, options?: FeatureOptions): Features[Key] | null;
  /**
   * Items of the config's `catalog` for the visitor, the best first. Records nothing. Resolves when the site model has
   * been asked, where the config has one; to an empty list where nothing fits, or where the engine is not available.
   * Never rejects.
   */
  recommend(options?: RecommendOptions): Promise<readonly Recommendation[]>;
  /** Makes a prompt due: it is shown as soon as nothing speaks against it. */
  prompt(id: PromptId): void;
  /** What is known about the visitor, to show and to correct. Empty where the engine is not available. */
  profile(): Partial<Profile>;
  /**
   * What came of what was shown on this device: counts of exposures, conversions and answers. For a developer, or for the
   * visitor to look at. Not to be sent: for that there is `reports`, in which noise hides the visitor's outcome.
   */
  report(): DeviceReport;
  /**
   * The reports on experiments that are due, for your own code to send; the engine sends nothing. Each is handed out
   * once: send what you get, or it is lost. None without consent to measure. Empty where the engine is not available.
   */
  reports(): readonly Report[];
  /**
   * States what the visitor agreed to on the site's own control. Resolves when it is done: of consent that is withdrawn,
   * when all keys of ours are removed, the memory of the engine is overwritten, and another engine has taken its place.
   */
  consent(consent: Consent): Promise<void>;
  /** Everything that is stored about the visitor, to hand over. Empty where the engine is not available. */
  export(): Partial<Exported>;
  /**
   * The same as an encrypted file, for `import` on another device of the visitor: on the same origin,
   * in the same namespace, within 30 days. Where nothing is stored the file holds what is known on this page.
   * Resolves to the text of a JSON file, or to `null` where the passphrase is too short, the page is not secure,
   * or there is no page. Never rejects.
   *
   * It is meant to be carried as a file. Do not put it into a link: whatever measures the site reads
   * the addresses of its pages.
   */
  export(options: ExportOptions): Promise<string | null>;
  /** Merges an exported file into the stored profile, or changes nothing and says why. Never rejects. */
  import(file: string | Blob, passphrase: string): Promise<Imported>;
  /**
   * Looks up where the visitor is. The browser may ask them, so it must be called when they press something. Resolves to
   * the ids of the areas they are in, or to `undefined` where that is not known: without consent to personalize, where
   * the visitor or the browser refuses, or where there is no page. Never rejects.
   */
  locate(): Promise<readonly AreaId[] | undefined>;
  /**
   * What the engine did on this page view, also printed in the console as tables. Resolves to `null` where the engine
   * is not running, or the chunk cannot be loaded. Never rejects.
   */
  audit(): Promise<Audit | null>;
  /**
   * Opens the inspector, for developers: what each slot shows and why, what is known of the visitor, and what is wrong.
   * Nothing that is done in it is recorded. Resolves to whether it is open: `false` where the engine is not running, or the
   * chunk cannot be loaded. Never rejects.
   */
  inspect(): Promise<boolean>;
  /** Forgets one interest, such as `"category:boots"`. */
  forget(interest: string): void;
  /**
   * States an interest, such as `"category:boots"`: its share of the visitor's interest in the dimension becomes `share`,
   * from 0 to 1, where more than 0.99 counts as 0.99. The others make room, and what the visitor does later counts from
   * there. It is kept as what they do is kept; of several devices the later statement counts. Ignored, with a warning,
   * where the config does not track the dimension or calls the key sensitive.
   */
  correct(interest: string, share: number): void;
  /**
   * `true`: nothing is learned and nothing is decided from the profile, on this page and later ones, until `pause(false)`
   * or `erase()`. No prompt is shown meanwhile, and the visitor is in no experiment that goes by the stored seed. What is
   * known is kept, and can be read, corrected, exported and forgotten. Other open tabs follow once they read what is
   * stored.
   */
  pause(paused: boolean): void;
  /** Forgets everything, in memory and in storage. */
  erase(): void;
  /** The framework has hydrated the page; see `StartOptions.wait`. */
  ready(): void;
  /** Calls `listener` for each event of that name, until the returned function is called. */
  on<Name extends keyof TailorbirdEvents>(name: Name, listener: (detail: TailorbirdEvents[Name]) => void): () => void;
  /** Restores the page as the server sent it and stops for good. */
  stop(): void;
}

/**
 * Starts personalization. Resolves when the first decisions are applied. Nothing is read or
 * stored before consent. Never throws and never rejects: a failure is announced once as
 * `tailorbird:unavailable`, the page stays as the server sent it, and the returned object does
 * nothing.
 */
export type Start = (options?: StartOptions) => Promise<Tailorbird>;

/** `start` of `tailorbird/slim`: the same, with the wasm from where the site keeps it. */
export type StartSlim = (options: SlimOptions) => Promise<Tailorbird>;

declare global {
  interface Window {
    /** A queue of commands until the script tag has loaded, the engine afterwards. */
    tailorbird?: Pick<Tailorbird, "push"> | Command[];
  }
}
