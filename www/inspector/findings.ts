/**
 * What is wrong, and what keeps something from being shown: each as one sentence that names the cause, and one that says
 * what to do.
 */

import type { Access, Inspection } from "./access.js";
import { promptFindings, segmentFindings } from "./findings/conditions.js";
import { pageFindings } from "./findings/page.js";
import { slotFindings } from "./findings/slots.js";
import type { PaneName } from "./inspector.js";

export interface Finding {
  /** Where a developer looks for it. All of them stand in Health as well. */
  readonly pane: PaneName;
  /** What it is about, such as `slot hero`. */
  readonly about: string;
  /** The cause. */
  readonly cause: string;
  /** What to do. */
  readonly remedy: string;
  /** Whether somebody has made a mistake. Otherwise everything works as it is meant to. */
  readonly isMistake: boolean;
}

export const findingsOf = (access: Access, live: Inspection): readonly Finding[] => [
  ...pageFindings(access, live),
  ...slotFindings(access, live),
  ...segmentFindings(live),
  ...promptFindings(live),
];
