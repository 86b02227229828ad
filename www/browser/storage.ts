/**
 * What is kept on the device, as the core orders it. Not even the name of a storage area is
 * spoken before the core has said so, because consent is the core's to judge.
 *
 * Each tab writes its own journal, at once and whole. Later one of them folds all journals into
 * the profile, and removes those of tabs that are gone.
 */

import { announce } from "./announce.js";
import type { Engine, Stored } from "./boundary.js";
import { bits, digits } from "./chance.js";
import type { Visit } from "./visit.js";

/** Where nobody can tell whether a tab still lives, its journal is left alone for so long. */
const SILENT_MS = 30 * 60_000;

export interface Storing {
  restore(area: "local" | "session"): void;
  save(key: "t" | "v1", text: string): void;
  erase(): void;
  setAside(names: readonly string[]): void;
  fold(): void;
  /** Consent is gone: what was still to be done with storage is not. */
  leave(): void;
}

const open = (name: "local" | "session"): Storage | undefined => {
  try {
    // Where cookies are blocked the name itself throws.
    return window[`${name}Storage`] ?? undefined;
  } catch {
    return;
  }
};

export const storing = ({ send, guarded, listen, atEnd }: Visit, engine: Engine, site: string): Storing => {
  const prefix = site + ".";
  const profileKey = prefix + "v1";
  const journals = prefix + "t.";
  // Only secure pages have locks.
  const { locks } = navigator as { locks?: LockManager };
  let area: Storage | undefined;
  let own = "";
  let told = false;
  let due = false;
  let release: (() => void) | undefined;

  const keys = (area: Storage): string[] => Object.keys(area).filter(key => key.startsWith(prefix));

  const read = (area: Storage): Stored => ({
    profile: area.getItem(profileKey),
    journals: keys(area)
      .filter(key => key.startsWith(journals))
      .map(key => [key.slice(journals.length), area.getItem(key) ?? ""]),
  });

  const reset = (reason: string, keys: readonly string[] = []): void => {
    if (!told) announce("storage-reset", { reason, keys });
    told = true;
  };
  /** Memory only, from now on. */
  const lose = (reason: string): void => {
    area = undefined;
    reset(reason);
  };

  /** Tells other tabs, as long as this one lives, to leave its journal alone. */
  const hold = (): void => {
    if (area && !release) {
      release = () => {};
      locks?.request(journals + own, () => new Promise<void>(done => (release = done))).catch(() => {});
    }
  };
  const letGo = (): void => {
    release?.();
    release = undefined;
  };

  const setAside = (names: readonly string[]): void => {
    for (const name of names) {
      const text = area?.getItem(prefix + name);
      area?.removeItem(prefix + name);
      try {
        // The last one is kept, for whoever wants to know what happened.
        if (text) area?.setItem(prefix + "aside", text);
      } catch {
        // There was room for it a moment ago, in another place; that is as much as can be done.
      }
    }
    reset("what was kept is damaged, or from a later version", names);
  };

  const fold = (lives: (id: string, at: number | undefined, now: number) => boolean): void => {
    if (!area || !due) return;
    due = false;
    const now = Date.now();
    const { profile, folded, damaged } = engine.receive({ ask: "fold", ...read(area) }, now);
    const gone = folded.filter(([id, , at]) => id != own && !lives(id, at, now));
    if (!locks && !gone.length) return;
    try {
      area.setItem(profileKey, profile);
    } catch {
      return; // It is full; nothing is lost, the journals are still there.
    }
    for (const [id] of gone) area.removeItem(journals + id);
    if (damaged.length) setAside(damaged);
    send({ signal: "folded", folded });
  };

  return {
    restore: name => {
      let stored: Stored = { profile: null, journals: [] };
      try {
        area = open(name);
        if (area) stored = read(area);
        else lose("storage is refused");
      } catch {
        lose("storage is refused");
      }
      if (!own) {
        own = digits();
        listen<StorageEvent>(window, "storage", ({ key, newValue, storageArea }) => {
          if (!area || storageArea != area || newValue !== null) return;
          // Another tab erased. Where nothing had been folded there was no profile to remove, but
          // our journal, which nobody else touches while we hold its lock. Without locks, who
          // removes it after folding leaves a profile behind.
          if (
            key === null ||
            key == profileKey ||
            (key == journals + own && (locks || area.getItem(profileKey) === null))
          ) {
            // Should we have been folding at that moment, in a process of our own.
            area.removeItem(profileKey);
            send({ signal: "erased", ...bits() });
          }
        });
        // Some browsers keep no page that holds a lock in the back/forward cache.
        listen(window, "pagehide", letGo);
        listen(window, "pageshow", hold);
        atEnd(letGo);
      }
      hold();
      send({ signal: "restored", ...stored, journal: own });
    },
    save: (key, text) => {
      try {
        area?.setItem(key == "t" ? journals + own : profileKey, text);
      } catch {
        lose("storage is full");
      }
    },
    erase: () => {
      due = false;
      for (const name of ["local", "session"] as const) {
        const area = open(name);
        if (area) for (const key of keys(area)) area.removeItem(key);
      }
    },
    setAside,
    fold: () => {
      if (!area || due) return;
      due = true;
      const begin = guarded(() => {
        if (!locks) return fold((_, at, now) => !at || now - at < SILENT_MS);
        const done = locks.request(prefix + "fold", { ifAvailable: true }, async lock => {
          const { held } = await locks.query();
          const names = held?.map(({ name }) => name) ?? [];
          if (lock) guarded(fold)(id => names.includes(journals + id));
        });
        done.catch(() => {}).then(() => (due = false));
      });
      // Safari has no idle callbacks.
      const { requestIdleCallback } = window as Partial<Window>;
      if (requestIdleCallback) requestIdleCallback(begin, { timeout: 2000 });
      else setTimeout(begin, 500);
    },
    leave: () => {
      due = false;
      area = undefined;
      letGo();
    },
  };
};
