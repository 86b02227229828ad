/**
 * The boot snippet, to be inlined in `<head>`: shows what slots showed on the last visit, before first paint and
 * before the engine has loaded.
 *
 * ```html
 * <script data-consent="granted">…</script>
 * ```
 *
 * It reads the device only where its own tag says that the visitor allows it: `data-consent="granted"`, written by the
 * server, or `data-consent-cookie="NAME=TEXT"`, where the cookie of that name has that text in it; and where the browser
 * does not send Global Privacy Control. Then `<html>` gets
 * `data-tb-SLOT="VARIANT"` for each slot, and with `data-text` the texts of slots are set as they are parsed. Where
 * nothing is known of the visitor, elements marked `data-tb-hide` are hidden until the engine has decided, for at
 * most 300 ms; their height stays.
 *
 * It is at most 1,000 bytes and runs in less than a millisecond. `src/page/last_decisions.rs` writes what it reads.
 */

/** A text node, what the page had there, and what the snippet has put there. */
export type BootText = [node: Text, original: string, text: string];

declare global {
  interface Window {
    /** What the boot snippet has changed. The engine takes it back before it changes anything itself. */
    tailorbirdBoot?: BootText[];
  }
}

const HIDDEN_MS = 300;

try {
  const page = document;
  const root = page.documentElement;
  const { consent, consentCookie, namespace = "", text } = (page.currentScript as HTMLScriptElement).dataset;
  // Reading the cookies asks another process, and costs more than all the rest.
  // What is not allowed, or not there, is one word and no line.
  const [config, ...lines] = `${
    navigator.globalPrivacyControl ||
    ((consent == "granted" || (consentCookie && page.cookie.match("(^| )" + consentCookie.replace("=", "=[^;]*")))) &&
      (localStorage[`tailorbird${namespace && "-" + namespace}.d`] as string))
  }`.split("\n");
  if (lines[0]) {
    root.dataset.tb = config!;
    let waiting: [selector: string, text: string][] = [];
    const shown: BootText[] = (self.tailorbirdBoot = []);
    for (const line of lines) {
      const [slot, variant, ...texts] = line.split("\t");
      root.setAttribute("data-tb-" + slot!, variant!);
      while (text != null && 1 in texts) {
        waiting.push([`[data-tb-slot=${slot!}] ${texts.shift()!}`, texts.shift()!]);
      }
    }
    const fill = (mutations?: unknown): void => {
      waiting = waiting.filter(([selector, text]) => {
        const element = root.querySelector(selector);
        // Text and nothing else; where something follows, the parser is done with it.
        let at: Node | null = element;
        while (at && !at.nextSibling) at = at.parentNode;
        const node = (at || !mutations) && !element?.children[0] && (element?.firstChild as Text | null);
        return !(node && shown.push([node, node.data, (node.data = text)]));
      });
    };
    const observer = new MutationObserver(fill);
    observer.observe(root, { childList: true, subtree: true });
    // Chromium sends this before it tells the observer of what it parsed last.
    addEventListener("DOMContentLoaded", () => {
      fill();
      observer.disconnect();
    });
  } else {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("[data-tb-hide]{visibility:hidden}");
    page.adoptedStyleSheets = [sheet];
    const reveal = (): unknown => (sheet.disabled = true);
    page.addEventListener("tailorbird:decision", reveal);
    setTimeout(reveal, HIDDEN_MS);
  }
} catch {
  // The page as it was sent.
}
