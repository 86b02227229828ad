/**
 * The object that the site uses: creates the engine, connects it to the page, and passes calls on.
 *
 * Arguments are copied before the engine is entered. A bad argument is a warning in the console with
 * what to do, and never the end of personalization.
 */

import { listenToSources } from "../consent/sources.js";
import type { CountryModule } from "../geo/geo.js";
import { isEngineError, type Engine, type EngineConstructor, type Statement } from "../page/boundary.js";
import { endSandboxes, isInspected, openInspector, type InspectorModule } from "../inspector/inspector_loader.js";
import type { Guard } from "../page/guard.js";
import type { PageChunks } from "../page/page.js";
import { findPanel, type PanelModule, type PanelTexts } from "../panel/panel_loader.js";
import { takeOverPreview } from "../preview/preview_address.js";
import { createRecommend } from "../recommend/recommend_method.js";
import { createTransfer, type TransferModule } from "../transfer/profile_transfer.js";
import { createEventTarget, dispatch, EVENT_NAMES, listen, type EventNames } from "./events.js";
import { createInert } from "./inert.js";
import { nextTask } from "./next_task.js";
import type { Settings } from "./options.js";
import { ownProperty, plain, plainText, type Plain } from "./plain.js";
import { closeSession, openSession, type Session } from "./session.js";
import type {
  Audit,
  Consent,
  Decision,
  DeviceReport,
  Exported,
  ExportOptions,
  Feature,
  Profile,
  Report,
  Tailorbird,
  TailorbirdEvents,
} from "./types.js";
import { messageOf } from "./unavailable.js";
import { nearest, warnOnce } from "./warn.js";

/** Chunks that are loaded when they are needed. */
export interface Chunks extends PageChunks {
  /** Drops the instance of the wasm, with its memory zeroed, and makes another one. */
  renew(): void;
  country(): Promise<CountryModule>;
  transfer(): Promise<TransferModule>;
  privacy(): Promise<PanelModule>;
  audit(): Promise<AuditModule>;
  inspector(): Promise<InspectorModule>;
  /** The compiled wasm. */
  compiled(): WebAssembly.Module | undefined;
}

/** The chunk `tailorbird-audit.js`. */
export interface AuditModule {
  audit(module: WebAssembly.Module | undefined, consent: TailorbirdEvents["consent"]): Audit;
  /** The same, printed. */
  printAudit(module: WebAssembly.Module | undefined, consent: TailorbirdEvents["consent"]): Audit;
}

/** What the caller wants to know of. */
export interface Observer {
  /** What the page has queued of consent before the engine was there: it counts before anything is read. */
  queued?(): readonly unknown[];
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

/** What the option `consent` says of personalizing. */
const CONSENTS = { granted: true, denied: false, session: "session" } as const;

/**
 * In several tasks, so that none of them keeps a slow phone from answering the visitor. Rejects with an `EngineError`
 * where the config is refused as a whole.
 */
export const createTailorbird = async (
  EngineClass: EngineConstructor,
  config: unknown,
  settings: Settings,
  chunks: Chunks,
  { queued = () => [], onCreated, onStop, onTrap }: Observer,
): Promise<Tailorbird> => {
  await nextTask();
  // Before anything reads the address.
  if (ownProperty(config, "preview") === true) takeOverPreview();
  const inert = createInert();
  const target = createEventTarget();
  const subscriptions: (() => void)[] = [];
  const unsubscribe = (): void => {
    for (const off of subscriptions.splice(0)) off();
  };
  /** Aborted when there is no engine any more. */
  const life = new AbortController();
  let endPanel = (): void => {};
  const end = (): void => {
    life.abort();
    endPanel();
    unsubscribe();
  };
  let isReady = false;
  const open = (): Session =>
    openSession(EngineClass, config, settings, chunks, target, {
      onFail: (reason, engine) => {
        onTrap(engine);
        if (settings.debug) console.error("tailorbird:", reason);
        dispatch("unavailable", { reason: messageOf(reason) }, target);
        end();
      },
      onWithdraw: (handover) => {
        // Who hears of the withdrawal may stop the engine, and it may fail on the way: then none follows.
        if (life.signal.aborted) return;
        endSandboxes();
        closeSession(session);
        try {
          chunks.renew();
          session = open();
        } catch (reason) {
          // Some old browsers do not make an instance at once.
          onTrap(undefined);
          dispatch("unavailable", { reason: messageOf(reason) }, target);
          end();
          return;
        }
        session.begin((engine) => engine.resume(handover));
        if (isReady) session.ready();
      },
    });
  let session: Session;
  try {
    session = open();
  } catch (reason) {
    if (!isEngineError(reason)) onTrap(undefined);
    throw reason;
  }
  // Behind the guard of the engine that runs when it is called.
  const wrap: Guard["wrap"] =
    (entry, otherwise) =>
    (...args) =>
      session.guard.wrap(entry, otherwise)(...args);
  const run = <Args extends unknown[]>(entry: (...args: Args) => void): ((...args: Args) => void) =>
    wrap(entry, () => {});
  const guard = { wrap, run };
  const running = (): Engine => session.engine;

  /** The ids of the slots, for a warning. */
  const slotIds = guard.wrap(
    () =>
      running()
        .slots()
        .map(({ id }) => id),
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

  const ready = (): void => {
    isReady = true;
    session.ready();
  };

  const commands: { readonly [name: string]: (...args: never[]) => unknown } = {
    track: guard.run((name: unknown, params?: unknown) => {
      if (typeof name != "string" || !name) {
        warnOnce('track() needs the name of an event, such as track("view_item", { items: [...] })');
        return;
      }
      running().track(plainText(name), plainObject(params, `track("${plainText(name)}", parameters)`));
    }),
    attributes: guard.run((given: unknown) => running().attributes(plainObject(given, "attributes({ ... })"))),
    consent: (given: unknown): Promise<void> => {
      guard.run(() => running().consent(plainConsent(given)))();
      // A withdrawal is done once this engine is dropped, which waits for those that have called it.
      return new Promise((resolve) => session.guard.whenIdle(resolve));
    },
    forget: guard.run((interest: unknown) => running().forget(plainText(interest))),
    // What is no number is none from 0 to 1 either: the engine says what is expected.
    correct: guard.run((interest: unknown, share: unknown) =>
      running().correct(plainText(interest), typeof share == "number" ? share : NaN),
    ),
    pause: guard.run((paused: unknown) => {
      if (typeof paused == "boolean") running().pause(paused);
      else warnOnce("pause() is ignored: it takes true or false");
    }),
    erase: guard.run(() => running().erase()),
    prompt: guard.run((id: unknown) => running().prompt(plainText(id))),
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

  const { exportFile, importFile } = createTransfer(
    running,
    guard,
    settings.namespace,
    chunks.transfer,
    inert,
    () => session.guard.signal.aborted,
  );

  const audit = (how: keyof AuditModule): Tailorbird["audit"] =>
    guard.wrap(() => {
      const consent = running().consentInEffect() as TailorbirdEvents["consent"];
      const audited = chunks.audit().then((module) => module[how](chunks.compiled(), consent));
      return audited.catch(() => inert.audit());
    }, inert.audit);
  const inspect = (takesFocus: boolean): Promise<boolean> => {
    const { dataLayer } = settings;
    const inspected = { tailorbird, running, guard, config, dataLayer, audit: audit("audit") };
    return openInspector(inspected, chunks.inspector, takesFocus);
  };

  const tailorbird: Tailorbird = {
    get available() {
      return !session.guard.signal.aborted;
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
    decide: guard.wrap(
      (slot) => forSlot("decide", slot, (id) => running().decide(id)) as Decision | null,
      inert.decide,
    ),
    peek: guard.wrap((slot) => forSlot("peek", slot, (id) => running().peek(id)) as Decision | null, inert.peek),
    explain: guard.wrap((what?: unknown) => {
      if (what === undefined) return slotIds().map((id) => running().explain(id));
      return plainText(what) == "prompts" && !slotIds().includes("prompts")
        ? running().explainPrompts()
        : forSlot("explain", what, (id) => running().explain(id));
    }, inert.explain) as Tailorbird["explain"],
    prompt: commands["prompt"] as Tailorbird["prompt"],
    feature: guard.wrap((key: unknown, options?: unknown) => {
      const name = plainText(key);
      if (options !== undefined && (options === null || typeof options != "object")) {
        warnOnce(`feature("${name}", options): expected an object, such as { attributes: { ... } }`);
      }
      const attributes = plainObject(ownProperty(options, "attributes"), `feature("${name}", { attributes })`);
      try {
        const result = running().feature(name, attributes, ownProperty(options, "peek") === true) ?? null;
        return result as Feature | null;
      } catch (reason) {
        if (!isEngineError(reason)) throw reason;
        warnOnce(`feature("${name}"): the config has no such feature`);
        return null;
      }
    }, inert.feature),
    recommend: createRecommend(
      running,
      guard,
      (request) => session.rank(request),
      (options) => plainObject(options, "recommend({ ... })"),
    ),
    profile: guard.wrap(() => running().profile() as Partial<Profile>, inert.profile),
    report: guard.wrap(() => running().report() as DeviceReport, inert.report),
    reports: guard.wrap(() => running().reports() as Report[], inert.reports),
    export: guard.wrap(
      (options?: ExportOptions) =>
        options
          ? exportFile({ passphrase: ownProperty(options, "passphrase") as string })
          : (running().export() as Partial<Exported>),
      inert.export,
    ) as Tailorbird["export"],
    audit: audit("printAudit"),
    inspect: (): Promise<boolean> => inspect(true),
    locate: guard.wrap(() => running().locate(), inert.locate),
    import: guard.wrap((file, passphrase) => importFile(file, passphrase), inert.import),
    stop: () => {
      const last = session;
      if (!last.guard.end()) return;
      onStop();
      dispatch("stop", {}, target);
      end();
      // A listener may stop the engine while the engine is dispatching to it.
      last.guard.whenIdle(() => {
        if (!closeSession(last)) onTrap(last.engine);
      });
    },
  };

  if (EngineClass.crash) Object.defineProperty(tailorbird, "crash", { value: EngineClass.crash });
  await nextTask();
  session.begin((engine) => {
    if (settings.attributes !== undefined) engine.attributes(plainObject(settings.attributes, "start({ attributes })"));
    const { consent } = settings;
    const isAuto = consent == "auto";
    const later = guard.run((statement: Statement) => running().consent(statement));
    engine.start([
      { ...(isAuto ? {} : { personalize: CONSENTS[consent] }), silent: true, auto: isAuto },
      ...queued().map((given) => plainConsent(given)),
      ...listenToSources(config, isAuto, life.signal, later),
    ]);
  });
  await nextTask();
  onCreated(tailorbird);
  guard.run(() => {
    if (!settings.waitsForHydration) ready();
    dispatch("ready", { available: true }, target);
  })();
  // Not before: the visitor does not wait for what only a developer reads.
  guard.run(() => {
    const problems = running().problems();
    if (problems.length) {
      const title = "tailorbird: problems in the config; the parts they are in are left out";
      console.warn([title, ...problems].join("\n  "));
    }
  })();
  if (typeof document != "undefined") {
    const texts = guard.wrap(
      () => running().panelTexts() as PanelTexts,
      () => ({}),
    );
    endPanel = findPanel(tailorbird, texts, chunks.privacy);
    if (isInspected(config, settings.inspect)) void inspect(false);
  }
  return tailorbird;
};

export type { EventNames };
