/** The sandbox at another time, as another visitor, and step by step from the beginning of the session. */

import { button, make } from "../../panel/parts.js";
import type { GuardedSandbox, InspectedEvent, Inspection } from "../access.js";
import type { Inspector, Pane } from "../inspector.js";
import { eventRow, orNone, part, sandboxRows } from "../parts.js";
import { row, update } from "../rows.js";
import { dayText, lengthText } from "../values.js";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** How far the clock is moved, by the label of the button. */
const MOVES: readonly [label: string, ms: number][] = [
  ["An hour later", HOUR],
  ["A day later", DAY],
  ["A week later", 7 * DAY],
];

/** An address of this page with a campaign. */
const fromNewsletter = (): string => {
  const url = new URL(location.href);
  url.searchParams.set("utm_source", "newsletter");
  url.searchParams.set("utm_medium", "email");
  return url.href;
};

/** What is tried, by the label of the button. */
const PRESETS: readonly [label: string, preset: (sandbox: GuardedSandbox) => void][] = [
  [
    "Returning visitor",
    (sandbox) => {
      sandbox.advance(DAY);
      sandbox.pageView({});
    },
  ],
  ["On a phone", (sandbox) => sandbox.pageView({ device: "phone" })],
  ["From a newsletter", (sandbox) => sandbox.pageView({ address: fromNewsletter() })],
];

/** What is kept of a session and is no event: it follows by itself, or was stated in the privacy panel. */
const FOLLOWS = new Set([
  ...["exposure", "impression", "dwell", "segment", "prompt", "answer"],
  ...["forget", "correct", "pause", "dropped"],
]);

/** Something that happened, once more, in the sandbox. */
const play = (sandbox: GuardedSandbox, { name, params }: InspectedEvent): void => {
  if (name == "page_view") {
    const { path } = params;
    sandbox.pageView(typeof path == "string" ? { address: new URL(path, location.href).href } : {});
  } else {
    sandbox.track(name, params);
  }
};

/** What each slot would show. */
const decisions = (inspection: Inspection | undefined): ReadonlyMap<string, string | null> =>
  new Map(inspection?.slots.map(({ explanation: { slot, variant } }) => [slot, variant]));

export const createTimeTravel = (inspector: Inspector): Pane => {
  const { access, scenario, tell, refresh } = inspector;
  const run = (step: string, work: (sandbox: GuardedSandbox) => void): void => {
    scenario.run(step, work);
    refresh();
    tell(`In the sandbox: ${step}.`);
  };
  const buttons = (of: readonly [label: string, work: (sandbox: GuardedSandbox) => void][]): HTMLElement =>
    make("div", "buttons", ...of.map(([label, work]) => button(label, () => run(label.toLowerCase(), work))));

  /** What is played, from the beginning, and how far that has come. */
  let script: readonly InspectedEvent[] = [];
  /** Of each event that was played, what changed. */
  let changes: string[] = [];

  const start = (): void => {
    // It begins on this page: the first page view is there already.
    const [first, ...rest] = (access.inspect()?.timeline ?? []).filter(({ name }) => !FOLLOWS.has(name));
    script = first?.name == "page_view" ? rest : first ? [first, ...rest] : [];
    changes = [];
    scenario.begin("empty");
  };
  const step = (): void => {
    const event = script[changes.length];
    if (!event) return;
    const earlier = script[changes.length - 1] ?? event;
    const before = decisions(scenario.inspect());
    scenario.run(event.name, (sandbox) => {
      sandbox.advance(Math.max(0, event.at - earlier.at));
      play(sandbox, event);
    });
    const after = decisions(scenario.inspect());
    const changed = [...after].filter(([slot, variant]) => before.get(slot) !== variant);
    changes.push(changed.map(([slot, variant]) => `${slot} → ${variant ?? "own content"}`).join(", "));
  };
  /** Whether what is played is still what the sandbox has seen: it may have been reset meanwhile. */
  const isPlaying = (): boolean => script.length > 0 && scenario.steps.length == changes.length;

  const begin = button("Begin with an empty sandbox", () => {
    start();
    refresh();
    tell(script.length ? "Somebody new, of whom nothing is known." : "Nothing has happened in this session yet.");
  });
  const next = button("Next step", () => {
    step();
    refresh();
    tell(
      changes.length ? `${script[changes.length - 1]?.name}: ${changes[changes.length - 1] || "nothing changes"}.` : "",
    );
  });
  const all = button("All steps", () => {
    while (changes.length < script.length) step();
    refresh();
    tell("Everything of this session is played.");
  });

  const sandboxed = make("div", "");
  const clock = make("p", "state");
  const steps = make("ol", "timeline");
  const shows = make("ul", "facts");
  const element = make(
    "div",
    "pane",
    sandboxed,
    part(
      "The clock",
      clock,
      buttons(MOVES.map(([label, ms]) => [label, (sandbox: GuardedSandbox): void => sandbox.advance(ms)])),
    ),
    part("Another visitor", buttons(PRESETS)),
    part("This session, step by step", make("div", "buttons", begin, next, all), steps),
    part("What would be decided", shows),
  );

  return {
    element,
    refresh: ({ live, sandbox }) => {
      const shown = sandbox ?? live;
      const ahead = shown.at - live.at;
      update(sandboxed, sandboxRows(inspector, live, sandbox));
      const moved = ahead >= 60_000 ? `, ${lengthText(ahead)} ahead of the page` : "";
      clock.textContent = `${dayText(shown.at)}${sandbox ? moved : ", as on the page"}`;
      const playing = isPlaying();
      next.disabled = all.disabled = !playing || changes.length >= script.length;
      const told = playing ? script : live.timeline.filter(({ name }) => !FOLLOWS.has(name));
      update(
        steps,
        orNone(
          told.map((event, index) => eventRow(event, index, playing ? changes[index] : undefined)),
          "Nothing has happened in this session yet.",
        ),
      );
      update(
        shows,
        orNone(
          shown.slots.map(({ explanation: { slot, variant, reasons } }) =>
            row("li", slot, "fact", make("strong", "", slot), `: ${variant ?? "own content"}. ${reasons.join("; ")}`),
          ),
          "The config has no slots.",
        ),
      );
    },
  };
};
