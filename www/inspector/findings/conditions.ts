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

/** What to do about a closed gate, by a part of its name. */
const REMEDIES: readonly [gate: RegExp, remedy: string][] = [
  [/consent/, "State consent, by data-consent or tailorbird.consent({ personalize: true })."],
  [
    /session|day|view|cap|dismiss|accept|budget|answer/,
    "Press Show now to see it all the same, or raise caps in the config.",
  ],
  [/holdout/, "Press Show now to see it all the same. In the config, holdout is the share of visitors who see none."],
  [
    /condition|eligib|date|from|until/,
    "Compare its when, from and until in the config with the attributes in Visitor.",
  ],
];

export const remedyOf = ({ gate }: Gate): string | undefined => REMEDIES.find(([pattern]) => pattern.test(gate))?.[1];

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
