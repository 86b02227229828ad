/** What several panes are made of. */

import { button, make } from "../panel/parts.js";
import type { InspectedEvent, Inspection } from "./access.js";
import type { Finding } from "./findings.js";
import type { Inspector } from "./inspector.js";
import { focusable, row } from "./rows.js";
import { paramsText, timeText } from "./values.js";

/** A part of a pane under a heading of its own. */
export const part = (title: string, ...content: (string | Node)[]): HTMLElement =>
  make("section", "section", make("h3", "heading", title), ...content);

/** Terms with their values. */
export const terms = (...pairs: readonly (readonly [term: string, value: string])[]): HTMLElement =>
  make("dl", "terms", ...pairs.flatMap(([term, value]) => [make("dt", "term", term), make("dd", "value", value)]));

/** A list that is empty says so. */
export const orNone = (rows: readonly HTMLElement[], none: string): readonly HTMLElement[] =>
  rows.length ? rows : [row("li", "none", "none", none)];

/** A button that is known again when its row is written anew. */
export const rowButton = (name: string, label: string, press: () => void): HTMLButtonElement =>
  focusable(button(label, press), name);

/** A finding: the cause, and what to do. `isNamed`: it says what it is about. */
export const findingRow = ({ about, cause, remedy, isMistake }: Finding, isNamed: boolean): HTMLElement =>
  row(
    "li",
    `${about} ${cause}`,
    isMistake ? "finding mistake" : "finding",
    ...(isNamed ? [make("strong", "", about), ": "] : []),
    cause,
    " ",
    make("span", "remedy", remedy),
  );

/** An event of the timeline at this place: when it was, its name and parameters, and what came of it where that is known. */
export const eventRow = ({ at, name, params }: InspectedEvent, index: number, change?: string): HTMLElement =>
  row(
    "li",
    `${index} ${at} ${name}`,
    change === undefined ? "event" : "event played",
    make("time", "", timeText(at)),
    " ",
    make("strong", "", name),
    " ",
    paramsText(params),
    change ? ` ⇒ ${change}` : "",
  );

/** How the sandbox differs from the page, in sentences. */
export const differences = (live: Inspection, sandbox: Inspection): readonly string[] => {
  const shows = (variant: string | null): string => variant ?? "the page's own content";
  const slots = live.slots.flatMap(({ explanation: { slot, variant } }) => {
    const there = sandbox.slots.find(({ explanation }) => explanation.slot == slot)?.explanation;
    if (!there || there.variant === variant) return [];
    return [
      `${slot} would show ${shows(there.variant)}, the page shows ${shows(variant)}: ${there.reasons.join("; ")}.`,
    ];
  });
  const segments = live.segments.flatMap(({ segment, in: isIn }) => {
    const there = sandbox.segments.find((other) => other.segment == segment);
    if (!there || there.in == isIn) return [];
    return [there.in ? `The visitor would enter ${segment}.` : `The visitor would leave ${segment}.`];
  });
  const prompts = live.prompts.flatMap(({ prompt, due, gates }) => {
    const there = sandbox.prompts.find((other) => other.prompt == prompt);
    const comes = (one: { readonly due: boolean; readonly gates: typeof gates }): boolean =>
      one.due && one.gates.every(({ open }) => open);
    return there && comes(there) && !comes({ due, gates }) ? [`The prompt ${prompt} would be shown.`] : [];
  });
  return [...slots, ...segments, ...prompts];
};

/** A list in which what comes several times in a row is counted: `page_view, view_item 3 ×`. */
const counted = (steps: readonly string[]): string => {
  const runs: [step: string, times: number][] = [];
  for (const step of steps) {
    const last = runs[runs.length - 1];
    if (last?.[0] == step) last[1] += 1;
    else runs.push([step, 1]);
  }
  return runs.map(([step, times]) => (times > 1 ? `${step} ${times} ×` : step)).join(", ");
};

/** Says that a sandbox is there, what was done in it and what comes of it; nothing where there is none. */
export const sandboxRows = (
  inspector: Inspector,
  live: Inspection,
  sandbox: Inspection | undefined,
): readonly HTMLElement[] => {
  const { scenario, refresh, tell } = inspector;
  if (!sandbox) return [];
  const found = differences(live, sandbox);
  return [
    row(
      "div",
      "sandbox",
      "sandbox",
      make("strong", "", "Sandbox"),
      ": what is done here reaches neither the page nor what is stored.",
      ...(scenario.steps.length ? [make("p", "steps", `Done: ${counted(scenario.steps)}.`)] : []),
      make(
        "ul",
        "differences",
        ...(found.length ? found : ["Nothing would be different from the page."]).map((text) => make("li", "", text)),
      ),
      rowButton("reset", "Reset", () => {
        scenario.end();
        refresh();
        tell("The sandbox is dropped.");
      }),
    ),
  ];
};
