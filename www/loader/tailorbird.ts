/**
 * The object that the site uses: creates the engine, connects it to the page, and passes calls on.
 *
 * Arguments are copied before the engine is entered. A bad argument is a warning in the console with
 * what to do, and never the end of personalization.
 */

import { locateVisitor, type CountryModule } from "../geo/geo.js";
import { isEngineError, type Engine, type EngineConstructor, type RankRequest } from "../page/boundary.js";
import { createGuard } from "../page/guard.js";
import { createPage, type PageChunks } from "../page/page.js";
import { findPanel, type PanelModule, type PanelTexts } from "../panel/panel_loader.js";
import { createRecommend } from "../recommend/recommend_method.js";
import type { Rank } from "../recommend/ranking.js";
import { createTransfer, type TransferModule } from "../transfer/profile_transfer.js";
import { createEventTarget, dispatch, EVENT_NAMES, listen, type EventNames } from "./events.js";
import { createInert } from "./inert.js";
import { createNodeHost } from "./node_host.js";
import type { Settings } from "./options.js";
import { ownProperty, plain, plainText, type Plain } from "./plain.js";
import type { Consent, Decision, Exported, ExportOptions, Feature, Profile, Tailorbird } from "./types.js";
import { messageOf } from "./unavailable.js";
import { nearest, warnOnce } from "./warn.js";

/** Chunks that are loaded when they are needed. */
export interface Chunks extends PageChunks {
  country(): Promise<CountryModule>;
  transfer(): Promise<TransferModule>;
  privacy(): Promise<PanelModule>;
}

/** What the caller wants to know of. */
export interface Observer {
  /** The object exists, and the first decision is not made yet: what was queued before still counts in it. */
  onCreated(tailorbird: Tailorbird): void;
  /** The site has stopped the engine. */
  onStop(): void;
  /** Wasm has trapped: nothing of this instance may be used any more. */
  onTrap(engine: Engine | undefined): void;
}

/** A copy of what should be an object, such as parameters or attributes; an empty one, with a warning, where it is none. */
const plainObject = (value: unknown, usage: string): Plain => {
  const copy = plain(value);
  if (copy && typeof copy == "object" && !Array.isArray(copy)) return copy;
  if (value !== undefined) warnOnce(`${usage}: expected an object`);
  return {};
};

/** What `consent()` understands of its argument. */
const plainConsent = (value: unknown): Consent => {
  const given = plainObject(value, "consent({ personalize, measure })") as { readonly [name: string]: Plain };
  const consent: { personalize?: boolean | "session" | null; measure?: boolean } = {};
  for (const name of Object.keys(given)) {
    const said = given[name];
    if (name == "personalize") {
      if (typeof said == "boolean" || said === "session" || said === null) consent.personalize = said;
      else warnOnce(`consent(): personalize is ${JSON.stringify(said)}, expected true, false, "session" or null`);
    } else if (name == "measure") {
      if (typeof said == "boolean") consent.measure = said;
      else warnOnce(`consent(): measure is ${JSON.stringify(said)}, expected true or false`);
    } else {
      warnOnce(`consent(): "${name}" is unknown and ignored, expected personalize or measure`);
    }
  }
  return consent;
};

/** Throws an `EngineError` where the config is refused as a whole. */
export const createTailorbird = (
  EngineClass: EngineConstructor,
  config: unknown,
  settings: Settings,
  chunks: Chunks,
  { onCreated, onStop, onTrap }: Observer,
): Tailorbird => {
  const inert = createInert();
  const target = createEventTarget();
  const subscriptions: (() => void)[] = [];
  const unsubscribe = (): void => {
    for (const off of subscriptions.splice(0)) off();
  };
  let engine: Engine | undefined;
  const guard = createGuard((reason) => {
    onTrap(engine);
    if (settings.debug) console.error("tailorbird:", reason);
    dispatch("unavailable", { reason: messageOf(reason) }, target);
    unsubscribe();
  });

  const { consent, dataLayer, namespace, debug } = settings;
  const page = typeof document == "undefined" ? undefined : createPage(guard, chunks, debug);
  /** Where there is no page the site model is not loaded. */
  const unanswered = guard.run((request: RankRequest) => engine?.ranked(request, undefined));
  const rank: Rank =
    page?.rank ??
    ((request) => {
      unanswered(request);
      return Promise.resolve();
    });
  const open = (): Engine => {
    try {
      return new EngineClass(config, page?.host ?? createNodeHost(guard, target, unanswered), {
        consent,
        dataLayer,
        namespace,
        debug,
      });
    } catch (reason) {
      guard.end();
      if (!isEngineError(reason)) onTrap(undefined);
      throw reason;
    }
  };
  const running = (engine = open());

  /** The ids of the slots, for a warning. */
  const slotIds = guard.wrap(
    () => running.slots().map(({ id }) => id),
    () => [],
  );
  /** The result for a slot, or `null` with a warning where the config has no such slot. */
  const forSlot = (method: string, slot: unknown, ask: (slot: string) => unknown): unknown => {
    const id = plainText(slot);
    try {
      return ask(id) ?? null;
    } catch (reason) {
      if (!isEngineError(reason)) throw reason;
      const meant = nearest(id, slotIds());
      warnOnce(`${method}("${id}"): the config has no such slot${meant ? `, did you mean "${meant}"?` : ""}`);
      return null;
    }
  };

  const on: Tailorbird["on"] = (name, listener) => {
    const known = EVENT_NAMES.find((event) => event === name);
    if (!known || typeof listener != "function") {
      const meant = known ?? nearest(plainText(name), EVENT_NAMES);
      const expected = meant ? `on("${meant}", listener)` : EVENT_NAMES.join(", ");
      warnOnce(`on("${plainText(name)}"): nothing is listened to, expected ${expected}`);
      return () => {};
    }
    const off = listen(target, name, listener);
    subscriptions.push(off);
    return off;
  };

  const ready = guard.run(() => {
    running.ready();
    page?.ready();
  });

  const commands: { readonly [name: string]: (...args: never[]) => unknown } = {
    track: guard.run((name: unknown, params?: unknown) => {
      if (typeof name != "string" || !name) {
        warnOnce('track() needs the name of an event, such as track("view_item", { items: [...] })');
        return;
      }
      running.track(plainText(name), plainObject(params, `track("${plainText(name)}", parameters)`));
    }),
    attributes: guard.run((given: unknown) => running.attributes(plainObject(given, "attributes({ ... })"))),
    consent: guard.run((given: unknown) => running.consent(plainConsent(given))),
    forget: guard.run((interest: unknown) => running.forget(plainText(interest))),
    // What is no number is none from 0 to 1 either: the engine says what is expected.
    correct: guard.run((interest: unknown, share: unknown) =>
      running.correct(plainText(interest), typeof share == "number" ? share : NaN),
    ),
    pause: guard.run((paused: unknown) => {
      if (typeof paused == "boolean") running.pause(paused);
      else warnOnce("pause() is ignored: it takes true or false");
    }),
    erase: guard.run(() => running.erase()),
    prompt: guard.run((id: unknown) => running.prompt(plainText(id))),
    ready,
    on,
  };

  const runCommand = guard.run((command: unknown) => {
    const parts: unknown[] = [];
    // Also the `arguments` of a function like `gtag`.
    for (let at = 0; at < 3; at++) parts.push(ownProperty(command, String(at)));
    const [name, ...args] = parts as [unknown, ...never[]];
    const run =
      typeof name == "string" && Object.prototype.hasOwnProperty.call(commands, name) ? commands[name] : undefined;
    if (run) run(...args);
    else {
      const known = Object.keys(commands).join(", ");
      warnOnce(`push(): "${plainText(name)}" is no command, expected an array that begins with one of ${known}`);
    }
  });

  const { exportFile, importFile } = createTransfer(running, guard, namespace, chunks.transfer, inert);

  const tailorbird: Tailorbird = {
    get available() {
      return !guard.signal.aborted;
    },
    track: commands["track"] as Tailorbird["track"],
    attributes: commands["attributes"] as Tailorbird["attributes"],
    consent: commands["consent"] as Tailorbird["consent"],
    forget: commands["forget"] as Tailorbird["forget"],
    correct: commands["correct"] as Tailorbird["correct"],
    pause: commands["pause"] as Tailorbird["pause"],
    erase: commands["erase"] as Tailorbird["erase"],
    ready,
    on,
    push: (...given) => {
      for (let at = 0; at < given.length; at++) runCommand(given[at]);
    },
    decide: guard.wrap((slot) => forSlot("decide", slot, (id) => running.decide(id)) as Decision | null, inert.decide),
    peek: guard.wrap((slot) => forSlot("peek", slot, (id) => running.peek(id)) as Decision | null, inert.peek),
    explain: guard.wrap((what?: unknown) => {
      if (what === undefined) return slotIds().map((id) => running.explain(id));
      return plainText(what) == "prompts" && !slotIds().includes("prompts")
        ? running.explainPrompts()
        : forSlot("explain", what, (id) => running.explain(id));
    }, inert.explain) as Tailorbird["explain"],
    prompt: commands["prompt"] as Tailorbird["prompt"],
    feature: guard.wrap((key: unknown, options?: unknown) => {
      const name = plainText(key);
      if (options !== undefined && (options === null || typeof options != "object")) {
        warnOnce(`feature("${name}", options): expected an object, such as { attributes: { ... } }`);
      }
      const attributes = plainObject(ownProperty(options, "attributes"), `feature("${name}", { attributes })`);
      try {
        const result = running.feature(name, attributes, ownProperty(options, "peek") === true) ?? null;
        return result as Feature | null;
      } catch (reason) {
        if (!isEngineError(reason)) throw reason;
        warnOnce(`feature("${name}"): the config has no such feature`);
        return null;
      }
    }, inert.feature),
    recommend: createRecommend(running, guard, rank, (options) => plainObject(options, "recommend({ ... })")),
    profile: guard.wrap(() => running.profile() as Partial<Profile>, inert.profile),
    export: guard.wrap(
      (options?: ExportOptions) =>
        options
          ? exportFile({ passphrase: ownProperty(options, "passphrase") as string })
          : (running.export() as Partial<Exported>),
      inert.export,
    ) as Tailorbird["export"],
    locate: guard.wrap(() => running.locate(), inert.locate),
    import: guard.wrap((file, passphrase) => importFile(file, passphrase), inert.import),
    stop: () => {
      if (!guard.end()) return;
      onStop();
      dispatch("stop", {}, target);
      unsubscribe();
      // A listener may stop the engine while the engine is dispatching to it.
      guard.whenIdle(() => {
        try {
          running.stop();
          running.free();
        } catch {
          onTrap(running);
        }
      });
    },
  };

  if (EngineClass.crash) Object.defineProperty(tailorbird, "crash", { value: EngineClass.crash });
  guard.run(() => {
    const problems = running.problems();
    if (problems.length) {
      const title = "tailorbird: problems in the config; the parts they are in are left out";
      console.warn([title, ...problems].join("\n  "));
    }
    page?.connect(running);
    if (settings.attributes !== undefined)
      running.attributes(plainObject(settings.attributes, "start({ attributes })"));
    running.start();
    if (page) locateVisitor(running, guard, config, chunks.country);
  })();
  onCreated(tailorbird);
  guard.run(() => {
    if (!settings.waitsForHydration) ready();
    dispatch("ready", { available: true }, target);
  })();
  if (page) {
    const texts = guard.wrap(
      () => running.panelTexts() as PanelTexts,
      () => ({}),
    );
    findPanel(tailorbird, texts, chunks.privacy);
  }
  return tailorbird;
};

export type { EventNames };
