/**
 * `tailorbird/svelte`: slots, features and events as stores and actions for Svelte 4 and 5.
 *
 * ```ts
 * import { createTailorbird, variant } from "tailorbird/svelte";
 *
 * export const tailorbird = createTailorbird({ config: "/tailorbird.json" });
 * export const hero = variant(tailorbird, "hero"); // in a component: $hero.variant
 * ```
 *
 * The server and the first render in the browser show the default; where the engine cannot run, it stays.
 */

import { tick } from "svelte";
import type { Action } from "svelte/action";
import type { Readable } from "svelte/store";
import type { FeatureKey, SlotId } from "../loader/types.js";
import {
  createClient,
  type AdapterClient,
  type EngineSource,
  type FeatureState,
  type FeatureStateOptions,
  type Source,
  type TailorbirdClient,
  type VariantOptions,
  type VariantState,
} from "./client.js";

export type {
  EngineSource,
  FeatureState,
  FeatureStateOptions,
  TailorbirdClient,
  VariantOptions,
  VariantState,
} from "./client.js";

/** The engine for stores. */
export interface TailorbirdStores extends TailorbirdClient {
  /** Stops the engine, unless it was given or others use it as well. */
  stop(): void;
}

/** The decision for a slot as a store. */
export interface VariantStore<Slot extends SlotId = SlotId> extends Readable<VariantState<Slot>> {
  /** The id of the slot. */
  readonly slot: Slot;
}

/** What is behind the stores. */
interface Internals {
  readonly client: AdapterClient;
  /** Starts the engine, once. */
  start(): void;
}

const internals = new WeakMap<TailorbirdStores, Internals>();

/** Of stores that were made of something else: they never have an engine. */
const nowhere: Internals = { client: createClient({}), start: () => {} };

/**
 * The engine for stores, made once for an app. Given options of `start()`, it starts the engine when a component
 * first uses one of its stores. Given an engine or the promise of one, it uses that. On the server it does nothing.
 *
 * ```ts
 * export const tailorbird = createTailorbird({ config: "/tailorbird.json" });
 * tailorbird.track("view_item", { items: [{ item_id: "b-7" }] });
 * ```
 */
export const createTailorbird = (given: EngineSource = {}): TailorbirdStores => {
  const client = createClient(given);
  let end: (() => void) | undefined;
  const stop = (): void => {
    end?.();
    end = undefined;
  };
  const stores = Object.assign(client, { stop });
  internals.set(stores, {
    client,
    start: () => {
      end ??= client.mount();
    },
  });
  return stores;
};

/** A store of a source, which is recorded as shown once Svelte has rendered it. */
const createStore = <State>(
  tailorbird: TailorbirdStores,
  sourceOf: (client: AdapterClient) => Source<State>,
  live: boolean,
  peek: boolean,
): Readable<State> => {
  const { client, start } = internals.get(tailorbird) ?? nowhere;
  const source = sourceOf(client);
  return {
    subscribe: (run) => {
      run(source.initial);
      if (typeof document == "undefined") return () => {};
      let last = source.initial;
      let ended = false;
      let off = (): void => {};
      const update = (): void => {
        const state = source.read();
        if (state === last) return;
        last = state;
        run(state);
        if (peek) return;
        void tick().then(() => {
          if (!ended && last === state) source.shown(state);
        });
      };
      // Whoever subscribes may be hydrating. That is over before the browser paints, and so is this.
      queueMicrotask(() => {
        if (ended) return;
        start();
        off = source.subscribe(update, live);
        update();
      });
      return () => {
        ended = true;
        off();
      };
    },
  };
};

/**
 * The decision for a slot: the component renders what `variant` says, and the default while it is `null`.
 *
 * The exposure is recorded once that is on the page. The default may change once, and a variant
 * stays while a component shows it, unless `live`.
 *
 * ```ts
 * export const hero = variant(tailorbird, "hero"); // in a component: $hero.variant, $hero.ready
 * ```
 */
export const variant = <Slot extends SlotId>(
  tailorbird: TailorbirdStores,
  slot: Slot,
  { live = false, peek = false }: VariantOptions = {},
): VariantStore<Slot> => ({ slot, ...createStore(tailorbird, (client) => client.slot(slot), live, peek) });

/**
 * The value of a feature; it follows every change. The exposure is recorded once it is rendered.
 *
 * ```ts
 * export const checkout = feature(tailorbird, "checkout"); // in a component: $checkout.value
 * ```
 */
export const feature = <Key extends FeatureKey>(
  tailorbird: TailorbirdStores,
  key: Key,
  { peek = false }: FeatureStateOptions = {},
): Readable<FeatureState<Key>> => createStore(tailorbird, (client) => client.feature(key), false, peek);

/**
 * Makes an element the slot's: its impressions are counted, and the variant changes when the slots of a page change,
 * never twice while the visitor looks at it. The element needs a box, or nothing can be seen of it.
 *
 * ```svelte
 * <section use:slot={hero}>
 *   {#if $hero.variant == "boots"}<Boots />{:else}<h1>Gear for every trail</h1>{/if}
 * </section>
 * ```
 */
export const slot: Action<Element, VariantStore> = (element, store) => {
  const follow = ({ slot, subscribe }: VariantStore): (() => void) =>
    subscribe(({ ready }) => {
      // Only after the variant is rendered does the engine look at the element.
      void tick().then(() => {
        if (ready) element.setAttribute("data-tb-slot", slot);
        else element.removeAttribute("data-tb-slot");
      });
    });
  let off = follow(store);
  return {
    update: (next) => {
      off();
      off = follow(next);
    },
    destroy: () => off(),
  };
};
