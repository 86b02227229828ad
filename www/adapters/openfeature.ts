/**
 * `tailorbird/openfeature`: the features of the config as flags of `@openfeature/web-sdk`.
 *
 * A result holds what the config says about a flag: its value, and which rule, experiment and
 * variation set it. It holds nothing about the visitor.
 */

import {
  ErrorCode,
  OpenFeatureEventEmitter,
  ProviderEvents,
  type AnyProviderEvent,
  type EvaluationContext,
  type JsonValue,
  type Provider,
  type ProviderEventEmitter,
  type ResolutionDetails,
  type TrackingEventDetails,
} from "@openfeature/web-sdk";
import type { Attributes, Json, StartOptions, Tailorbird } from "../loader/types.js";
import { leaseEngine, type EngineLease } from "./engine_lease.js";
import { createFeatureChanges } from "./feature_changes.js";

/** Options of the provider. */
export interface ProviderOptions {
  /** How long the SDK waits for the engine, in milliseconds. The default is 5,000. */
  readonly timeoutMs?: number;
}

/** The problem while the engine may still start in time. */
const WAITING = "the engine has not started yet";

/** OpenFeature's words for where a value comes from; for a forced one it depends on the rule. */
const REASONS: { [source: string]: string } = {
  experiment: "SPLIT",
  defaultValue: "DEFAULT",
  prerequisite: "DISABLED",
};

/** The value as JSON holds it. Throws for functions, symbols and the like, and for a cycle. */
const toJson = (value: unknown): Json | undefined => {
  if (value instanceof Date) return value.toISOString();
  if (/^(function|symbol|bigint)$/.test(typeof value)) throw value;
  if (Array.isArray(value)) return value.map((each) => toJson(each) ?? null);
  if (!value || typeof value != "object") return value as Json | undefined;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, toJson(each)]));
};

/**
 * A provider for `@openfeature/web-sdk`: flags are the config's features, and the evaluation context
 * overrides the visitor's attributes, with `targetingKey` as the attribute `id`.
 *
 * A value from an experiment has the reason `SPLIT` and the variation's key as its variant. A forced
 * one is a `SPLIT` where its rule covers a share of the visitors, else a `TARGETING_MATCH` where it has
 * a condition and `STATIC` where it has none; the feature's own default is `DEFAULT`. Where a
 * prerequisite fails, the result is the caller's default with the reason `DISABLED`; cyclic
 * prerequisites are a `PARSE_ERROR`. Evaluating records an exposure, unless the value is not of the
 * requested type.
 *
 * `flagMetadata` has `source`, `propensity`, and where there is one `rule` and `experiment`.
 */
export class TailorbirdProvider implements Provider {
  readonly metadata = { name: "tailorbird" } as const;
  readonly runsOn = "client" as const;
  readonly events: ProviderEventEmitter<AnyProviderEvent> = new OpenFeatureEventEmitter();

  private engine: Tailorbird | undefined;
  /** Why there is no engine; empty while there is one. */
  private problem = WAITING;
  private started: Promise<void> | undefined;
  private lease: EngineLease | undefined;
  private readonly changes = createFeatureChanges((flagsChanged) =>
    this.emit(ProviderEvents.ConfigurationChanged, { flagsChanged }),
  );
  /** Flags whose type is known, each with the type's name before it. */
  private readonly typed = new Set<string>();

  /**
   * Given an engine or the promise of one, the provider leaves it running when it is closed. Given
   * the options of `start()`, it starts an engine when the SDK initializes it and stops it when closed,
   * unless another start has joined it meanwhile.
   */
  constructor(
    private readonly given: Tailorbird | PromiseLike<Tailorbird> | StartOptions,
    private readonly options: ProviderOptions = {},
  ) {}

  /** Waits for the engine; rejects, with the reason, where there will be none or it takes too long. */
  initialize(): Promise<void> {
    const { timeoutMs = 5_000 } = this.options;
    const lease = (this.lease = leaseEngine(this.given, (reason) => this.checkProblem(reason)));
    const arrival = lease.engine.then((engine) => {
      if (this.lease != lease) return;
      const late = this.problem != WAITING;
      this.engine = engine;
      this.problem = "";
      // Otherwise the SDK emits it itself.
      if (late) this.emit(ProviderEvents.Ready);
      this.changes.watch(engine);
    });
    let timer: ReturnType<typeof setTimeout>;
    const timeout = new Promise<void>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`the engine has not started within ${timeoutMs} ms`)), timeoutMs);
    });
    return (this.started = Promise.race([arrival, timeout])
      .catch((reason: unknown) => {
        if (this.lease == lease) this.problem = reason instanceof Error ? reason.message : String(reason);
        throw reason;
      })
      .finally(() => clearTimeout(timer)));
  }

  /** Nothing has to be reconciled: each evaluation is given the context. */
  onContextChange(): Promise<void> | void {
    // The SDK considers the provider ready when this returns.
    if (this.checkProblem()) return this.engine ? Promise.reject(new Error(this.problem)) : this.started;
  }

  onClose(): Promise<void> {
    this.lease?.end();
    this.lease = this.engine = undefined;
    this.problem = WAITING;
    this.changes.end();
    this.typed.clear();
    return Promise.resolve();
  }

  resolveBooleanEvaluation(
    flagKey: string,
    defaultValue: boolean,
    context: EvaluationContext,
  ): ResolutionDetails<boolean> {
    return this.resolve(flagKey, defaultValue, context, "boolean");
  }

  resolveStringEvaluation(
    flagKey: string,
    defaultValue: string,
    context: EvaluationContext,
  ): ResolutionDetails<string> {
    return this.resolve(flagKey, defaultValue, context, "string");
  }

  resolveNumberEvaluation(
    flagKey: string,
    defaultValue: number,
    context: EvaluationContext,
  ): ResolutionDetails<number> {
    return this.resolve(flagKey, defaultValue, context, "number");
  }

  /** Objects, lists and `null`. */
  resolveObjectEvaluation<T extends JsonValue>(
    flagKey: string,
    defaultValue: T,
    context: EvaluationContext,
  ): ResolutionDetails<T> {
    return this.resolve(flagKey, defaultValue, context, "object");
  }

  /** Records an event, as the engine's own `track` does; the context is not used. The SDK logs details that JSON cannot hold. */
  track(name: string, _context: EvaluationContext, details: TrackingEventDetails): void {
    this.engine?.track(name, toJson(details) as Attributes);
    this.changes.check();
  }

  private resolve<T extends JsonValue>(
    key: string,
    defaultValue: T,
    context: EvaluationContext,
    type: string,
  ): ResolutionDetails<T> {
    const failed = (errorCode: ErrorCode, errorMessage: string): ResolutionDetails<T> => ({
      value: defaultValue,
      reason: "ERROR",
      errorCode,
      errorMessage,
    });
    let attributes: Attributes;
    try {
      const { targetingKey, ...rest } = context;
      attributes = toJson(targetingKey === undefined ? rest : { ...rest, id: targetingKey }) as Attributes;
    } catch {
      return failed(ErrorCode.INVALID_CONTEXT, "the context holds a cycle, or something that JSON cannot hold");
    }
    try {
      // A caller that cannot use the value was not exposed to it. So the first evaluation is only a peek; after
      // that the type is known, because the values of a feature are of one type.
      const typedKey = type + key;
      const isTyped = this.typed.has(typedKey);
      const feature = this.engine?.feature(key, { attributes, peek: !isTyped });
      const problem = this.checkProblem();
      if (problem || feature) this.changes.remember(key, attributes, feature ?? null);
      if (problem) return failed(ErrorCode.PROVIDER_NOT_READY, problem);
      if (!feature) return failed(ErrorCode.FLAG_NOT_FOUND, `there is no feature ${key}`);
      const { source, rule, experiment, variation, propensity } = feature;
      const flagMetadata = {
        source,
        propensity,
        ...(rule !== null && { rule }),
        ...(experiment !== null && { experiment }),
      };
      if (source == "cyclicPrerequisite") {
        return { ...failed(ErrorCode.PARSE_ERROR, `the prerequisites of ${key} are cyclic`), flagMetadata };
      }
      const disabled = source == "prerequisite";
      if (!disabled && typeof feature.value != type) {
        return {
          ...failed(ErrorCode.TYPE_MISMATCH, `${key} is of type ${typeof feature.value}, expected ${type}`),
          flagMetadata,
        };
      }
      if (!isTyped) this.engine?.feature(key, { attributes });
      if (!disabled) this.typed.add(typedKey);
      return {
        value: disabled ? defaultValue : (feature.value as T),
        reason: REASONS[source] ?? (feature.propensity < 1 ? "SPLIT" : feature.targeted ? "TARGETING_MATCH" : "STATIC"),
        ...(variation !== null && { variant: variation }),
        flagMetadata,
      };
    } catch (reason) {
      return failed(ErrorCode.GENERAL, String(reason));
    }
  }

  /** Why there is no engine; empty where there is one. Emits an error when the engine is found to be gone. */
  private checkProblem(reason = "the engine was stopped"): string {
    if (!this.problem && !this.engine?.available) {
      this.problem = reason;
      this.emit(ProviderEvents.Error, { message: reason });
    }
    return this.problem;
  }

  private emit(event: ProviderEvents, details: { message?: string; flagsChanged?: string[] } = {}): void {
    this.events.emit(event, details);
  }
}
