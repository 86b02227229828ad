/** The tabs, by the ARIA pattern: https://www.w3.org/WAI/ARIA/apg/patterns/tabs/. Arrow keys turn to the next. */

import { make } from "../panel/parts.js";

export interface Tabs<Name extends string> {
  readonly list: HTMLElement;
  readonly panels: HTMLElement;
  readonly selected: Name;
  panel(name: Name): HTMLElement;
  /** How many things there are to see in a pane. */
  count(name: Name, count: number): void;
  focus(): void;
}

/** `turn` is called where another one is selected. */
export const createTabs = <Name extends string>(
  names: readonly Name[],
  first: Name | undefined,
  turn: (name: Name) => void,
): Tabs<Name> => {
  const list = make("div", "tabs");
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", "Panes");
  const panels = make("div", "panels");
  const tabs = new Map<Name, { tab: HTMLButtonElement; panel: HTMLElement; count: HTMLElement }>();
  let selected = first ?? names[0]!;

  const select = (name: Name): void => {
    selected = name;
    for (const [each, { tab, panel }] of tabs) {
      const isSelected = each == name;
      tab.setAttribute("aria-selected", String(isSelected));
      // Only the selected one is reached by Tab; the others by arrow keys.
      tab.tabIndex = isSelected ? 0 : -1;
      panel.hidden = !isSelected;
    }
  };
  for (const name of names) {
    const count = make("span", "count");
    const tab = make("button", "tab", name, count);
    tab.type = "button";
    tab.id = `tab-${name}`;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", `panel-${name}`);
    const panel = make("div", "panel");
    panel.id = `panel-${name}`;
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", tab.id);
    // What scrolls has to be reached by the keyboard.
    panel.tabIndex = 0;
    tabs.set(name, { tab, panel, count });
    tab.addEventListener("click", () => {
      if (name == selected) return;
      select(name);
      turn(name);
    });
    list.append(tab);
    panels.append(panel);
  }
  list.addEventListener("keydown", (event) => {
    const at = names.indexOf(selected);
    const to = {
      ArrowRight: (at + 1) % names.length,
      ArrowLeft: (at + names.length - 1) % names.length,
      Home: 0,
      End: names.length - 1,
    }[event.key];
    const name = to === undefined ? undefined : names[to];
    if (name === undefined) return;
    event.preventDefault();
    select(name);
    tabs.get(name)?.tab.focus();
    turn(name);
  });
  select(selected);
  const of = (name: Name): { tab: HTMLElement; panel: HTMLElement; count: HTMLElement } => tabs.get(name)!;
  return {
    list,
    panels,
    selected,
    panel: (name) => of(name).panel,
    count: (name, count) => {
      const { tab, count: element } = of(name);
      element.textContent = count ? String(count) : "";
      if (count) tab.setAttribute("aria-label", `${name}, ${count} to see`);
      else tab.removeAttribute("aria-label");
    },
    focus: () => of(selected).tab.focus({ preventScroll: true }),
  };
};
