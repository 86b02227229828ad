/**
 * The slots of the page: finding their elements, showing variants in them, putting the page's own
 * content back. Only this module and what it uses change the page's DOM.
 *
 * The page has the last word. Where it restores its original, as a framework does that renders anew,
 * the variant is applied again; what the page or the visitor wrote instead stays. A page that keeps
 * restoring its original gets the slot back.
 */

import { dispatch } from "../loader/events.js";
import { nearest, warnOnce } from "../loader/warn.js";
import type { DeclaredSlot, Engine, Show } from "./boundary.js";
import type { Guard } from "./guard.js";
import { isOurs } from "./ours.js";
import { isParsed } from "./parsed.js";
import type { Fill } from "./placeholders.js";
import { isRefusal, type Refusal } from "./refusal.js";
import { createRootAttributes } from "./root_attributes.js";
import { createVariant, type Applied, type Variant } from "./variant.js";
import { addListener, conceded as noteConceded, refused as noteRefused } from "../loader/record.js";

/** How often the page may undo a slot within `LOSSES_MS`. */
const MOST_LOSSES = 10;
const LOSSES_MS = 2000;

/** An element that is replaced within this time after it was changed was replaced because of that. */
const ANSWER_MS = 30;

/** A page has settled this long after it was loaded, or after a variant was shown in it. */
const SETTLED_MS = 3000;

/**
 * Selectors may begin to match far from where elements were added. Those are looked for at most this often, and so are
 * values that are not known yet.
 */
const RESCAN_MS = 250;

/** So long may variants be applied in one task. A page with thousands of slots must not stand still. */
const SLICE_MS = 16;

/** The target of slots of the whole page, of which there may be several. */
const PAGE = ":root";

/** Above this many added nodes one query of the whole document is faster than one for each. */
const MANY_NODES = 100;

export interface Slots {
  show(show: Show): void;
  revert(slot: string): void;
  /** Starts looking at the page. Until then nothing on it changes. */
  begin(): void;
}

/** An element of a slot. One element may be of several, where they are of the whole page. */
interface SlotElement {
  readonly element: Element;
  readonly slot: string;
  /** The variant it shows. */
  applied?: Applied;
  appliedAt: number;
  /** Why it does not show the variant that it should. */
  refusal?: Refusal;
}

/** The variant that the engine wants in a slot. */
interface Showing {
  readonly show: Show;
  readonly variant: Variant;
  readonly since: number;
  /** What was reported to the engine last. */
  reported?: "applied" | "not applied";
  /** Whether a report is due when the page has settled. */
  reportDue?: boolean;
}

const isSlotElement = (node: Node): boolean => node instanceof Element && node.localName == "tb-slot";

/** The slot that an element names: `data-tb-slot="hero"` or `<tb-slot name="hero">`. */
const slotName = (element: Element): string | null =>
  element.getAttribute("data-tb-slot") ?? (isSlotElement(element) ? element.getAttribute("name") : null);

export const createSlots = (engine: Engine, declared: readonly DeclaredSlot[], guard: Guard, debug: boolean): Slots => {
  const ids = declared.map(({ id }) => id);
  const known = new Set(ids);
  /** Slots of the whole page, such as those of GrowthBook's visual changes. */
  const pageSlots = declared.filter(({ target }) => target == PAGE).map(({ id }) => id);
  const targets = declared.filter((slot): slot is { id: string; target: string } => {
    if (!slot.target || slot.target == PAGE) return false;
    try {
      document.createDocumentFragment().querySelector(slot.target);
      return true;
    } catch {
      warnOnce(`slot "${slot.id}" is on no page: its target "${slot.target}" is not a valid selector`);
      return false;
    }
  });
  const found = [...targets.map(({ target }) => target), ...(pageSlots.length ? [PAGE] : [])];
  const selector = ["[data-tb-slot]", "tb-slot[name]", ...found].join();

  const elements = new Map<Element, readonly SlotElement[]>();
  const bySlot = new Map<string, Set<SlotElement>>();
  /** Elements that the parser still adds to. */
  const unparsed = new Set<Element>();
  /** Those that are yet to be given their variant. */
  const waiting = new Set<SlotElement>();
  /** Those whose variant waits for the visitor to finish writing. */
  const busy = new Set<SlotElement>();
  /** Those beside whose element a variant has put something. */
  const around = new Set<SlotElement>();
  const rootAttributes = createRootAttributes(ids);
  const showings = new Map<string, Showing>();
  /** Slots that were left to the page. */
  const conceded = new Set<string>();
  const losses = new Map<string, number[]>();
  const timers = new Set<ReturnType<typeof setTimeout>>();
  let begun = false;
  let reportedIds = "";
  let rescanDue = false;
  let retryDue = false;
  let sliceDue = false;
  let loadedAt = Infinity;

  const after = (ms: number, work: () => void): void => {
    const timer = setTimeout(
      guard.run(() => {
        timers.delete(timer);
        work();
      }),
      ms,
    );
    timers.add(timer);
  };

  const elementsOf = (slot: string): ReadonlySet<SlotElement> => bySlot.get(slot) ?? new Set();

  const isKnown = (entry: SlotElement): boolean => !!elements.get(entry.element)?.includes(entry);

  /** Nothing on the page says that something has become known of the visitor. */
  const retryUnknown = (): void => {
    if (retryDue || performance.now() > loadedAt + SETTLED_MS) return;
    retryDue = true;
    after(RESCAN_MS, () => {
      retryDue = false;
      for (const entries of elements.values()) {
        for (const entry of entries) if (entry.refusal?.kind == "unknown") waiting.add(entry);
      }
      showWaiting();
    });
  };

  const showIn = (entry: SlotElement, { variant }: Showing): void => {
    if (!isKnown(entry) || entry.applied) return;
    const result = variant.applyTo(entry.element);
    delete entry.refusal;
    busy.delete(entry);
    if (isRefusal(result)) {
      entry.refusal = result;
      if (result.kind == "busy") busy.add(entry);
      if (result.kind == "unknown") retryUnknown();
    } else {
      entry.applied = result;
      if (result.isAround) around.add(entry);
      entry.appliedAt = performance.now();
    }
    observer.observe(entry.element, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
      attributeOldValue: true,
    });
  };

  const revertIn = (entry: SlotElement): void => {
    entry.applied?.revert();
    delete entry.applied;
    delete entry.refusal;
    busy.delete(entry);
    around.delete(entry);
  };

  /**
   * Tells the engine whether the variant is shown, and the developer what is wrong with it. Whether something
   * is missing that may still come, because the page has not settled.
   */
  const report = (showing: Showing): boolean => {
    const { slot, variant } = showing.show;
    if (showings.get(slot) != showing) return false;
    let applied = false;
    let refusal: Refusal | undefined;
    for (const entry of elementsOf(slot)) {
      if (entry.applied) applied = true;
      const worse = entry.refusal && (!refusal || refusal.kind != "invalid");
      if (worse) refusal = entry.refusal;
    }
    if (applied) rootAttributes.set(slot, variant);
    // Timers may fire a moment early.
    const settled = performance.now() >= Math.max(loadedAt, showing.since) + SETTLED_MS - 50;
    const mayCome = refusal?.kind == "missing" || refusal?.kind == "unknown";
    const final = refusal && (refusal.kind == "invalid" || (mayCome && settled));
    // Where it is shown nowhere, the engine warns.
    if (refusal && final && applied) {
      warnOnce(`slot "${slot}": variant "${variant}" is not shown everywhere: ${refusal.reason}`);
    }
    if (applied && showing.reported != "applied") {
      showing.reported = "applied";
      engine.slotApplied(slot, variant);
    } else if (!applied && refusal && final && showing.reported != "not applied") {
      showing.reported = "not applied";
      engine.slotNotApplied(slot, variant, refusal.reason);
      noteRefused(slot, variant, refusal.reason);
    }
    return mayCome && !settled;
  };

  /** Reports at once what is certain, and the rest when the page has settled. */
  const reportSoon = (showing: Showing): void => {
    // Until the page has loaded, `settle` is still to come.
    if (!report(showing) || loadedAt == Infinity || showing.reportDue) return;
    showing.reportDue = true;
    after(SETTLED_MS, () => report(showing));
  };

  /** Gives elements their variants: as many as fit into one task, the others later. */
  const showWaiting = (): void => {
    const until = performance.now() + SLICE_MS;
    const changed = new Set<Showing>();
    for (const entry of waiting) {
      waiting.delete(entry);
      const showing = showings.get(entry.slot);
      if (!showing) continue;
      showIn(entry, showing);
      changed.add(showing);
      if (performance.now() >= until) break;
    }
    changed.forEach(reportSoon);
    if (waiting.size && !sliceDue) {
      sliceDue = true;
      after(0, () => {
        sliceDue = false;
        showWaiting();
      });
    }
  };

  const revertSlot = (slot: string): void => {
    showings.delete(slot);
    for (const entry of elementsOf(slot)) revertIn(entry);
    rootAttributes.remove(slot);
  };

  /** The page undid what a variant changed. Gives way where that does not end. */
  const lose = (slot: string): void => {
    const now = performance.now();
    const recent = (losses.get(slot) ?? []).filter((time) => now - time < LOSSES_MS);
    recent.push(now);
    losses.set(slot, recent);
    const showing = showings.get(slot);
    if (recent.length <= MOST_LOSSES || !showing) return;
    conceded.add(slot);
    revertSlot(slot);
    engine.slotNotApplied(slot, showing.show.variant, "the page keeps restoring its own content");
    dispatch("conflict", { slot });
    noteConceded(slot);
  };

  const slotsOf = (element: Element): readonly string[] => {
    const name = slotName(element);
    const own = name !== null && known.has(name) ? name : targets.find(({ target }) => element.matches(target))?.id;
    const ofPage = element == document.documentElement ? pageSlots : [];
    return own === undefined ? ofPage : [own, ...ofPage];
  };

  const isUpToDate = (element: Element): boolean => {
    const slots = slotsOf(element);
    const entries = elements.get(element) ?? [];
    return entries.length == slots.length && entries.every(({ slot }, at) => slot == slots[at]);
  };

  const forget = (element: Element): void => {
    const entries = elements.get(element);
    if (!entries) return;
    entries.forEach(revertIn);
    engine.unwatch(element);
    elements.delete(element);
    for (const entry of entries) bySlot.get(entry.slot)?.delete(entry);
  };

  /** Takes in an element that matches, unless it is known already. Returns whether it is new. */
  const takeIn = (element: Element): boolean => {
    if (isUpToDate(element)) return false;
    forget(element);
    const slots = slotsOf(element);
    if (!slots.length || !element.isConnected || isOurs(element)) return false;
    if (!isParsed(element)) {
      unparsed.add(element);
      return false;
    }
    const entries = slots.map((slot): SlotElement => ({ element, slot, appliedAt: -Infinity }));
    elements.set(element, entries);
    for (const entry of entries) {
      const others = bySlot.get(entry.slot);
      if (others) others.add(entry);
      else bySlot.set(entry.slot, new Set([entry]));
      // Of the whole page there is always something on screen.
      if (!pageSlots.includes(entry.slot)) engine.watch(element, entry.slot);
    }
    return true;
  };

  const find = (root: ParentNode, found: Set<Element>): void => {
    const list = root.querySelectorAll(selector);
    for (let at = 0; at < list.length; at++) if (takeIn(list[at]!)) found.add(list[at]!);
  };

  /** Shows in new elements what their slots show, and reports to the engine which slots there are. */
  const welcome = (found: ReadonlySet<Element>): void => {
    rootAttributes.takeBackTexts();
    for (const element of found) elements.get(element)?.forEach((entry) => waiting.add(entry));
    showWaiting();
    const present = ids.filter((id) => elementsOf(id).size);
    // One that comes back later is decided anew.
    for (const slot of showings.keys()) if (!elementsOf(slot).size) showings.delete(slot);
    if (reportedIds == (reportedIds = present.join("\n"))) return;
    engine.slotsPresent(present);
    // What the boot snippet said of them is over.
    for (const id of present) if (!showings.has(id)) rootAttributes.remove(id);
  };

  /** Looks through the whole document. */
  const scan = (): void => {
    for (const element of elements.keys()) if (!element.isConnected || !isUpToDate(element)) forget(element);
    const found = new Set<Element>();
    find(document, found);
    welcome(found);
  };

  const rescanLater = (): void => {
    if (rescanDue) return;
    rescanDue = true;
    after(RESCAN_MS, () => {
      rescanDue = false;
      scan();
    });
  };

  /** Takes in what was added, and lets go of what was removed. */
  const follow = (records: readonly MutationRecord[]): void => {
    const added: Element[] = [];
    let removed = false;
    let renamed = false;
    const found = new Set<Element>();
    for (const { type, target, addedNodes, removedNodes } of records) {
      if (type == "attributes") {
        // Frameworks reuse elements for other slots.
        if (target instanceof Element && takeIn(target)) found.add(target);
        renamed = true;
        continue;
      }
      for (let at = 0; at < addedNodes.length; at++) {
        const node = addedNodes[at];
        if (node instanceof Element) added.push(node);
      }
      for (let at = 0; at < removedNodes.length; at++) removed ||= removedNodes[at] instanceof Element;
    }
    if (!added.length && !removed && !renamed && !unparsed.size) return;

    const answered = new Set<string>();
    if (removed) {
      const now = performance.now();
      for (const [element, entries] of elements) {
        if (element.isConnected) continue;
        for (const { slot, appliedAt } of entries) if (now - appliedAt < ANSWER_MS) answered.add(slot);
        forget(element);
      }
    }
    for (const element of unparsed) {
      if (isParsed(element) && unparsed.delete(element) && takeIn(element)) found.add(element);
    }
    if (added.length > MANY_NODES) {
      find(document, found);
    } else {
      for (const element of added) {
        if (!element.isConnected) continue;
        if (element.matches(selector) && takeIn(element)) found.add(element);
        if (element.firstElementChild) find(element, found);
      }
    }
    if (targets.length && (added.length || removed)) rescanLater();
    const made = new Set<string>();
    for (const element of found) for (const { slot } of elements.get(element) ?? []) made.add(slot);
    welcome(found);
    for (const slot of answered) if (made.has(slot)) lose(slot);
  };

  /** The elements of slots that a node is in, or that have something of theirs beside them in it. */
  const slotsAround = (node: Node): SlotElement[] => {
    const found: SlotElement[] = [];
    for (let at: Node | null = node; at; at = at.parentNode) found.push(...(elements.get(at as Element) ?? []));
    for (const entry of around) if (entry.element.parentNode == node) found.push(entry);
    return found;
  };

  const observer = new MutationObserver(
    guard.run((records: MutationRecord[]) => {
      const isOfSlots = ({ type, attributeName, target }: MutationRecord): boolean =>
        type == "childList" || attributeName == "data-tb-slot" || (attributeName == "name" && isSlotElement(target));
      follow(records.filter(isOfSlots));

      const affected = new Map<SlotElement, MutationRecord[]>();
      const cache = new Map<Node, SlotElement[]>();
      for (const record of records) {
        let entries = cache.get(record.target);
        if (!entries) cache.set(record.target, (entries = slotsAround(record.target)));
        for (const entry of entries) {
          const others = affected.get(entry);
          if (others) others.push(record);
          else affected.set(entry, [record]);
        }
      }
      const lost = new Set<string>();
      for (const [entry, records] of affected) {
        if (!isKnown(entry) || !showings.has(entry.slot)) continue;
        if (entry.applied) {
          if (entry.applied.reconcile(records)) lost.add(entry.slot);
        } else if (entry.refusal?.kind != "invalid") {
          waiting.add(entry);
        }
      }
      showWaiting();
      lost.forEach(lose);
    }),
  );

  const retryBusy = (): void => {
    for (const entry of busy) waiting.add(entry);
    showWaiting();
  };

  /** What a developer may want to know once nothing more is to be expected. */
  const settle = (): void => {
    showings.forEach(report);
    const list = document.querySelectorAll("[data-tb-slot],tb-slot[name]");
    const ofPrompts = engine.slotsOfPrompts();
    for (let at = 0; at < list.length; at++) {
      const element = list[at]!;
      const name = slotName(element) ?? "";
      if (known.has(name) || ofPrompts.includes(name)) continue;
      const meant = nearest(name, [...ids, ...ofPrompts]);
      const shown = element.hasAttribute("data-tb-slot") ? `data-tb-slot="${name}"` : `<tb-slot name="${name}">`;
      warnOnce(`${shown} is not a slot of the config${meant ? `: did you mean "${meant}"?` : ""}`);
    }
    if (!debug) return;
    for (const { id, target } of targets) {
      if (!elementsOf(id).size) warnOnce(`slot "${id}" is not on this page: nothing matches its target "${target}"`);
    }
  };

  const loaded = (): void => {
    loadedAt = performance.now();
    after(SETTLED_MS, settle);
  };

  guard.onEnd(() => {
    observer.disconnect();
    timers.forEach(clearTimeout);
    for (const entries of elements.values()) for (const { applied } of entries) applied?.revert();
    elements.clear();
    rootAttributes.end();
  });

  return {
    show: (show) => {
      const { slot, variant } = show;
      if (conceded.has(slot)) {
        engine.slotNotApplied(slot, variant, "the page keeps restoring its own content");
        return;
      }
      revertSlot(slot);
      const fill: Fill = (texts, item) => engine.fill(texts, item);
      const leftOut = (item: string, reason: string): void => {
        if (debug) warnOnce(`slot "${slot}": item "${item}" is left out: ${reason}`);
      };
      const showing: Showing = { show, variant: createVariant(show, fill, leftOut), since: performance.now() };
      showings.set(slot, showing);
      for (const entry of elementsOf(slot)) waiting.add(entry);
      showWaiting();
      engine.resetImpression(slot);
    },
    revert: (slot) => {
      revertSlot(slot);
      engine.resetImpression(slot);
    },
    begin: () => {
      if (begun) return;
      begun = true;
      observer.observe(document, {
        subtree: true,
        childList: true,
        attributes: true,
        attributeFilter: ["data-tb-slot", "name"],
      });
      const { signal } = guard;
      addListener(document, "DOMContentLoaded", guard.run(scan), { signal });
      addListener(
        document,
        "focusout",
        guard.run(() => {
          // The focus is still moving.
          if (busy.size) after(0, retryBusy);
        }),
        { signal, passive: true, capture: true },
      );
      if (document.readyState == "complete") loaded();
      else addListener(window, "load", guard.run(loaded), { signal });
      rootAttributes.keepOnlyOf(engine.fingerprint());
      scan();
    },
  };
};
