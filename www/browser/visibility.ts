/**
 * Which slots the visitor has before their eyes: any pixel counts as visible, half of it for a
 * second, in a tab that is in front, as an impression.
 */

import type { Visit } from "./visit.js";

const IMPRESSION_MS = 1000;

interface Seen {
  slot: string;
  any: boolean;
  half: boolean;
}

export interface Visibility {
  watch(element: Element, slot: string): void;
  drop(element: Element): void;
  /** The slot shows something else, or the page is another: what was seen before no longer counts. */
  again(slot?: string): void;
}

export const visibility = ({ send, guarded, listen, atEnd }: Visit): Visibility => {
  const elements = new Map<Element, Seen>();
  const visible = new Set<string>();
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const done = new Set<string>();

  const has = (slot: string, what: "any" | "half"): boolean => {
    for (const seen of elements.values()) if (seen.slot == slot && seen[what]) return true;
    return false;
  };

  const judge = (slot: string): void => {
    const any = has(slot, "any");
    if (any != visible.has(slot)) {
      if (any) visible.add(slot);
      else visible.delete(slot);
      send({ signal: "visible", slot, visible: any });
    }
    if (document.hidden || !has(slot, "half")) {
      clearTimeout(timers.get(slot));
      timers.delete(slot);
    } else if (!done.has(slot) && !timers.has(slot)) {
      timers.set(
        slot,
        setTimeout(
          guarded(() => {
            timers.delete(slot);
            done.add(slot);
            send({ signal: "impression", slot });
          }),
          IMPRESSION_MS,
        ),
      );
    }
  };
  const all = (): void => new Set(Array.from(elements.values(), seen => seen.slot)).forEach(judge);

  const observer = new IntersectionObserver(
    guarded((entries: IntersectionObserverEntry[]) => {
      for (const { target, isIntersecting, intersectionRatio } of entries) {
        const seen = elements.get(target);
        if (!seen) continue;
        seen.any = isIntersecting;
        seen.half = intersectionRatio >= 0.5;
      }
      all();
    }),
    { threshold: [0, 0.5] },
  );
  listen(document, "visibilitychange", all);
  atEnd(() => {
    observer.disconnect();
    timers.forEach(clearTimeout);
  });

  return {
    watch: (element, slot) => {
      elements.set(element, { slot, any: false, half: false });
      observer.observe(element);
    },
    drop: element => {
      const seen = elements.get(element);
      observer.unobserve(element);
      elements.delete(element);
      if (seen) judge(seen.slot);
    },
    again: only => {
      for (const slot of only ? [only] : visible) {
        clearTimeout(timers.get(slot));
        timers.delete(slot);
        done.delete(slot);
        judge(slot);
      }
    },
  };
};
