/** Why something of a variant was not done. */

/** Nothing was changed. */
export interface Refusal {
  readonly reason: string;
  /**
   * `"invalid"`: it never will be. `"missing"`: something is not on the page, or not yet. `"unknown"`: something is
   * not known of the visitor, or not yet. `"busy"`: the visitor is writing just there.
   */
  readonly kind: "invalid" | "missing" | "unknown" | "busy";
}

/** Asks for an own property: a page may have put a `reason` on `Object.prototype`. */
export const isRefusal = (result: object): result is Refusal => Object.prototype.hasOwnProperty.call(result, "reason");
