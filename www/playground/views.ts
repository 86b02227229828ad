/** The tabs: config and page beside the result; on a narrow screen the result is a tab as well. */

/** One of the views. */
export type ViewName = "config" | "page" | "result";

const VIEWS = ["config", "page", "result"] as const;
/** `playground.css` has the same width. */
const wide = matchMedia("(min-width: 56.01rem)");

/** `main` has the tabs and the views, and gets the name of the open one. Returns what opens one. */
export const createViews = (main: HTMLElement): ((name: ViewName) => void) => {
  const tabOf = (name: ViewName): HTMLElement => document.getElementById(`tab-${name}`)!;
  const names = (): readonly ViewName[] => (wide.matches ? VIEWS.slice(0, 2) : VIEWS);
  let open: ViewName = "config";

  const select = (name: ViewName): void => {
    open = names().includes(name) ? name : "config";
    main.dataset["view"] = open;
    for (const each of VIEWS) {
      const tab = tabOf(each);
      tab.setAttribute("aria-selected", String(each == open));
      tab.tabIndex = each == open ? 0 : -1;
    }
    const result = document.getElementById("view-result")!;
    // Beside the editor it is no tab's panel.
    if (wide.matches) result.removeAttribute("role");
    else result.setAttribute("role", "tabpanel");
  };

  for (const name of VIEWS) {
    tabOf(name).addEventListener("click", () => select(name));
    tabOf(name).addEventListener("keydown", ({ key }) => {
      const step = key == "ArrowRight" ? 1 : key == "ArrowLeft" ? -1 : 0;
      if (!step) return;
      const all = names();
      const next = all[(all.indexOf(open) + step + all.length) % all.length]!;
      select(next);
      tabOf(next).focus();
    });
  }
  wide.addEventListener("change", () => select(open));
  select(open);
  return select;
};
