/** What concerns all of the page: consent, previews, the data layer, other tabs, the config. */

import { ownProperty } from "../../loader/plain.js";
import type { Preview } from "../../page/boundary.js";
import type { Access, Inspection } from "../access.js";
import type { Finding } from "../findings.js";
import { isErasedElsewhere } from "../notes.js";

const finding = (about: string, isMistake: boolean, cause: string, remedy: string): Finding => ({
  pane: "Health",
  about,
  isMistake,
  cause,
  remedy,
});

const consent = ({ consent: { personalize, source } }: Inspection): readonly Finding[] => {
  if (source == "other-tab") return [];
  if (personalize === null) {
    return [
      finding(
        "consent",
        false,
        "Nobody has stated consent on this page, so everything is forgotten with it, and no prompt is shown.",
        "State it on each page, by data-consent or tailorbird.consent({ personalize: true }).",
      ),
    ];
  }
  if (personalize) return [];
  return [
    finding(
      "consent",
      false,
      `Consent is denied, by ${source}, so nothing is remembered of this visitor.`,
      "Nothing, if the visitor said so. Else look at what states it on this page.",
    ),
  ];
};

const otherTab = ({ consent: { source } }: Inspection): readonly Finding[] => {
  if (source == "other-tab") {
    return [
      finding(
        "other tab",
        false,
        "In another tab of this browser consent was withdrawn and everything erased, so this one has forgotten as well.",
        "State consent here again, or load the page anew, to begin from nothing.",
      ),
    ];
  }
  if (!isErasedElsewhere()) return [];
  return [
    finding(
      "other tab",
      false,
      "Another tab of this browser has erased everything while this page was open, so this one began anew.",
      "Nothing: look for who calls tailorbird.erase() if that surprises you.",
    ),
  ];
};

const previewText = (preview: Preview): string => {
  if ("segment" in preview) return `${preview.in ? "in" : "out of"} segment ${preview.segment}`;
  if ("prompt" in preview) return `prompt ${preview.prompt}`;
  return `${preview.slot} shows ${preview.variant ?? "the page's own content"}`;
};

const previewed = ({ previews }: Inspection): readonly Finding[] => {
  if (!previews.length) return [];
  const what = previews.map(previewText).join(", ");
  return [
    finding(
      "preview",
      false,
      `A preview is on (${what}), so nothing is recorded.`,
      "End it in Page, in the badge, or by taking tb out of the address.",
    ),
  ];
};

/** Whether an entry looks like one of Google's data layer: an object with an event, or the arguments of `gtag()`. */
const isEntry = (entry: unknown): boolean => {
  if (typeof entry != "object" || entry === null) return false;
  // Own properties: elements of the page have an `event` by their kind.
  const [command, event] = [ownProperty(entry, "0"), ownProperty(entry, "event")];
  return typeof event == "string" || /^(js|config|event|consent|set)$/.test(typeof command == "string" ? command : "");
};

/** The global arrays that look like a data layer. */
const layers = (): readonly (readonly [name: string, length: number])[] =>
  Object.keys(window).flatMap((name) => {
    try {
      const value: unknown = Reflect.get(window, name);
      return Array.isArray(value) && value.some(isEntry) ? [[name, value.length] as const] : [];
    } catch {
      return []; // an accessor of the page
    }
  });

const dataLayer = ({ dataLayer: wanted }: Access): readonly Finding[] => {
  const found = layers();
  const [other] = found;
  if (!other || found.some(([name]) => name == wanted)) return [];
  const [name, length] = other;
  return [
    finding(
      "data layer",
      true,
      `The engine listens to window.${wanted}, which this page does not fill; window.${name} has ${length} ${length == 1 ? "entry" : "entries"}.`,
      `Set data-layer="${name}" on the script tag, or dataLayer: "${name}" in start().`,
    ),
  ];
};

const problems = (access: Access): readonly Finding[] =>
  access
    .problems()
    .map((problem) => finding("config", true, `${problem}.`, "The part it is in is left out; the rest runs."));

export const pageFindings = (access: Access, live: Inspection): readonly Finding[] => [
  ...previewed(live),
  ...consent(live),
  ...otherTab(live),
  ...dataLayer(access),
  ...problems(access),
];
