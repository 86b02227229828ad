/**
 * The made-up visitor: a frame for each page view, their clock, and what they did on it.
 *
 * Where the config or the page is edited, the page view is shown again from what was stored before it, and what the
 * visitor did on it is repeated. So editing adds neither page views nor events.
 */

import type { Attributes, Tailorbird } from "../loader/types.js";
import type { FrameListener, FramePage } from "./frame_access.js";
import { milliseconds, type PageStep, type Session, type StatedConsent, type Step } from "./session.js";

/** What the visitor meets. */
export interface Site {
  readonly config: string;
  readonly page: string;
}

export interface Visit {
  /** Somebody of whom nothing is known opens the site, which stays as it was where it is left out. */
  newVisitor(site?: Site): Promise<void>;
  /** Somebody of whom nothing is known does what a recipe says. */
  playSession(session: Session): Promise<void>;
  /** The visitor does these as well. */
  play(steps: readonly Step[]): Promise<void>;
  /** Shows the page view again, with what the site is now. Of several calls that wait, the last one counts. */
  edit(site: Site): Promise<void>;
  /** The engine of the page view; nothing before it has loaded. */
  engine(): Tailorbird | undefined;
  /** What the visitor's clock shows: milliseconds since 1970. */
  now(): number;
  /** The address of the page view: a path with its query. */
  address(): string;
}

export interface VisitListener extends FrameListener {
  /** A page view begins. `again` where it is the same one, after the site was edited. */
  began(again: boolean): void;
  /** The visitor does this now. */
  did(step: Step): void;
}

const NAMESPACE = "playground";
const OURS = `tailorbird-${NAMESPACE}.`;
/** When sessions of recipes begin that do not say: as in the test of the recipes. */
const STARTS = "2026-06-10T10:00";
/** Nobody opens one page right after the other. */
const VIEW_MS = 1_000;

/** What the engine keeps of the visitor: in this tab only. */
const stored = (): [key: string, text: string][] =>
  Array.from({ length: sessionStorage.length }, (_, at) => sessionStorage.key(at) ?? "")
    .filter((key) => key.startsWith(OURS))
    .map((key) => [key, sessionStorage.getItem(key) ?? ""]);

const store = (entries: readonly (readonly [key: string, text: string])[]): void => {
  for (const [key] of stored()) sessionStorage.removeItem(key);
  for (const [key, text] of entries) sessionStorage.setItem(key, text);
};

/** What the visitor does without leaving the page view. */
type StayingStep = PageStep | { readonly wait: string };

/** A visitor, with what the site states of them. */
interface Visitor {
  aheadMs: number;
  address: string;
  referrer: string;
  consent: StatedConsent | undefined;
  attributes: Attributes;
  readonly browser: NonNullable<Session["browser"]>;
  readonly seed: readonly number[] | undefined;
}

const nobody = (): Visitor => ({
  aheadMs: 0,
  address: "/",
  referrer: "",
  consent: "granted",
  attributes: {},
  browser: {},
  seed: undefined,
});

/** `holder` gets the frames. */
export const createVisit = (holder: HTMLElement, listener: VisitListener): Visit => {
  let site: Site = { config: "{}", page: "" };
  let visitor = nobody();
  let page: FramePage | undefined;
  /** What was stored before this page view, and the clock then. */
  let before = { entries: stored(), aheadMs: 0 };
  /** What the visitor did on this page view. */
  let done: StayingStep[] = [];
  /** How many edits are not shown yet. */
  let waiting = 0;
  /** Everything happens one after the other. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const turn = last.then(work);
    last = turn.catch(() => {});
    return turn;
  };

  const leavePage = (): void => {
    // The engine stores what it has when the document goes.
    holder.replaceChildren();
    page = undefined;
  };

  const openPage = async (isAgain: boolean): Promise<void> => {
    const frame = document.createElement("iframe");
    frame.title = "The page";
    frame.src = "frame.html";
    const loaded = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
    holder.replaceChildren(frame);
    await loaded;
    listener.began(isAgain);
    page = frame.contentWindow?.framePage;
    if (!page) throw new Error("the page beside the editor did not load");
    await page.begin({ ...site, ...visitor, namespace: NAMESPACE }, listener);
  };

  const viewPage = async (): Promise<void> => {
    leavePage();
    before = { entries: stored(), aheadMs: visitor.aheadMs };
    done = [];
    await openPage(false);
  };

  const perform = async (step: StayingStep): Promise<void> => {
    if ("wait" in step) {
      visitor.aheadMs += milliseconds(step.wait);
      page?.advance(milliseconds(step.wait));
      return;
    }
    if ("engage" in step) visitor.aheadMs += milliseconds(step.engage);
    await page?.perform(step);
  };

  const take = async (step: Step): Promise<void> => {
    listener.did(step);
    if ("view" in step) {
      const came = page && step.view != visitor.address ? location.origin + visitor.address : "";
      visitor.address = step.view;
      visitor.referrer = step.referrer ?? came;
      visitor.aheadMs += VIEW_MS;
      await viewPage();
    } else if ("consent" in step) visitor.consent = step.consent;
    else if ("attributes" in step) visitor.attributes = { ...visitor.attributes, ...step.attributes };
    else {
      done.push(step);
      await perform(step);
    }
  };

  const play = async (steps: readonly Step[]): Promise<void> => {
    for (const step of steps) await take(step);
  };

  return {
    newVisitor: (next) =>
      inTurn(async () => {
        leavePage();
        store([]);
        site = next ?? site;
        visitor = nobody();
        await viewPage();
      }),
    playSession: ({ starts = STARTS, seed, browser = {}, steps }) =>
      inTurn(async () => {
        leavePage();
        store([]);
        const aheadMs = new Date(starts).getTime() - Date.now();
        visitor = { ...nobody(), aheadMs, consent: undefined, browser, seed };
        await play(steps);
      }),
    play: (steps) => inTurn(() => play(steps)),
    edit: (edited) => {
      site = edited;
      waiting++;
      return inTurn(async () => {
        if (--waiting) return;
        leavePage();
        store(before.entries);
        visitor.aheadMs = before.aheadMs;
        await openPage(true);
        for (const step of done) await perform(step);
      });
    },
    engine: () => page?.engine,
    now: () => Date.now() + visitor.aheadMs,
    address: () => visitor.address,
  };
};
