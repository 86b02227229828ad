/** Why a segment never holds, and why a prompt does not come. */

import type { Gate, InspectedPrompt, Inspection } from "../access.js";
import { leafText, meantAttribute } from "../failed_leaf.js";
import type { Finding } from "../findings.js";

/** The segments whose condition asks for an attribute that nobody fills, while one of nearly that name is there. */
export const segmentFindings = (live: Inspection): readonly Finding[] =>
  live.segments.flatMap(({ segment, failed }) => {
    const meant = failed && meantAttribute(failed, live);
    if (!failed || meant === undefined) return [];
    return [
      {
        pane: "Visitor",
        about: `segment ${segment}`,
        isMistake: true,
        cause: `It never holds: ${leafText(failed)}.`,
        remedy: `Did you mean ${meant}?`,
      } as const,
    ];
  });

const CAPS = "Press Show now to see it all the same, or raise caps in the config.";
const HOLDOUT = "Press Show now to see it all the same. In the config, holdout is the share of visitors who see none.";

/** What to do about a closed gate. One that is about all prompts of the site together has `all-` before its name. */
const REMEDIES: ReadonlyMap<string, string> = new Map([
  ["consent", "State consent, by data-consent or tailorbird.consent({ personalize: true })."],
  ["per-view", CAPS],
  ["per-session", CAPS],
  ["per-day", CAPS],
  ["per-week", CAPS],
  ["after-dismiss", CAPS],
  ["after-accept", CAPS],
  ["budget", CAPS],
  ["holdout", HOLDOUT],
  ["site-holdout", HOLDOUT],
  ["dates", "Set other dates for from and until in the config, or move the sandbox's clock in Time to see it."],
  ["address", "Compare the address of the page with its urls in the config."],
  ["condition", "Compare its when in the config with the attributes in Visitor."],
  ["items", "Compare its items in the config with the catalog, and with the basket and the products in Visitor."],
]);

export const remedyOf = ({ gate }: Gate): string | undefined => REMEDIES.get(gate.replace(/^all-/, ""));

/** The first closed gate of a prompt that somebody can do something about. */
const inTheWay = ({ gates }: InspectedPrompt): Gate | undefined =>
  gates.find((gate) => !gate.open && remedyOf(gate) !== undefined);

export const promptFindings = (live: Inspection): readonly Finding[] =>
  live.prompts.flatMap((prompt) => {
    const gate = inTheWay(prompt);
    const remedy = gate && remedyOf(gate);
    if (!gate || remedy === undefined) return [];
    return [
      {
        pane: "Prompts",
        about: `prompt ${prompt.prompt}`,
        isMistake: false,
        cause: `It is not shown: ${gate.text}${gate.failed ? `: ${leafText(gate.failed)}` : ""}.`,
        remedy,
      } as const,
    ];
  });
