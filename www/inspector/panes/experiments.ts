/** Each experiment: the variation, the bucket it is drawn from, why the visitor is in it or not, and the exposure. */

import { make } from "../../panel/parts.js";
import type { InspectedExperiment } from "../access.js";
import type { Pane } from "../inspector.js";
import { orNone, terms } from "../parts.js";
import { row, update } from "../rows.js";
import { dayText, numberText, percent } from "../values.js";

/** The visitor's place among the shares of the variations, drawn. The terms beside it say the same. */
const bar = ({ shares, bucket, variation }: InspectedExperiment): HTMLElement => {
  const parts = Object.entries(shares).map(([name, share]) => {
    const part = make("span", name === variation ? "share mine" : "share", name);
    part.style.flexGrow = String(share);
    return part;
  });
  const place = make("span", "bucket");
  place.style.left = `${100 * (bucket ?? 0)}%`;
  const drawn = make("div", "bar", ...parts, ...(bucket === null ? [] : [place]));
  drawn.setAttribute("aria-hidden", "true");
  return drawn;
};

const experimentRow = (given: InspectedExperiment): HTMLElement => {
  const { experiment, where, variation, bucket, shares, reason, exposed } = given;
  return row(
    "li",
    `${experiment} ${where}`,
    "slot",
    make("h3", "heading", experiment),
    make("p", "state", make("strong", "", variation ?? "not in it"), reason ? `: ${reason}` : ""),
    bar(given),
    terms(
      ["where", where],
      ["bucket", bucket === null ? "none: there is no stable id" : numberText(bucket)],
      [
        "shares",
        Object.entries(shares)
          .map(([name, share]) => `${name} ${percent(share)}`)
          .join(", ") || "none",
      ],
      ["exposure", exposed === null ? "not recorded" : dayText(exposed)],
    ),
  );
};

export const createExperiments = (): Pane => {
  const list = make("ul", "slots");
  return {
    element: make("div", "pane", list),
    refresh: ({ live }) => update(list, orNone(live.experiments.map(experimentRow), "The config has no experiments.")),
  };
};
