/** What each slot shows, and why, in the engine's own words. */

import type { Explanation } from "../loader/types.js";
import { fill, hint, make, section, type Panel, type Section } from "./parts.js";

export const createDecisions = ({ tailorbird, words }: Panel): Section => {
  const { say } = words;
  const here = make("ul", "decisions");
  const none = make("p", "", say("none"));
  const others = make("ul", "decisions");
  const elsewhere = make("details", "more", make("summary", "summary", say("elsewhere")), others);

  const row = ({ slot, variant, level, reasons }: Explanation): HTMLElement => {
    const shown = variant === null ? say("ownContent") : words.name(`${slot}:${variant}`, variant);
    const why = make("ul", "reasons", ...reasons.map((reason) => make("li", "", reason)));
    // The engine speaks English.
    why.lang = "en";
    why.dir = "ltr";
    const title = make("p", "decision", make("strong", "", words.name(slot)), `: ${shown}, ${say(level)}`);
    return make("li", "", title, why);
  };

  return {
    element: section(say("decisions"), hint(say("decisionsWhy")), here, none, elsewhere),
    refresh: () => {
      const all = tailorbird.explain();
      const [onPage, rest] = [true, false].map((is) => all.filter((one) => one.onPage == is)) as [
        Explanation[],
        Explanation[],
      ];
      fill(here, ...onPage.map(row));
      fill(others, ...rest.map(row));
      none.hidden = all.length > 0;
      elsewhere.hidden = !rest.length;
    },
  };
};
