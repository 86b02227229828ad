/** Opens the inspector, a chunk of its own, where a developer asks for it. Visitors never load it. */

import { ownProperty } from "../loader/plain.js";
import type { Audit, Tailorbird } from "../loader/types.js";
import type { Engine } from "../page/boundary.js";
import type { Guard } from "../page/guard.js";
import { asksForInspector, keepInspector } from "../preview/preview_address.js";
import type { Access, GuardedSandbox, Sandbox } from "./access.js";
import { ignore } from "./ignored.js";

/** The chunk `tailorbird-inspector.js`. */
export interface InspectorModule {
  /** Opens the inspector, or turns to the one that is open. `takesFocus`: a developer has asked for it just now. */
  open(access: Access, takesFocus: boolean): boolean;
}

/** What the loader has of the engine. */
export interface Inspected {
  readonly tailorbird: Tailorbird;
  /** The engine that runs now. After a withdrawal it is another one. */
  running(): Engine;
  readonly guard: Pick<Guard, "wrap" | "run">;
  readonly config: unknown;
  readonly dataLayer: string;
  audit(): Promise<Audit | null>;
}

/** Sandboxes live in the memory of the engine's wasm. None may be freed, or used, once that has another instance. */
const sandboxes = new Set<Sandbox>();

/** Frees every sandbox, before the instance of the wasm that they are in is dropped. */
export const endSandboxes = (): void => {
  for (const sandbox of sandboxes) sandbox.free();
  sandboxes.clear();
};

/** Whether the address may ask for the inspector. */
const isAllowed = (config: unknown): boolean => ownProperty(config, "preview") === true;

/** Whether the inspector is to be open from the start. */
export const isInspected = (config: unknown, isAsked: boolean): boolean =>
  isAsked || (isAllowed(config) && asksForInspector());

const guarded = (sandbox: Sandbox, guard: Inspected["guard"]): GuardedSandbox => {
  sandboxes.add(sandbox);
  /** A method that does nothing once the sandbox has ended. */
  const live = <Args extends unknown[]>(method: (...args: Args) => void): ((...args: Args) => void) =>
    guard.run((...args: Args) => {
      if (sandboxes.has(sandbox)) method(...args);
    });
  return {
    inspect: guard.wrap(
      () => (sandboxes.has(sandbox) ? sandbox.inspect() : undefined),
      () => undefined,
    ),
    advance: live((ms) => sandbox.advance(ms)),
    track: live((name, params) => sandbox.track(name, params)),
    attributes: live((attributes) => sandbox.attributes(attributes)),
    pageView: live((page) => sandbox.pageView(page)),
    correct: live((interest, share) => sandbox.correct(interest, share)),
    force: live((segment, isIn) => sandbox.force(segment, isIn)),
    free: live(() => {
      sandboxes.delete(sandbox);
      sandbox.free();
    }),
  };
};

const accessOf = ({ tailorbird, running, guard, config, dataLayer, audit }: Inspected): Access => ({
  tailorbird,
  inspect: guard.wrap(
    () => running().inspect(),
    () => undefined,
  ),
  sandbox: guard.wrap(
    (profile: "copy" | "empty") => {
      const sandbox = running().sandbox(profile == "copy");
      return sandbox && guarded(sandbox, guard);
    },
    () => undefined,
  ),
  preview: guard.run((previews) => running().preview(previews)),
  showPrompt: guard.run((prompt, variant) => running().showPrompt(prompt, variant)),
  problems: guard.wrap(
    () => running().problems(),
    () => [],
  ),
  slots: guard.wrap(
    () => running().slots(),
    () => [],
  ),
  audit,
  ignore,
  keep: (isOpen) => {
    if (isAllowed(config)) keepInspector(isOpen);
  },
  config,
  dataLayer,
});

/** Resolves to whether it is open. Never rejects. */
export const openInspector = async (
  inspected: Inspected,
  load: () => Promise<InspectorModule>,
  takesFocus: boolean,
): Promise<boolean> => {
  if (typeof document == "undefined") return false;
  try {
    const { open } = await load();
    return inspected.tailorbird.available && open(accessOf(inspected), takesFocus);
  } catch {
    return false; // the chunk failed to load
  }
};
