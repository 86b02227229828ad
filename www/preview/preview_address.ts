/**
 * Previews in addresses, by the parameter `tb`: they last for the tab without anything being stored. While there is one,
 * the page's own address holds it, and a page of the same origin that comes next takes it over from its referrer. That the
 * inspector is open lasts in the same way, by `tb-inspect`.
 */

const PARAMETER = "tb";
const INSPECT = "tb-inspect";

/** A page that keeps rewriting its address is not fought for ever. */
const MOST_WRITES = 100;

let writes = 0;
let isTakenOver = false;

/** The address with this in the parameter, or without the parameter. Nothing else of it changes, not how it is escaped. */
const withPreview = (address: string, preview: string, parameter: string): string => {
  const url = new URL(address);
  const pairs = url.search.slice(1).split("&");
  const kept = pairs.filter((pair) => pair && pair != parameter && !pair.startsWith(`${parameter}=`));
  // What separates is written as it is: it means nothing else in a query.
  if (preview) kept.push(`${parameter}=${encodeURIComponent(preview).replace(/%3A/g, ":").replace(/%2C/g, ",")}`);
  url.search = kept.join("&");
  return url.href;
};

const previewOf = (address: string, parameter = PARAMETER): string => {
  const value = new URL(address).searchParams.get(parameter);
  // Whoever writes the address by hand writes `?tb-inspect`.
  return value === "" && parameter == INSPECT ? "1" : (value ?? "");
};

/** Whether the page's own address asks for the inspector. */
export const asksForInspector = (): boolean => {
  try {
    return previewOf(location.href, INSPECT) != "";
  } catch {
    return false; // a page that has broken `URL`
  }
};

/** Keeps in the page's own address that the inspector is open, or takes that out. */
export const keepInspector = (isOpen: boolean): void => keepInAddress(isOpen ? "1" : "", INSPECT);

/** Writes the page's own address, with the state that the page's router keeps there. */
export const keepInAddress = (preview: string, parameter = PARAMETER): void => {
  try {
    if (previewOf(location.href, parameter) == preview || writes >= MOST_WRITES) return;
    writes++;
    const { replaceState } = History.prototype;
    // Not by `history.replaceState`: routers and analytics have put their own there, and this is no page view.
    replaceState.call(history, history.state, "", withPreview(location.href, preview, parameter));
  } catch {
    // Safari allows 100 writes in half a minute, and some pages, such as those in a `srcdoc`, none.
  }
};

/** Takes over what the page before has previewed. Once a document: who leaves a preview has left it. */
export const takeOverPreview = (): void => {
  if (typeof document == "undefined" || isTakenOver) return;
  isTakenOver = true;
  try {
    const [entry] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
    const isNew = !entry || entry.type == "navigate";
    // A page that is loaded again, or gone back to, has it in its own address, unless it was left there.
    const { referrer } = document;
    if (!isNew || new URL(referrer).origin != location.origin) return;
    for (const parameter of [PARAMETER, INSPECT]) {
      if (new URL(location.href).searchParams.has(parameter)) continue;
      keepInAddress(previewOf(referrer, parameter), parameter);
    }
  } catch {
    // There is no referrer, or an element of the page has its name.
  }
};

/** Where a redirect leads: on the same origin with what is previewed here. */
export const keepInRedirect = (to: string): string => {
  const preview = previewOf(location.href);
  const url = new URL(to, location.href);
  return preview && url.origin == location.origin && !previewOf(url.href)
    ? withPreview(url.href, preview, PARAMETER)
    : to;
};
