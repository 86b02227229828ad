/** What the page shows of what a recipe expects. Runs in the frame. */

import type { Tailorbird } from "../loader/types.js";
import type { Announced } from "./frame_access.js";
import type { Expectation } from "./session.js";

/** The same names with what is found of each. */
const each = <Found>(named: object | undefined, find: (name: string) => Found): { [name: string]: Found } | undefined =>
  named && Object.fromEntries(Object.keys(named).map((name) => [name, find(name)]));

/** What a variant has put away is hidden. */
const textOf = (selector: string): string | null =>
  Array.from(document.querySelectorAll(selector))
    .find((element) => element.getClientRects().length)
    ?.textContent.trim()
    .replaceAll(/\s+/g, " ") ?? null;

/** As much of the page's state as `wanted` names, in the same form. `announced` are all events of the page view. */
export const found = (
  wanted: Expectation,
  engine: Tailorbird | undefined,
  announced: readonly Announced[],
): { [part in keyof Expectation]: unknown } => {
  const variant = (slot: string): string | null => {
    let shown: string | null = null;
    for (const { name, detail } of announced) {
      if (name == "decision" && detail.slot == slot) shown = detail.applied ? detail.variant : null;
    }
    return shown;
  };
  const isShown = (prompt: string): boolean =>
    announced.some(({ name, detail }) => name == "prompt" && detail.prompt == prompt && detail.outcome == "shown");
  const layer = ((window as { dataLayer?: unknown }).dataLayer ?? []) as readonly { exp_variant_string?: unknown }[];
  return {
    slots: each(wanted.slots, variant),
    levels: each(wanted.levels, (slot) => engine?.peek(slot)?.level),
    prompts: each(wanted.prompts, isShown),
    texts: each(wanted.texts, textOf),
    dataLayer: wanted.dataLayer && layer.filter(({ exp_variant_string: said }) => said !== undefined),
  };
};

/** What is expected and found otherwise, a line each. */
export const differences = (wanted: Expectation, state: ReturnType<typeof found>): string[] => {
  const lines: string[] = [];
  for (const part of ["slots", "levels", "prompts", "texts"] as const) {
    const there = state[part] as { [name: string]: unknown } | undefined;
    for (const [name, value] of Object.entries<unknown>(wanted[part] ?? {})) {
      if (JSON.stringify(there?.[name]) == JSON.stringify(value)) continue;
      lines.push(`${part}, ${name}: expected ${JSON.stringify(value)}, found ${JSON.stringify(there?.[name] ?? null)}`);
    }
  }
  if (wanted.dataLayer && JSON.stringify(wanted.dataLayer) != JSON.stringify(state.dataLayer))
    lines.push(`dataLayer: expected ${JSON.stringify(wanted.dataLayer)}, found ${JSON.stringify(state.dataLayer)}`);
  return lines;
};
