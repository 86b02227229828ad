/** Reads the options of `start()` and of the script tag: own properties only, and a word about what is wrong. */

import { ownProperty, plain } from "./plain.js";
import type { StartOptions } from "./types.js";
import { nearest, warnOnce } from "./warn.js";

const CONSENTS = ["auto", "granted", "denied", "session"] as const;

const NAMES = ["config", "consent", "attributes", "dataLayer", "wait", "namespace", "debug", "inspect", "wasm"];

export interface Settings {
  readonly config: object | string | undefined;
  readonly consent: (typeof CONSENTS)[number];
  readonly attributes: unknown;
  readonly dataLayer: string;
  readonly namespace: string;
  readonly waitsForHydration: boolean;
  readonly debug: boolean;
  readonly inspect: boolean;
}

/** The option, if it is a text. */
const textOption = (given: unknown, name: keyof StartOptions): string | undefined => {
  const value = ownProperty(given, name);
  return typeof value == "string" ? value : undefined;
};

/** A value for a warning. Not `String()`, which throws for an object without a prototype. */
const textOf = (value: unknown): string => JSON.stringify(plain(value) ?? null);

/** `as` is how the developer wrote the option: `consent` or `data-consent`. */
export const readOptions = (given: unknown, as: (name: string) => string = (name) => name): Settings => {
  for (const name of Object.keys(Object(given) as object)) {
    if (NAMES.includes(name)) continue;
    const meant = nearest(name, NAMES);
    warnOnce(`start() has no option "${name}"${meant ? `: did you mean "${meant}"?` : ""}`);
  }
  const consent = ownProperty(given, "consent") ?? "auto";
  const knownConsent = CONSENTS.find((known) => known === consent);
  if (!knownConsent) warnOnce(`${as("consent")}=${textOf(consent)} is unknown, expected ${CONSENTS.join(", ")}`);
  const wait = ownProperty(given, "wait");
  if (wait !== undefined && wait !== "hydration")
    warnOnce(`${as("wait")}=${textOf(wait)} is unknown, expected hydration`);
  const config = ownProperty(given, "config");
  return {
    config: typeof config == "string" || (typeof config == "object" && config) ? config : undefined,
    consent: knownConsent ?? "auto",
    attributes: ownProperty(given, "attributes"),
    dataLayer: textOption(given, "dataLayer") || "dataLayer",
    namespace: textOption(given, "namespace") ?? "",
    waitsForHydration: wait === "hydration",
    debug: ownProperty(given, "debug") === true,
    inspect: ownProperty(given, "inspect") === true,
  };
};
