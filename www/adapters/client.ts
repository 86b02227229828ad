/**
 * What the adapters of UI frameworks have in common: the engine of the page, and the values of it that components
 * render.
 *
 * Before the engine has started, a value is what the server rendered, so that the first render in the browser is the
 * same. Components ask for a value without recording anything, and report it once it is on the page: only then is it
 * an exposure.
 */

import { createInert } from "../loader/inert.js";
import type {
  Attributes,
  Decisions,
  EventName,
  FeatureKey,
  FeatureValue,
  SlotId,
  StartOptions,
  Tailorbird,
} from "../loader/types.js";
import { leaseEngine, shareEngine, type EngineLease } from "./engine_lease.js";

/** An engine, the promise of one, or the options to start one with. */
export type EngineSource = Tailorbird | PromiseLike<Tailorbird> | StartOptions;

/**
 * The decision for a slot, as a component renders it.
 *
 * `ready` is `false` while nothing is decided: on the server, in the first render in the browser, and until the engine
 * has started. Then `variant` is `null`, and the component renders the default. With `ready` a `variant` of `null`
 * means that the default was chosen, or that there is no engine.
 */
export type VariantState<Slot extends SlotId = SlotId> = Decisions[Slot] & { readonly ready: boolean };

/** The value of a feature, as a component renders it. */
export interface FeatureState<Key extends FeatureKey = FeatureKey> {
  readonly feature: Key;
  /** `null` until it is `ready`, and where the config has no such feature or there is no engine. */
  readonly value: FeatureValue<Key> | null;
  /** The key of the visitor's variation; `null` where no experiment set the value. */
  readonly variation: string | null;
  /** Why, in plain words: one line for each rule that was evaluated. */
  readonly reasons: readonly string[];
  /** `false` while the engine has not started: see `VariantState`. */
  readonly ready: boolean;
}

/** Options of `useVariant` and `variant`. */
export interface VariantOptions {
  /**
   * Follows every change of the decision. Without it the default may change once, and a variant stays for as long as
   * a component shows it, because nothing should change twice while the visitor looks at it.
   */
  readonly live?: boolean;
  /** Records no exposure. */
  readonly peek?: boolean;
}

/** Options of `useFeature` and `feature`. */
export interface FeatureStateOptions {
  /** Records no exposure. */
  readonly peek?: boolean;
}

/** The engine, for the code of components. */
export interface TailorbirdClient {
  /**
   * The engine once it has started. Where it cannot, an object with the same methods that do nothing. On the server
   * it never resolves.
   */
  readonly engine: Promise<Tailorbird>;
  /** Records an event, by its GA4 name and parameters. Before the engine has started, it waits. */
  track(name: EventName, params?: Attributes): void;
  /** States what the site knows about the visitor. Before the engine has started, it waits. */
  attributes(attributes: Attributes): void;
}

/** Something of the engine that components render. */
export interface Source<State> {
  /** What is rendered on the server, and first in the browser. */
  readonly initial: State;
  /** What is to be rendered now: the same object until it changes. */
  read(): State;
  /** Calls `onChange` when `read` may have changed, until the returned function is called. */
  subscribe(onChange: () => void, live?: boolean): () => void;
  /** This is on the page now: records the exposure. */
  shown(state: State): void;
}

/** The client as an adapter uses it. */
export interface AdapterClient extends TailorbirdClient {
  /** The app is on the page, hydrated. Starts the engine; the returned function ends it. */
  mount(): () => void;
  slot<Slot extends SlotId>(slot: Slot): Source<VariantState<Slot>>;
  feature<Key extends FeatureKey>(key: Key): Source<FeatureState<Key>>;
}

/** After these events something may be decided otherwise. */
const EVENTS = ["consent", "decision", "prompt", "segment", "storage-reset", "unavailable", "stop"] as const;

/** So much waits for an engine that has not started; it may never. */
const MOST_WAITING = 100;

/** How a source asks the engine. */
interface Question<State> {
  readonly initial: State;
  /** What there is to render. `held`: a component shows `before`, and wants it to stay. */
  ask(engine: Tailorbird, before: State, held: boolean): State;
  /** Whether nobody who sees one would miss the other. */
  same(one: State, other: State): boolean;
  /** Records the exposure if this is what is decided; whether it is. */
  expose(engine: Tailorbird, state: State): boolean;
}

interface OwnSource<State> extends Source<State> {
  /** Asks again. `free`: also where a component wants its variant to stay. */
  refresh(free: boolean): void;
}

const createSource = <State extends { readonly ready: boolean }>(
  { initial, ask, same, expose }: Question<State>,
  engineNow: () => Tailorbird | undefined,
): OwnSource<State> => {
  /** Whether each of those who listen follows every change. */
  const listeners = new Map<() => void, boolean>();
  let state = initial;
  let stale = true;
  let free = false;
  let exposed: State | undefined;

  const read = (): State => {
    const engine = engineNow();
    if (!engine) {
      exposed = undefined;
      return (state = initial);
    }
    if (stale) {
      const held = !free && listeners.size > 0 && ![...listeners.values()].includes(true);
      const next = ask(engine, state, held && state.ready);
      if (!same(next, state)) state = next;
      stale = free = false;
    }
    return state;
  };
  const refresh = (isFree: boolean): void => {
    stale = true;
    free ||= isFree;
    for (const onChange of [...listeners.keys()]) onChange();
  };

  return {
    initial,
    read,
    refresh,
    subscribe: (onChange, live = false) => {
      // Each call is a listener of its own, also where a framework passes the same function twice.
      const listener = (): void => onChange();
      listeners.set(listener, live);
      return () => {
        listeners.delete(listener);
        // Whoever comes next is shown what is decided then.
        if (!listeners.size) stale = true;
      };
    },
    shown: (shown) => {
      const engine = engineNow();
      if (!shown.ready || !engine?.available) return;
      if (expose(engine, shown)) exposed = shown;
      // Decided otherwise before anybody has seen it.
      else if (!exposed || !same(exposed, shown)) refresh(true);
    },
  };
};

const slotQuestion = (slot: SlotId): Question<VariantState> => {
  const own = (ready: boolean, reasons: readonly string[]): VariantState => ({
    slot,
    variant: null,
    level: "standard",
    score: 0,
    propensity: 1,
    reasons,
    ready,
  });
  return {
    initial: own(false, []),
    ask: (engine, before, held) => {
      const explanation = engine.available ? engine.explain(slot) : null;
      if (!explanation) return own(true, ["nothing is decided for this slot"]);
      const { variant, level, score, propensity, reasons, onPage, shown } = explanation;
      // What is on the page changes when the engine changes it, which it does not while the visitor looks at it.
      // In code it is the same: the default may change once, a variant stays.
      if (onPage ? before.ready && shown !== variant : held && before.variant !== null) return before;
      return { slot, variant, level, score, propensity, reasons, ready: true };
    },
    same: (one, other) => one.ready == other.ready && one.variant === other.variant,
    expose: (engine, { variant }) => {
      const explanation = engine.explain(slot);
      if (explanation && explanation.variant !== variant) return false;
      if (explanation) engine.decide(slot);
      return true;
    },
  };
};

const featureQuestion = (key: FeatureKey): Question<FeatureState> => {
  // A feature is how the site works, and not what the visitor looks at: it is never held.
  const ask = (engine: Tailorbird): FeatureState => {
    const feature = engine.feature(key, { peek: true });
    return {
      feature: key,
      value: feature ? feature.value : null,
      variation: feature ? feature.variation : null,
      reasons: feature ? feature.reasons : [],
      ready: true,
    };
  };
  const same = (one: FeatureState, other: FeatureState): boolean =>
    one.ready == other.ready &&
    one.variation === other.variation &&
    JSON.stringify(one.value) == JSON.stringify(other.value);
  return {
    initial: { feature: key, value: null, variation: null, reasons: [], ready: false },
    ask,
    same,
    expose: (engine, state) => {
      if (!same(ask(engine), state)) return false;
      engine.feature(key);
      return true;
    },
  };
};

const inPage = typeof document != "undefined";

const isOptions = (given: EngineSource): given is StartOptions => !("available" in given || "then" in given);

/** The promise of an engine that is still to be started. */
const createArrival = (): { readonly engine: Promise<Tailorbird>; resolve(engine: Tailorbird): void } => {
  let resolve: (engine: Tailorbird) => void;
  const engine = new Promise<Tailorbird>((done) => {
    resolve = done;
  });
  return { engine, resolve: (engine) => resolve(engine) };
};

/** A client for components. Nothing is started before `mount`. */
export const createClient = (given: EngineSource): AdapterClient => {
  const slots = new Map<SlotId, OwnSource<VariantState>>();
  const features = new Map<FeatureKey, OwnSource<FeatureState>>();
  let arrival = createArrival();
  let lease: EngineLease | undefined;
  let engine: Tailorbird | undefined;
  /** What waits for the engine. */
  let queue: ((engine: Tailorbird) => void)[] = [];
  let subscriptions: (() => void)[] = [];
  let mounts = 0;
  let checkDue = false;
  let released = false;

  const refresh = (free: boolean): void => {
    for (const source of [...slots.values(), ...features.values()]) source.refresh(free);
  };
  /** Looks for changes, once for everything that happens in this task. */
  const check = (): void => {
    if (checkDue) return;
    checkDue = true;
    // The engine dispatches while it is still deciding.
    setTimeout(() => {
      checkDue = false;
      const free = released;
      released = false;
      refresh(free);
    });
  };

  const begin = (): void => {
    const mine = (lease = isOptions(given) ? shareEngine(given) : leaseEngine(given, () => {}));
    const arrived = (running: Tailorbird): void => {
      if (lease != mine) return;
      engine = running;
      subscriptions = EVENTS.map((name) => running.on(name, check));
      // What the visitor allows counts also for what should stay.
      const release = (): void => {
        released = true;
      };
      subscriptions.push(running.on("consent", release));
      for (const work of queue.splice(0)) work(running);
      running.ready();
      arrival.resolve(running);
      refresh(true);
    };
    mine.engine.then(arrived, () => arrived(createInert()));
  };
  const end = (): void => {
    for (const off of subscriptions) off();
    subscriptions = [];
    lease?.end();
    lease = engine = undefined;
    arrival = createArrival();
    queue = [];
  };
  /** Runs `work` with the engine, now or when it has started, and looks for what it changes. */
  const withEngine = (work: (engine: Tailorbird) => void): void => {
    if (!inPage) return;
    if (engine) {
      work(engine);
      check();
    } else if (queue.length < MOST_WAITING) {
      queue.push(work);
    }
  };

  return {
    get engine() {
      return arrival.engine;
    },
    track: (name, params) => withEngine((engine) => engine.track(name, params)),
    attributes: (attributes) => withEngine((engine) => engine.attributes(attributes)),
    mount: () => {
      if (!inPage) return () => {};
      mounts++;
      if (!lease) begin();
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        mounts--;
        // Frameworks take an app away and mount it again at once: React in strict mode, all in development.
        setTimeout(() => {
          if (!mounts) end();
        });
      };
    },
    slot: (slot: SlotId) => {
      let source = slots.get(slot);
      if (!source) slots.set(slot, (source = createSource(slotQuestion(slot), () => engine)));
      return source;
    },
    feature: <Key extends FeatureKey>(key: Key) => {
      let source = features.get(key);
      if (!source) features.set(key, (source = createSource(featureQuestion(key), () => engine)));
      // By the type of the map it is any feature's.
      return source as unknown as Source<FeatureState<Key>>;
    },
  };
};
