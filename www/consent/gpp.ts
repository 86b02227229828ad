/**
 * Consent tools that speak IAB GPP: https://github.com/InteractiveAdvertisingBureau/Global-Privacy-Platform
 *
 * In its sections of the United States a visitor opts out: 1 is a no to both purposes. Nothing else is an answer.
 */

import type { Source } from "./statement.js";

/** A section has parts: one of fields, and one of what the browser said. */
type Part = { readonly [field: string]: unknown };

interface GppEvent {
  readonly pingData?: {
    readonly signalStatus?: string;
    readonly parsedSections?: { readonly [section: string]: Part | readonly Part[] };
  };
}

declare global {
  interface Window {
    __gpp?(command: string, listener: (event: GppEvent, success: boolean) => void): void;
  }
}

const OPT_OUTS = ["SaleOptOut", "SharingOptOut", "TargetedAdvertisingOptOut", "Gpc"];

export const gpp: Source = ({ state }) => {
  window.__gpp?.("addEventListener", ({ pingData }, success) => {
    if (!success || pingData?.signalStatus != "ready") return;
    const sections = Object.entries(pingData.parsedSections ?? {}).filter(([name]) => name.startsWith("us"));
    const parts = sections.flatMap(([, section]) => section);
    const isOut = parts.some((part) => OPT_OUTS.some((field) => part[field] === 1 || part[field] === true));
    // A visitor who opts in again takes the no back.
    state(isOut ? { personalize: false, measure: false } : { personalize: null });
  });
  return !!window.__gpp;
};
