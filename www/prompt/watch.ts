/** What becomes of an open prompt without anybody answering it. */

/** How long it must be on the screen to be seen, in ms. */
const SEEN = 1_000;

/** How much of it must be on the screen: of a card on a small one there is never more. */
const SHARE = 0.3;

/** Calls `seen` once it was on the screen for a second, and `removed` where the page takes it away. */
export const watch = (element: Element, seen: () => void, removed: () => void): (() => void) => {
  let timer = 0;
  const screen = new IntersectionObserver(
    (entries) => {
      clearTimeout(timer);
      if (!entries[entries.length - 1]?.isIntersecting) return;
      timer = window.setTimeout(() => {
        if (document.hidden) return;
        screen.disconnect();
        seen();
      }, SEEN);
    },
    { threshold: SHARE },
  );
  screen.observe(element);
  // What is taken out of the document has no size any more, however much around it went as well.
  const size = new ResizeObserver(() => {
    if (!element.isConnected) removed();
  });
  size.observe(element);
  return () => {
    clearTimeout(timer);
    screen.disconnect();
    size.disconnect();
  };
};
