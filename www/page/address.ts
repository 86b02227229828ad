/** Where addresses in content may lead. */

export const WEB: readonly string[] = ["https:", "http:"];
export const LINKS: readonly string[] = [...WEB, "mailto:", "tel:"];

/** Whether an address, resolved as the browser does, has one of these schemes or the page's own. */
export const leadsTo = (address: string, schemes: readonly string[]): boolean => {
  try {
    const { protocol } = new URL(address, document.baseURI);
    // Relative addresses within an app that is served from its own scheme.
    const own = location.protocol;
    return schemes.includes(protocol) || (protocol == own && !/^(javascript|data|blob|about):$/.test(own));
  } catch {
    return false;
  }
};

/** The addresses of a `srcset`. */
export const candidatesOf = (srcset: string): string[] =>
  srcset.split(",").map((candidate) => candidate.trim().split(/\s+/)[0] ?? "");

/** The site that an address leads to, with its scheme; `undefined` where it is no address. */
export const siteOf = (address: string): string | undefined => {
  try {
    const { protocol, host } = new URL(address, document.baseURI);
    return `${protocol}//${host}`;
  } catch {
    return undefined;
  }
};
