/**
 * The inspector: what each slot shows and why, what is known of the visitor, and what is wrong. A chunk of its own,
 * loaded when a developer asks for it.
 *
 * It stands in a shadow root on an element of its own, outside the page's layout. What is done in it reaches the page only
 * where a variant or a prompt is forced, and is recorded nowhere.
 */

import { EVENT_NAMES } from "../loader/events.js";
import { adoptStyle } from "../prompt/adopt_style.js";
import { rememberFocus } from "../prompt/remember_focus.js";
import { createStatus, make } from "../panel/parts.js";
import type { Access, Inspection } from "./access.js";
import { findingsOf, type Finding } from "./findings.js";
import style from "./inspector.css";
import type { InspectorModule } from "./inspector_loader.js";
import { createCounts } from "./panes/counts.js";
import { createExperiments } from "./panes/experiments.js";
import { createHealth } from "./panes/health.js";
import { createPagePane } from "./panes/page.js";
import { createPromptsPane } from "./panes/prompts.js";
import { createTimeTravel } from "./panes/time_travel.js";
import { createVisitor } from "./panes/visitor.js";
import { createPlace } from "./place.js";
import { createScenario, type Scenario } from "./scenario.js";
import { createTabs } from "./tabs.js";
import { createWindow } from "./window.js";

/** What the panes are given. */
export interface Inspector {
  readonly access: Access;
  readonly scenario: Scenario;
  /** The root of the shadow tree: what is drawn on the page goes there. */
  readonly root: ShadowRoot;
  /** Says what came of a press: shown, and read out. */
  tell(text: string): void;
  /** Shows what is known now. */
  refresh(): void;
}

/** What is known now, the same for every pane. */
export interface Known {
  /** Of the visitor, on the page. */
  readonly live: Inspection;
  /** Of the sandbox; `undefined` where there is none. */
  readonly sandbox: Inspection | undefined;
  readonly findings: readonly Finding[];
}

/** One pane. */
export interface Pane {
  readonly element: HTMLElement;
  /** Shows what is known. Called while the pane is open only. */
  refresh(known: Known): void;
  /** The pane is not seen any more. */
  leave?(): void;
}

/** By name, in the order of the tabs. */
const PANES = {
  Page: createPagePane,
  Visitor: createVisitor,
  Time: createTimeTravel,
  Prompts: createPromptsPane,
  Experiments: createExperiments,
  Health: createHealth,
  Counts: createCounts,
} as const satisfies { readonly [name: string]: (inspector: Inspector) => Pane };

export type PaneName = keyof typeof PANES;

const NAMES = Object.keys(PANES) as PaneName[];

/** How often what is known is looked at where nothing has happened: for how long a gate still holds, say. */
const EVERY_MS = 1_000;

/** What comes with one event is shown together. */
const SOON_MS = 50;

/** The one that is open on this page. */
let opened: { readonly focus: () => void } | undefined;

const build = (access: Access): (() => void) => {
  const host = document.createElement("tailorbird-inspector");
  const root = host.attachShadow({ mode: "open" });
  // Beside the body: that may be replaced, or moved, by the page.
  document.documentElement.append(host);
  adoptStyle(root, style);
  access.ignore(host);
  const isByAddress = new URLSearchParams(location.search).has("tb-inspect");
  const restoreFocus = rememberFocus({ host, root });

  const place = createPlace(NAMES);
  const scenario = createScenario(access);
  const status = createStatus();
  const life = new AbortController();
  let soon: ReturnType<typeof setTimeout> | undefined;
  const refreshSoon = (): void => {
    clearTimeout(soon);
    soon = setTimeout(refresh, SOON_MS);
  };
  const inspector: Inspector = { access, scenario, root, tell: status.tell, refresh: () => refresh() };
  const panes = new Map(NAMES.map((name) => [name, PANES[name](inspector)] as const));
  const stopped = make("p", "stopped", "The engine is not running on this page any more.");
  stopped.hidden = true;
  const tabs = createTabs(NAMES, place.pane, (name) => {
    panes.get(current)?.leave?.();
    current = name;
    place.turnTo(name);
    status.element.textContent = "";
    refresh();
  });
  let current = tabs.selected;
  for (const [name, { element }] of panes) tabs.panel(name).append(element);

  const close = (): void => {
    life.abort();
    clearTimeout(soon);
    clearInterval(timer);
    panes.get(current)?.leave?.();
    scenario.end();
    frame.end();
    access.ignore(undefined);
    access.keep(false);
    restoreFocus(() => host.remove());
    opened = undefined;
  };
  const frame = createWindow(place, close, tabs.list, stopped, tabs.panels, status.element);
  root.append(frame.element);

  const refresh = (): void => {
    if (life.signal.aborted || frame.isFolded()) return;
    // An application of one page writes its address anew with each view.
    if (isByAddress) access.keep(true);
    const live = access.inspect();
    stopped.hidden = live !== undefined;
    tabs.panels.hidden = tabs.list.hidden = !live;
    if (!live) {
      panes.get(current)?.leave?.();
      return;
    }
    const findings = findingsOf(access, live);
    tabs.count("Health", findings.filter(({ isMistake }) => isMistake).length);
    panes.get(current)?.refresh({ live, sandbox: scenario.inspect(), findings });
  };
  const { signal } = life;
  for (const name of EVENT_NAMES) document.addEventListener(`tailorbird:${name}`, refreshSoon, { signal });
  addEventListener("focus", refreshSoon, { signal });
  addEventListener("storage", refreshSoon, { signal });
  const timer = setInterval(() => {
    if (!document.hidden) refresh();
  }, EVERY_MS);
  refresh();
  opened = { focus: tabs.focus };
  return tabs.focus;
};

export const open: InspectorModule["open"] = (access, takesFocus) => {
  const focus = opened?.focus ?? build(access);
  if (takesFocus) focus();
  return true;
};
