/**
 * `tailorbird/vue`: slots, features and events for components of Vue 3.
 *
 * ```ts
 * import { createTailorbird } from "tailorbird/vue";
 *
 * createApp(App).use(createTailorbird({ config: "/tailorbird.json" })).mount("#app");
 * ```
 *
 * The server and the first render in the browser show the default; where the engine cannot run, it stays.
 */

import {
  defineComponent,
  getCurrentInstance,
  h,
  inject,
  onMounted,
  shallowRef,
  toValue,
  watch,
  type App,
  type InjectionKey,
  type MaybeRefOrGetter,
  type ShallowRef,
  type VNode,
} from "vue";
import { warnOnce } from "../loader/warn.js";
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

/** The plugin for `app.use`, which is the client as well. */
export interface TailorbirdPlugin extends TailorbirdClient {
  install(app: App): void;
}

/** Properties of `<TailorbirdSlot>`. Attributes such as `class` go to its element. */
export interface TailorbirdSlotProps {
  /** The id of the slot. */
  readonly name: SlotId;
  /** The element. The default is `div`. It needs a box, or nothing can be seen of it. */
  readonly tag?: string;
}

/** The type of `TailorbirdSlot`. */
export interface TailorbirdSlotComponent {
  new (): {
    $props: TailorbirdSlotProps;
    $slots: { readonly [variant: string]: ((state: VariantState) => VNode[]) | undefined };
  };
}

const KEY: InjectionKey<AdapterClient> = Symbol("tailorbird");

/** Of components without the plugin: it never has an engine. */
const nowhere = createClient({});

/**
 * A plugin for `app.use`. Given options of `start()`, it starts the engine when the app is mounted and stops it when
 * it is unmounted. Given an engine or the promise of one, it leaves that running.
 *
 * ```ts
 * createSSRApp(App).use(createTailorbird({ config: "/tailorbird.json" })).mount("#app");
 * ```
 */
export const createTailorbird = (given: EngineSource = {}): TailorbirdPlugin => {
  const client = createClient(given);
  return Object.assign(client, {
    install: (app: App) => {
      app.provide(KEY, client);
      const { mount, unmount } = app;
      let end = (): void => {};
      app.mount = (...args) => {
        const root = mount(...args);
        end = client.mount();
        return root;
      };
      app.unmount = () => {
        unmount();
        end();
      };
    },
  });
};

const useClient = (): AdapterClient => {
  const client = inject(KEY, nowhere);
  onMounted(() => {
    if (client == nowhere) warnOnce("a component uses tailorbird/vue in an app without app.use(createTailorbird())");
  });
  return client;
};

/** The state of a source, which is recorded as shown once Vue has rendered it. */
const useSource = <State>(
  source: () => Source<State>,
  live: boolean | undefined,
  isShown: (state: State) => boolean,
): Readonly<ShallowRef<State>> => {
  // A component that is hydrated has its element already.
  const isHydrating = typeof document == "undefined" || !!getCurrentInstance()?.vnode.el;
  const current = shallowRef(isHydrating ? source().initial : source().read()) as ShallowRef<State>;
  onMounted(() => {
    const report = (state: State): void => {
      if (isShown(state)) source().shown(state);
    };
    report(current.value);
    watch(current, report, { flush: "post" });
    watch(
      source,
      (now, _, onCleanup) => {
        const update = (): void => {
          current.value = now.read();
        };
        onCleanup(now.subscribe(update, live));
        update();
      },
      { immediate: true },
    );
  });
  return current;
};

/**
 * The decision for a slot: the component renders what `variant` says, and the default while it is `null`.
 *
 * The exposure is recorded once that is on the page. The default may change once, and a variant
 * stays while a component shows it, unless `live`.
 *
 * ```ts
 * const hero = useVariant("hero"); // in the template: hero.variant, hero.ready
 * ```
 */
export const useVariant = <Slot extends SlotId>(
  slot: MaybeRefOrGetter<Slot>,
  { live = false, peek = false }: VariantOptions = {},
): Readonly<ShallowRef<VariantState<Slot>>> => {
  const client = useClient();
  return useSource(
    () => client.slot(toValue(slot)),
    live,
    () => !peek,
  );
};

/**
 * The value of a feature; it follows every change. The exposure is recorded once it is rendered.
 *
 * ```ts
 * const checkout = useFeature("checkout"); // in the template: checkout.value, checkout.ready
 * ```
 */
export const useFeature = <Key extends FeatureKey>(
  key: MaybeRefOrGetter<Key>,
  { peek = false }: FeatureStateOptions = {},
): Readonly<ShallowRef<FeatureState<Key>>> => {
  const client = useClient();
  return useSource(
    () => client.feature(toValue(key)),
    false,
    () => !peek,
  );
};

/**
 * A function that records events. What is recorded before the engine has started waits for it.
 *
 * ```ts
 * const track = useTrack();
 * track("add_to_cart", { items: [{ item_id: "b-7" }] });
 * ```
 */
export const useTrack = (): TailorbirdClient["track"] => useClient().track;

/**
 * The engine's client, for everything else.
 *
 * ```ts
 * useTailorbird().attributes({ plan: "pro" });
 * ```
 */
export const useTailorbird = (): TailorbirdClient => useClient();

const component = defineComponent({
  name: "TailorbirdSlot",
  props: { name: { type: String, required: true }, tag: { type: String, default: "div" } },
  setup: (props, { slots }) => {
    const client = useClient();
    const hasVariants = (): boolean =>
      Object.keys(slots).some((name) => name != "default" && typeof slots[name] == "function");
    const isMissing = ({ variant }: VariantState): boolean => hasVariants() && variant !== null && !slots[variant];
    const state = useSource(
      () => client.slot(props.name),
      false,
      // What the engine itself shows, it also records.
      (state) => hasVariants() && !isMissing(state),
    );
    return () => {
      const { variant, ready } = state.value;
      const missing = isMissing(state.value);
      if (missing) warnOnce(`<TailorbirdSlot name="${props.name}"> has no variant "${variant}", so the default stays`);
      const content = (!missing && variant !== null && slots[variant]) || slots["default"];
      // From now on the engine looks at the element. Until it is hydrated, it is the framework's.
      return h(props.tag, { "data-tb-slot": ready && !missing ? props.name : undefined }, content?.(state.value));
    };
  },
});

/**
 * A slot: shows its default content, or the template that is named after the variant that was decided.
 *
 * It changes when the slots of a page change, never twice while the visitor looks at it, and its impressions are
 * counted. The `content` of a variant with a template is `{}` in the config; where one has no template the default
 * stays, and a warning says so. Without any template the engine shows the config's own content in the default.
 *
 * ```html
 * <TailorbirdSlot name="hero">
 *   <h1>Gear for every trail</h1>
 *   <template #boots><h1>Boots that know the way</h1></template>
 * </TailorbirdSlot>
 * ```
 */
export const TailorbirdSlot = component as unknown as TailorbirdSlotComponent;
