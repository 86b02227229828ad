/** The visitor's interests, each with a slider that corrects it and a button that has it forgotten. */

import type { Interest } from "../loader/types.js";
import { button, focusHeading, hint, make, section, withId, type Panel, type Section } from "./parts.js";

/** One interest on the screen. */
interface Row {
  readonly element: HTMLElement;
  readonly forget: HTMLElement;
  show(interest: Interest): void;
}

export const createInterests = (panel: Panel): Section => {
  const { tailorbird, words, tell, refresh } = panel;
  const { say } = words;
  /** In the order in which they came: a row that moves away under the finger cannot be used. */
  const rows = new Map<string, Row>();
  const groups = new Map<string, HTMLElement>();
  const none = make("p", "", say("none"));
  const list = make("div", "interests");
  const element = section(say("interests"), hint(say("interestsWhy")), list, none);

  const forget = (interest: string, name: string): void => {
    const all = [...rows.keys()];
    const at = all.indexOf(interest);
    tailorbird.forget(interest);
    refresh();
    if (rows.has(interest)) return;
    // The focus goes on to the next, as the button that had it is gone.
    const next = rows.get(all[at + 1] ?? all[at - 1] ?? "");
    if (next) next.forget.focus();
    else focusHeading(element);
    tell(say("forgotten", { name }));
  };

  const createRow = ({ interest, dimension, key }: Interest): Row => {
    const name = words.name(interest, key);
    const slider = withId(make("input", "slider"));
    slider.type = "range";
    slider.max = "100";
    const label = make("label", "label", name);
    label.htmlFor = slider.id;
    const stated = withId(make("span", "stated"));
    slider.setAttribute("aria-describedby", stated.id);
    const share = make("output", "share");
    // It is read out with the slider, and would be so twice.
    share.setAttribute("aria-hidden", "true");
    const forgetIt = button(say("forget"), () => forget(interest, name));
    forgetIt.setAttribute("aria-label", say("forgetOne", { name }));
    /** Whether the visitor is moving it: then it does not follow what is known. */
    let moving = false;
    const write = (): void => {
      const text = words.percent(Number(slider.value) / 100);
      share.textContent = text;
      slider.setAttribute("aria-valuetext", text);
    };
    slider.addEventListener("input", () => {
      moving = true;
      write();
    });
    slider.addEventListener("change", () => {
      moving = false;
      tailorbird.correct(interest, Number(slider.value) / 100);
      refresh();
      tell(say("corrected", { name, share: share.textContent }));
    });
    const row = make("li", "interest", make("span", "named", label, stated), share, slider, forgetIt);
    group(dimension).append(row);
    return {
      element: row,
      forget: forgetIt,
      show: (now) => {
        stated.textContent = now.stated ? say("stated") : "";
        if (moving) return;
        slider.value = String(Math.round(now.share * 100));
        write();
      },
    };
  };

  /** The dimensions that a config has by itself have names of ours. */
  const dimensionName = (dimension: string): string =>
    dimension == "category" || dimension == "brand" ? words.name(dimension, say(dimension)) : words.name(dimension);

  /** The list of a dimension's interests. */
  const group = (dimension: string): HTMLElement => {
    const known = groups.get(dimension);
    if (known) return known;
    const title = withId(make("h4", "dimension", dimensionName(dimension)));
    const items = make("ul", "");
    items.setAttribute("aria-labelledby", title.id);
    list.append(make("div", "", title, items));
    groups.set(dimension, items);
    return items;
  };

  return {
    element,
    refresh: () => {
      const interests = tailorbird.profile().interests ?? [];
      for (const [interest, row] of rows) {
        if (interests.some((known) => known.interest == interest)) continue;
        row.element.remove();
        rows.delete(interest);
      }
      for (const interest of interests) {
        const row = rows.get(interest.interest) ?? createRow(interest);
        rows.set(interest.interest, row);
        row.show(interest);
      }
      for (const [dimension, items] of groups) {
        if (items.childElementCount) continue;
        items.parentElement?.remove();
        groups.delete(dimension);
      }
      none.hidden = rows.size > 0;
    },
  };
};
