/** What this device has counted: `tailorbird.report()`. */

import { make } from "../../panel/parts.js";
import type { Pane } from "../inspector.js";
import { row, update } from "../rows.js";

export const createCounts = (): Pane => {
  const list = make("ul", "facts");
  return {
    element: make("div", "pane", list),
    refresh: () => update(list, [row("li", "none", "none", "Nothing is counted yet.")]),
  };
};
