/**
 * `tailorbird/openfeature`: the features of the config as flags of `@openfeature/web-sdk`.
 *
 * Of the SDK only types are used. What leaves through here is what the payload says of a flag:
 * its value, and which rule, experiment and variation gave it. Nothing of the visitor does.
 */

import type {
  AnyProviderEvent,
  ErrorCode,
  EvaluationContext,
  JsonValue,
  Provider,
  ProviderEventEmitter,
  ResolutionDetails,
  TrackingEventDetails,
} from "@openfeature/web-sdk";
import { changes } from "./changes.js";
import { emitter } from "./emitter.js";
import { lease, type Lease } from "./lease.js";
import type { Attributes, Json, StartOptions, Tailorbird } from "./types.js";

/** How a provider behaves. */
export interface ProviderOptions {
  /** How long the SDK waits for the engine before it counts as failed, in milliseconds; 5,000 unless told. */
  readonly timeoutMs?: number;
}

/** Why there is no engine, as long as it may still come in time. */
const WAITING = "the engine has not started yet";

/** OpenFeature's words for where a value comes from; for one that is forced it depends on the rule. */
const REASONS: { [source: string]: string } = { experiment: "SPLIT", defaultValue: "DEFAULT", prerequisite: "DISABLED" };

/** As the engine takes it. Throws where something in it cannot be told; so does a circle. */
const told = (value: unknown): Json | undefined => {
  if (value instanceof Date) return value.toISOString();
  if (/^(function|symbol|bigint)$/.test(typeof value)) throw value;
  if (Array.isArray(value)) return value.map(each => told(each) ?? null);
  if (!value || typeof value != "object") return value as Json | undefined;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, told(each)]));
};

/**
 * A provider for `@openfeature/web-sdk`: flags are the config's features, and the evaluation context
 * is laid over what the engine knows of the visitor, with `targetingKey` as the attribute `id`.
 *
 * A value from an experiment has the reason `SPLIT` and the variation's key as its variant. A forced
 * one is a `SPLIT` where its rule is for a part of the visitors, else a `TARGETING_MATCH` where it has
 * a condition and `STATIC` where it has none; the payload's own default is `DEFAULT`. Where a prerequisite does not hold the caller's default comes back as
 * `DISABLED`; prerequisites that lead in a circle are a `PARSE_ERROR`. Evaluating counts as met,
 * unless the value is not of the type that was asked for.
 *
 * `flagMetadata` has `source`, `propensity`, and where there is one `rule` and `experiment`.
 */
export class TailorbirdProvider implements Provider {
  readonly metadata = { name: "tailorbird" } as const;
  readonly runsOn = "client" as const;
  readonly events: ProviderEventEmitter<AnyProviderEvent> = emitter();

  private engine: Tailorbird | undefined;
  /** Why there is no engine; empty while there is one. */
  private trouble = WAITING;
  private started: Promise<void> | undefined;
  private current: Lease | undefined;
  private readonly changes = changes(flagsChanged => this.emit("PROVIDER_CONFIGURATION_CHANGED", { flagsChanged }));
  /** Flags that are known to be of a type, each after the type's name. */
  private readonly fitting = new Set<string>();

  /**
   * Given an engine or the promise of one, the provider leaves it running when it is closed. Given
   * what `start()` takes, it starts an engine when the SDK initializes it and stops it when closed,
   * unless somebody else has joined it meanwhile.
   */
  constructor(
    private readonly given: Tailorbird | PromiseLike<Tailorbird> | StartOptions,
    private readonly options: ProviderOptions = {},
  ) {}

  /** Waits for the engine; rejects, with the reason, where there will be none or it takes too long. */
  initialize(): Promise<void> {
    const { timeoutMs = 5_000 } = this.options;
    const current = (this.current = lease(this.given, reason => this.missing(reason)));
    const arrival = current.engine.then(engine => {
      if (this.current != current) return;
      const late = this.trouble != WAITING;
      this.engine = engine;
      this.trouble = "";
      // Otherwise the SDK says so itself.
      if (late) this.emit("PROVIDER_READY");
      this.changes.hear(engine);
    });
    let timer: ReturnType<typeof setTimeout>;
    const timeout = new Promise<void>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`the engine has not started within ${timeoutMs} ms`)), timeoutMs);
    });
    return (this.started = Promise.race([arrival, timeout])
      .catch((reason: unknown) => {
        if (this.current == current) this.trouble = reason instanceof Error ? reason.message : String(reason);
        throw reason;
      })
      .finally(() => clearTimeout(timer)));
  }

  /** Nothing is to be reconciled: each evaluation is given the context anew. */
  onContextChange(): Promise<void> | void {
    // The SDK takes the provider for ready when this returns.
    if (this.missing()) return this.engine ? Promise.reject(new Error(this.trouble)) : this.started;
  }

  async onClose(): Promise<void> {
    this.current?.end();
    this.current = this.engine = undefined;
    this.trouble = WAITING;
    this.changes.end();
    this.fitting.clear();
  }

  resolveBooleanEvaluation(flagKey: string, defaultValue: boolean, context: EvaluationContext): ResolutionDetails<boolean> {
    return this.resolve(flagKey, defaultValue, context, "boolean");
  }

  resolveStringEvaluation(flagKey: string, defaultValue: string, context: EvaluationContext): ResolutionDetails<string> {
    return this.resolve(flagKey, defaultValue, context, "string");
  }

  resolveNumberEvaluation(flagKey: string, defaultValue: number, context: EvaluationContext): ResolutionDetails<number> {
    return this.resolve(flagKey, defaultValue, context, "number");
  }

  /** Objects, lists and `null`. */
  resolveObjectEvaluation<T extends JsonValue>(flagKey: string, defaultValue: T, context: EvaluationContext): ResolutionDetails<T> {
    return this.resolve(flagKey, defaultValue, context, "object");
  }

  /** Tells the engine of an event, as its own `track` does; the context takes no part in it. The SDK logs what cannot be told. */
  track(name: string, _context: EvaluationContext, details: TrackingEventDetails): void {
    this.engine?.track(name, told(details) as Attributes);
    this.changes.look();
  }

  private resolve<T extends JsonValue>(key: string, otherwise: T, context: EvaluationContext, type: string): ResolutionDetails<T> {
    const failed = (code: `${ErrorCode}`, errorMessage: string): ResolutionDetails<T> => ({
      value: otherwise,
      reason: "ERROR",
      errorCode: code as ErrorCode,
      errorMessage,
    });
    let attributes: Attributes;
    try {
      const { targetingKey, ...rest } = context;
      attributes = told(targetingKey === undefined ? rest : { ...rest, id: targetingKey }) as Attributes;
    } catch {
      return failed("INVALID_CONTEXT", "the context holds a circle, or something that is no data");
    }
    try {
      // Who cannot use the value has not met it. So the first time is only a look; after that the
      // type is known, because the values of a feature are of one type.
      const fit = type + key;
      const fits = this.fitting.has(fit);
      const feature = this.engine?.feature(key, { attributes, peek: !fits });
      const missing = this.missing();
      if (missing || feature) this.changes.note(key, attributes, feature ?? null);
      if (missing) return failed("PROVIDER_NOT_READY", missing);
      if (!feature) return failed("FLAG_NOT_FOUND", `there is no feature ${key}`);
      const { source, rule, experiment, variation, propensity } = feature;
      const flagMetadata = { source, propensity, ...(rule !== null && { rule }), ...(experiment !== null && { experiment }) };
      if (source == "cyclicPrerequisite") {
        return { ...failed("PARSE_ERROR", `the prerequisites of ${key} lead in a circle`), flagMetadata };
      }
      const off = source == "prerequisite";
      if (!off && typeof feature.value != type) {
        return { ...failed("TYPE_MISMATCH", `${key} is of type ${typeof feature.value}, expected ${type}`), flagMetadata };
      }
      if (!fits) this.engine?.feature(key, { attributes });
      if (!off) this.fitting.add(fit);
      return {
        value: off ? otherwise : (feature.value as T),
        reason: REASONS[source] ?? (feature.propensity < 1 ? "SPLIT" : feature.targeted ? "TARGETING_MATCH" : "STATIC"),
        ...(variation !== null && { variant: variation }),
        flagMetadata,
      };
    } catch (reason) {
      return failed("GENERAL", String(reason));
    }
  }

  /** Why there is no engine; empty where there is one. The first time it is noticed the SDK is told. */
  private missing(reason = "the engine was stopped"): string {
    if (!this.trouble && !this.engine?.available) {
      this.trouble = reason;
      this.emit("PROVIDER_ERROR", { message: reason });
    }
    return this.trouble;
  }

  private emit(event: `${AnyProviderEvent}`, details: { message?: string; flagsChanged?: string[] } = {}): void {
    this.events.emit(event as AnyProviderEvent, details);
  }
}
