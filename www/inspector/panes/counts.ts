/** What this device has counted: `tailorbird.report()`. */

import { make } from "../../panel/parts.js";
import type { Inspector, Pane } from "../inspector.js";
import { orNone, part } from "../parts.js";
import { row, update } from "../rows.js";
import { dayText, percent } from "../values.js";

/** A row of counts: what they are of, and each that is not 0 by its name. */
const countRow = (of: string, counts: { readonly [name: string]: number }, more = ""): HTMLElement => {
  const told = Object.entries(counts).filter(([, count]) => count);
  const text = told.map(([name, count]) => `${name} ${count}`).join(", ") || "nothing";
  return row("li", of, "fact", make("strong", "", of), `: ${text}${more}`);
};

export const createCounts = ({ access }: Inspector): Pane => {
  const since = make("p", "state");
  const slots = make("ul", "facts");
  const prompts = make("ul", "facts");
  const experiments = make("ul", "facts");
  return {
    element: make(
      "div",
      "pane",
      make("p", "hint", "Counted on this device, for this visitor. Nothing of it is sent."),
      since,
      part("Slots", slots),
      part("Prompts", prompts),
      part("Experiments", experiments),
    ),
    refresh: () => {
      const report = access.tailorbird.report();
      const sessions = `${report.sessions} session${report.sessions == 1 ? "" : "s"}`;
      since.textContent =
        report.since === null ? "Nothing is counted yet." : `${sessions}, since ${dayText(report.since)}`;
      update(
        slots,
        orNone(
          report.slots.map(({ slot, variant, rate, ...counts }) =>
            countRow(`${slot}: ${variant ?? "own content"}`, counts, rate === null ? "" : `, rate ${percent(rate)}`),
          ),
          "None.",
        ),
      );
      update(
        prompts,
        orNone(
          report.prompts.map(({ prompt, variant, ...counts }) =>
            countRow(variant === null || variant == prompt ? prompt : `${prompt}: ${variant}`, counts),
          ),
          "None.",
        ),
      );
      update(
        experiments,
        orNone(
          report.experiments.map(({ experiment, variation, at }) =>
            row("li", experiment, "fact", make("strong", "", experiment), `: ${variation}, since ${dayText(at)}`),
          ),
          "None.",
        ),
      );
    },
  };
};
