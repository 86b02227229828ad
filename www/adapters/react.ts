"use client";

/**
 * `tailorbird/react`: slots, features and events for components of React 18 and 19.
 *
 * ```tsx
 * import { Slot, TailorbirdProvider, useTrack } from "tailorbird/react";
 *
 * const App = () => (
 *   <TailorbirdProvider options={{ config: "/tailorbird.json" }}>
 *     <Slot name="hero" variants={{ boots: <h1>Boots that know the way</h1> }}>
 *       <h1>Gear for every trail</h1>
 *     </Slot>
 *   </TailorbirdProvider>
 * );
 * ```
 *
 * The server and the first render in the browser show the default; where the engine cannot run, it stays.
 */

import {
  createContext,
  createElement,
  startTransition,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
  type HTMLAttributes,
  type ReactElement,
  type ReactNode,
} from "react";
import { warnOnce } from "../loader/warn.js";
import type { FeatureKey, SlotId, StartOptions, Tailorbird, VariantId } from "../loader/types.js";
import {
  createClient,
  type AdapterClient,
  type FeatureState,
  type FeatureStateOptions,
  type Source,
  type TailorbirdClient,
  type VariantOptions,
  type VariantState,
} from "./client.js";

export type { FeatureState, FeatureStateOptions, TailorbirdClient, VariantOptions, VariantState } from "./client.js";

/** Properties of `<TailorbirdProvider>`. Those of the first render count; within another provider `options` do not. */
export interface TailorbirdProviderProps {
  /** The options of `start()`. The engine starts when the app is hydrated, and stops with the last provider. */
  readonly options?: StartOptions;
  /** An engine that is started elsewhere, or the promise of one, instead of `options`. It goes on running. */
  readonly engine?: Tailorbird | PromiseLike<Tailorbird>;
  readonly children?: ReactNode;
}

/** Properties of `<Slot>`. Those of an element, such as `className`, are its own. */
export interface SlotProps<Name extends SlotId = SlotId> extends HTMLAttributes<HTMLElement> {
  /** The id of the slot. */
  readonly name: Name;
  /**
   * What to render for each variant; its `content` in the config is `{}`. Where one is missing the default stays, and
   * a warning says so. Without this property the engine shows the config's own content in the children.
   */
  readonly variants?: { readonly [Variant in VariantId<Name>]?: ReactNode };
  /** The element. The default is `div`. It needs a box, or nothing can be seen of it. */
  readonly as?: string;
  /** The default: what the server renders. */
  readonly children?: ReactNode;
}

/** Of components without a provider: it never has an engine. */
const nowhere = createClient({});

const Context = createContext<AdapterClient>(nowhere);

/**
 * Gives the engine to the components in it.
 *
 * ```tsx
 * <TailorbirdProvider options={{ config: "/tailorbird.json", consent: "auto" }}>
 *   <Shop />
 * </TailorbirdProvider>
 * ```
 */
export const TailorbirdProvider = ({ options, engine, children }: TailorbirdProviderProps): ReactElement => {
  const around = useContext(Context);
  // In another provider there is an engine already.
  const [client] = useState(() => (engine || around == nowhere ? createClient(engine ?? options ?? {}) : around));
  useEffect(() => client.mount(), [client]);
  return createElement(Context.Provider, { value: client }, children);
};

const useClient = (): AdapterClient => {
  const client = useContext(Context);
  useEffect(() => {
    if (client == nowhere) warnOnce("a component uses tailorbird/react outside of <TailorbirdProvider>");
  }, [client]);
  return client;
};

const noSubscription = (): (() => void) => () => {};

/**
 * The state of a source, which is recorded as shown once React has committed it.
 *
 * What changes later is a transition. An ordinary update of a component, as of `useSyncExternalStore`, makes React
 * replace what the server has sent of a `<Suspense>` boundary in it by the fallback, if that is not hydrated yet.
 */
const useSource = <State>(source: Source<State>, live: boolean, isShown: (state: State) => boolean): State => {
  // Only this hook tells whether the component is being hydrated. Both answers are kept, so that it never updates.
  const [first] = useState((): { state?: State } => ({}));
  const initial = useSyncExternalStore(
    noSubscription,
    () => (first.state ??= source.read()),
    () => (first.state ??= source.initial),
  );
  const [last, setLast] = useState({ source, state: initial });
  const state = last.source == source ? last.state : source.read();
  useEffect(() => {
    const update = (): void => {
      const state = source.read();
      startTransition(() => {
        setLast((last) => (last.source == source && last.state === state ? last : { source, state }));
      });
    };
    const unsubscribe = source.subscribe(update, live);
    update();
    return unsubscribe;
  }, [source, live]);
  const shown = isShown(state);
  useEffect(() => {
    if (shown) source.shown(state);
  }, [source, state, shown]);
  return state;
};

/**
 * The decision for a slot: the component renders what `variant` says, and the default while it is `null`.
 *
 * The exposure is recorded once that is on the page. The default may change once, and a variant
 * stays while a component shows it, unless `live`.
 *
 * ```tsx
 * const { variant, ready } = useVariant("layout");
 * return variant == "wide" ? <WideLayout /> : <Layout busy={!ready} />;
 * ```
 */
export const useVariant = <Name extends SlotId>(
  slot: Name,
  { live = false, peek = false }: VariantOptions = {},
): VariantState<Name> => useSource(useClient().slot(slot), live, () => !peek);

/**
 * The value of a feature; it follows every change. The exposure is recorded once it is rendered.
 *
 * ```tsx
 * const { value, ready } = useFeature("checkout");
 * ```
 */
export const useFeature = <Key extends FeatureKey>(
  key: Key,
  { peek = false }: FeatureStateOptions = {},
): FeatureState<Key> => useSource(useClient().feature(key), false, () => !peek);

/**
 * A function that records events. What is recorded before the engine has started waits for it.
 *
 * ```tsx
 * const track = useTrack();
 * return <button onClick={() => track("add_to_cart", { items: [{ item_id: "b-7" }] })}>Add</button>;
 * ```
 */
export const useTrack = (): TailorbirdClient["track"] => useClient().track;

/**
 * The engine's client, for everything else.
 *
 * ```tsx
 * const tailorbird = useTailorbird();
 * useEffect(() => tailorbird.attributes({ plan: "pro" }), [tailorbird]);
 * ```
 */
export const useTailorbird = (): TailorbirdClient => useClient();

/**
 * A slot: shows its children, or the element of the variant that was decided.
 *
 * It changes when the slots of a page change, never twice while the visitor looks at it, and its impressions are
 * counted. In a `<Suspense>` boundary it is decided when that is hydrated.
 *
 * ```tsx
 * <Slot name="hero" variants={{ boots: <Boots /> }} className="hero">
 *   <h1>Gear for every trail</h1>
 * </Slot>
 * ```
 */
export const Slot = <Name extends SlotId>({
  name,
  variants,
  as = "div",
  children,
  ...rest
}: SlotProps<Name>): ReactElement => {
  const isMissing = ({ variant }: VariantState<Name>): boolean =>
    !!variants && variant !== null && !Object.prototype.hasOwnProperty.call(variants, variant);
  // What the engine itself shows, it also records.
  const state = useSource(useClient().slot(name), false, (state) => !!variants && !isMissing(state));
  const missing = isMissing(state);
  const { variant, ready } = state;
  useEffect(() => {
    if (missing) warnOnce(`<Slot name="${name}"> has no variant "${variant}", so the default stays`);
  }, [missing, name, variant]);
  return createElement(
    as,
    // From now on the engine looks at the element. Until it is hydrated, it is the framework's.
    { ...rest, "data-tb-slot": ready && !missing ? name : undefined },
    variants && variant !== null && !missing ? variants[variant] : children,
  );
};
