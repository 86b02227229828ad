/**
 * Consent tools that speak IAB TCF 2.3: https://github.com/InteractiveAdvertisingBureau/GDPR-Transparency-and-Consent-Framework
 *
 * A site's own purposes are stated in `publisher`, else those of vendors count. A profile on the device needs purposes 1
 * (store and read), 5 and 6 (a profile for content, and content by it); measuring content needs 1 and 8.
 */

import type { Source } from "./statement.js";

interface Purposes {
  readonly consents?: { readonly [purpose: number]: boolean };
}

interface TcData {
  readonly eventStatus: "tcloaded" | "cmpuishown" | "useractioncomplete";
  readonly gdprApplies?: boolean;
  readonly purpose?: Purposes;
  readonly publisher?: Purposes;
}

declare global {
  interface Window {
    __tcfapi?(command: string, version: 2, listener: (data: TcData, success: boolean) => void): void;
  }
}

export const tcf: Source = ({ state }) => {
  window.__tcfapi?.("addEventListener", 2, ({ eventStatus, gdprApplies, purpose, publisher }, success) => {
    // Where the law does not apply, nothing was asked.
    if (!success || gdprApplies === false || eventStatus == "cmpuishown") return;
    const allows = (...purposes: number[]): boolean =>
      purposes.every((number) => publisher?.consents?.[number] ?? purpose?.consents?.[number] ?? false);
    state({ personalize: allows(1, 5, 6), measure: allows(1, 8) });
  });
  return !!window.__tcfapi;
};
