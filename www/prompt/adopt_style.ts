/**
 * Adopts a style sheet; the returned function removes it. A sheet made by script works under every content
 * security policy, a `<style>` does not.
 */
export const adoptStyle = (root: Document | ShadowRoot, text: string): (() => void) => {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    return () => {
      root.adoptedStyleSheets = root.adoptedStyleSheets.filter((other) => other != sheet);
    };
  } catch {
    // Safari before 16.4 cannot make one.
    const element = document.createElement("style");
    element.textContent = text;
    (root instanceof Document ? root.head : root).append(element);
    return () => element.remove();
  }
};
