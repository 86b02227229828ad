/**
 * The script of the page beside the editor: puts the user's markup and config into its document and loads the engine by
 * its tag, as a site does. Markup comes from links of strangers: no script in it runs, because the document's policy
 * allows files of this site only.
 */

import { adoptStyle } from "../prompt/adopt_style.js";
import { EVENT_NAMES } from "../loader/events.js";
import type { Command, Tailorbird, TailorbirdEvents } from "../loader/types.js";
import { differences, found } from "./expectation.js";
import type { Announced, FrameListener, FramePage, FrameScene } from "./frame_access.js";
import { leaveThroughTop } from "./pointer.js";
import { milliseconds, type Expectation, type PageStep } from "./session.js";
import { becomeVisitor } from "./visitor_browser.js";

const ENGINE = new URL("tailorbird.js", location.href).href;
const OWN_MESSAGE = /^tailorbird: ([^]*)$/;
/** The engine waits this long whether the pointer comes back, and then a little. */
const NOTICED_MS = 250;
/** What is expected comes a moment after its cause, on a busy machine much later. */
const PATIENCE_MS = 3_000;

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

/** Asks until it is true, or patience ends. */
const until = async (isTrue: () => boolean): Promise<boolean> => {
  const deadline = performance.now() + PATIENCE_MS;
  while (!isTrue()) {
    if (performance.now() > deadline) return false;
    await pause(30);
  }
  return true;
};

/** Puts the markup into the page. Its style sheets and style attributes would be refused by the policy as markup. */
const show = (markup: string): void => {
  const parsed = new DOMParser().parseFromString(`<!doctype html><body>${markup}`, "text/html");
  for (const script of parsed.querySelectorAll("script:not([type*=json])")) script.remove();
  for (const sheet of parsed.querySelectorAll("style")) {
    adoptStyle(document, sheet.textContent);
    sheet.remove();
  }
  const styled: [HTMLElement, string][] = [];
  for (const element of parsed.querySelectorAll<HTMLElement>("[style]")) {
    styled.push([element, element.getAttribute("style") ?? ""]);
    element.removeAttribute("style");
  }
  document.body.replaceChildren(...parsed.body.childNodes);
  for (const [element, style] of styled) element.style.cssText = style;
};

/** Hands on what the engine says in the console. */
const hearWarnings = (listener: FrameListener): void => {
  const warn = console.warn.bind(console);
  console.warn = (...words: unknown[]) => {
    const own = typeof words[0] == "string" ? OWN_MESSAGE.exec(words[0])?.[1] : undefined;
    if (own === undefined) warn(...words);
    else listener.warned(own);
  };
};

/** Links lead to another page view of the same markup; forms lead nowhere. */
const keepInside = (listener: FrameListener): void => {
  addEventListener("click", (event) => {
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement && node.href);
    if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented) return;
    if (link.getAttribute("href")?.startsWith("#")) return;
    event.preventDefault();
    listener.followed(link.origin == location.origin ? link.pathname + link.search : link.href);
  });
  addEventListener("submit", (event) => event.preventDefault());
};

/** Every event of the page view. */
const announced: Announced[] = [];

const hearEvents = (listener: FrameListener): void => {
  for (const name of EVENT_NAMES) {
    document.addEventListener(`tailorbird:${name}`, (event) => {
      const { detail } = event as CustomEvent<TailorbirdEvents[typeof name]>;
      const told = { name, detail } as Announced;
      announced.push(told);
      listener.announced(told);
    });
  }
};

/** What the site states on every page, as commands that wait for the engine. */
const stated = ({ consent, attributes }: FrameScene): Command[] => {
  const commands: Command[] = [];
  if (typeof consent == "object") {
    const { personalize, ...rest } = consent;
    // Kept until the tab is closed: a playground leaves nothing on the device.
    commands.push([
      "consent",
      { ...rest, ...(personalize !== undefined && { personalize: personalize && "session" }) },
    ]);
  }
  if (Object.keys(attributes).length) commands.push(["attributes", attributes]);
  return commands;
};

/** Loads the engine, with the config in the page. Resolves when it has started or given up. */
const loadEngine = async (scene: FrameScene): Promise<void> => {
  const data = document.createElement("script");
  data.type = "application/json";
  data.id = "tailorbird-config";
  data.textContent = scene.config;
  window.tailorbird = stated(scene);
  const tag = document.createElement("script");
  tag.src = ENGINE;
  if (typeof scene.consent == "string") tag.dataset["consent"] = scene.consent == "granted" ? "session" : scene.consent;
  tag.dataset["namespace"] = scene.namespace;
  const started = new Promise<void>((resolve, failed) => {
    for (const name of ["ready", "unavailable"]) document.addEventListener(`tailorbird:${name}`, () => resolve());
    tag.addEventListener("error", () => failed(new Error("the engine could not be loaded")));
  });
  document.head.append(data, tag);
  await started;
};

let advance: (ms: number) => void = () => {};
let listener: FrameListener | undefined;

const scrolled = (): void => {
  document.dispatchEvent(new Event("scroll", { bubbles: true }));
};

const engage = async (seconds: number): Promise<void> => {
  for (let second = 0; second < seconds; second++) {
    advance(1_000);
    scrolled();
    await pause(0);
  }
};

const answer = async (part: string): Promise<void> => {
  const button = (): HTMLElement | null | undefined =>
    document.querySelector("tailorbird-prompt")?.shadowRoot?.querySelector<HTMLElement>(`[part~=${part}]`);
  await until(() => Boolean(button()));
  button()?.click();
};

const compare = async (wanted: Expectation): Promise<void> => {
  const wrong = (): string[] => differences(wanted, found(wanted, framePage.engine, announced));
  await until(() => !wrong().length);
  listener?.compared(wrong());
};

const perform = async (step: PageStep): Promise<void> => {
  if ("event" in step) framePage.engine?.track(step.event, step.params);
  else if ("engage" in step) await engage(milliseconds(step.engage) / 1_000);
  else if ("scroll" in step) {
    const { scrollHeight } = document.documentElement;
    scrollTo({ top: step.scroll * scrollHeight - innerHeight, behavior: "instant" });
    await pause(50);
  } else if ("leave" in step) {
    leaveThroughTop();
    await pause(NOTICED_MS);
  } else if ("answer" in step) await answer(step.answer);
  else await compare(step.expect);
};

const framePage: FramePage = {
  get engine() {
    const engine = window.tailorbird;
    return engine && "track" in engine ? (engine as Tailorbird) : undefined;
  },
  begin: async (scene, heardBy) => {
    listener = heardBy;
    advance = becomeVisitor(scene);
    hearWarnings(heardBy);
    hearEvents(heardBy);
    keepInside(heardBy);
    show(scene.page);
    await loadEngine(scene);
  },
  advance: (ms) => advance(ms),
  perform,
};
window.framePage = framePage;
