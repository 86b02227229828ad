/**
 * What is kept on the device, as the core orders it. Not even the name of a storage area is
 * spoken before the core has said so, because consent is the core's to judge.
 *
 * Each tab writes its own journal, as soon as what is going on is done: a hundred events told in one
 * go are written once. Later one of the tabs folds all journals into the profile, and removes those of
 * tabs that are gone.
 */

import { announce } from "./announce.js";
import type { Adopted, Engine, Merging, Stored } from "./boundary.js";
import { bits, digits } from "./chance.js";
import type { Visit } from "./visit.js";

/** Where nobody can tell whether a tab still lives, its journal is left alone for so long. */
const SILENT_MS = 30 * 60_000;
/** By then other tabs have heard, or done what they were at. */
const SETTLED_MS = 1000;
/** How many characters all our keys and values may take together. */
const ROOM = 50_000;
/** So long slots wait for what other devices know. */
const PATIENCE_MS = 2000;
/** Stands for a moment where a profile is removed, for other tabs to hear of it. */
const GONE = "-";
/** How much is kept of what could not be used. */
const ASIDE = 5_000;

export interface Storing {
  restore(area: "local" | "session"): void;
  /** Our journal is this text. */
  save(text: string): void;
  /** Our journal goes on with this text. */
  append(text: string): void;
  erase(): void;
  setAside(names: readonly string[]): void;
  fold(): void;
  /** What is stored, where something may be. */
  read(): Stored | undefined;
  /** Tells what is stored with what other devices know; or that it cannot be had. */
  whole(): void;
  /** The engine that merges profiles; from then on what is stored is told with what other devices know. */
  merging(): Promise<Merging>;
  /**
   * Makes another profile of the stored one, if at its turn that still is wanted. `null`: it is done; a
   * text: why not; nothing: it was not wanted, or cannot be stored.
   */
  merge(adopt: Adopt): Promise<Adopted["refused"] | null>;
  /** Consent is gone: what was still to be done with storage is not. */
  leave(): void;
}

/** What becomes of the stored profile; nothing where it is not wanted any more. */
export type Adopt = (profile: string) => Adopted | undefined;

const open = (name: "local" | "session"): Storage | undefined => {
  try {
    // Where cookies are blocked the name itself throws.
    return window[`${name}Storage`] ?? undefined;
  } catch {
    return;
  }
};

export const storing = (
  { send, safely, guarded, listen, atEnd }: Visit,
  engine: Engine,
  site: string,
  load: () => Promise<Merging>,
): Storing => {
  const prefix = site + ".";
  const profileKey = prefix + "v1";
  const journals = prefix + "t.";
  // Only secure pages have locks.
  const { locks } = navigator as { locks?: LockManager };
  let area: Storage | undefined;
  let own = "";
  let journal = "";
  let unsaved = false;
  let told = false;
  let due = false;
  let erasing = false;
  let away = false;
  let release: (() => void) | undefined;
  let merges: Merging | undefined;
  let said = false;

  const keys = (area: Storage): string[] => Object.keys(area).filter(key => key.startsWith(prefix));

  const size = (area: Storage): number =>
    keys(area).reduce((sum, key) => sum + key.length + (key == journals + own ? journal : area.getItem(key) ?? "").length, 0);

  const profileIn = (area: Storage): string | null => {
    const text = area.getItem(profileKey);
    return text == GONE ? null : text;
  };
  const read = (area: Storage): Stored => ({
    profile: profileIn(area),
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
        if (text) area?.setItem(prefix + "aside", text.slice(0, ASIDE));
      } catch {
        // There was room for it a moment ago, in another place; that is as much as can be done.
      }
    }
    reset("what was kept is damaged, or from a later version", names);
  };

  /** Tells what is stored. Of our own journal the core knows more, and says it anew. */
  const tell = ({ profile, journals }: Stored): void => {
    journal = "";
    unsaved = false;
    if (profile && merges) profile = merges.receive({ ask: "whole", profile }, Date.now()) ?? profile;
    send({ signal: "restored", profile, journals, journal: own });
  };
  /**
   * While the page lay in the cache without its lock, others may have folded its journal and removed it,
   * or erased everything. What it wrote belongs to them; it goes on in another one.
   */
  const comeBack = (area: Storage): void => {
    away = false;
    if (area.getItem(profileKey) === null && area.getItem(journals + own) === null) {
      send({ signal: "erased", ...bits() });
    } else {
      send({ signal: "folded", folded: [[own, Number.MAX_SAFE_INTEGER]] });
      own = digits();
      tell(read(area));
    }
    hold();
  };
  const merging = async (): Promise<Merging> => (merges ??= await load());
  const flush = guarded((folded = false) => {
    if (!area || !unsaved) return;
    // What finds no room is not lost yet: folding makes room.
    if (size(area) > ROOM) return folded ? undefined : later();
    unsaved = false;
    try {
      area.setItem(journals + own, journal);
    } catch {
      lose("storage is full");
    }
  });
  const save = (text: string): void => {
    journal = text;
    if (!unsaved) queueMicrotask(() => flush());
    unsaved = true;
  };

  const fold = (
    lives: (id: string, at: number | undefined, now: number) => boolean,
    adopt?: Adopt,
  ): Adopted["refused"] | null => {
    if (!area || !(adopt || due)) return;
    due = false;
    flush();
    const now = Date.now();
    const stored = read(area);
    const { profile, folded, damaged } = engine.receive({ ask: "fold", ...stored }, now);
    const adopted = adopt ? adopt(profile) : { profile };
    if (!adopted?.profile) return adopted?.refused;
    const gone = folded.flatMap(([id, , at]) => (id == own || lives(id, at, now) ? [] : id));
    if (!locks && !gone.length && !adopt) return;
    // Before its place is taken.
    if (damaged.includes("v1")) setAside(["v1"]);
    try {
      area.setItem(profileKey, adopted.profile);
    } catch {
      return; // It is full; nothing is lost, the journals are still there.
    }
    // What other processes write is seen here a moment later, locks or not: another tab may just have folded
    // what it had read before, or a journal have grown before its tab was killed. So what the profile contains
    // is removed when nothing of that has come to light; else whoever folds next does it.
    const settle = guarded(() => {
      if (!area || area.getItem(profileKey) != adopted.profile) return;
      const same = stored.journals.flatMap(([id, text]) => (area?.getItem(journals + id) == text ? id : []));
      const broken = same.map(id => "t." + id).filter(name => damaged.includes(name));
      if (broken.length) setAside(broken);
      for (const id of same) if (gone.includes(id)) area.removeItem(journals + id);
      send({ signal: "folded", folded });
      flush(true);
    });
    setTimeout(settle, SETTLED_MS);
    if (adopt) tell(read(area));
    return null;
  };
  /** Folds where nobody else is at it. What is imported waits for its turn. */
  const alone = async (adopt?: Adopt): Promise<Adopted["refused"] | null> => {
    const safe = safely(fold, () => undefined);
    if (!locks) return safe((_, at, now) => !at || now - at < SILENT_MS, adopt);
    return locks.request(prefix + "fold", { ifAvailable: !adopt }, async lock => {
      // Of a tab that begins while we ask for locks nothing is known.
      const known = area ? keys(area) : [];
      const { held } = await locks.query();
      const names = held?.map(({ name }) => name) ?? [];
      const lives = (id: string): boolean => names.includes(journals + id) || !known.includes(journals + id);
      return lock ? safe(lives, adopt) : undefined;
    });
  };

  /** Folds when there is time. */
  const later = (): void => {
    if (!area || due) return;
    due = true;
    const begin = guarded(() => {
      alone()
        .catch(() => {})
        .then(() => {
          due = false;
          flush(true);
        });
    });
    // Safari has no idle callbacks.
    const { requestIdleCallback } = window as Partial<Window>;
    if (requestIdleCallback) requestIdleCallback(begin, { timeout: 2000 });
    else setTimeout(begin, 500);
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
          if (!area || storageArea != area || erasing) return;
          const ours = key == journals + own && area.getItem(profileKey) === null;
          if (newValue === null && (key === null || key == profileKey || ours)) {
            // Another tab erased: who removes a journal after folding leaves a profile behind. Should we have been
            // folding at that moment, in a process of our own, what we have written goes as well.
            area.removeItem(profileKey);
            send({ signal: "erased", ...bits() });
          } else if (newValue != GONE && key == profileKey) {
            // Another tab has folded, and what is part of the profile need not stay in our journal.
            tell(read(area));
          }
        });
        // Some browsers keep no page that holds a lock in the back/forward cache. What is to be written is
        // written before: later it may belong to others.
        listen(window, "pagehide", () => {
          send({ signal: "tab", visible: false });
          flush();
          letGo();
          away = true;
        });
        // A page that comes back becomes visible first. Here that is heard before others hear of it.
        listen(window, "visibilitychange pageshow", ({ type }) => {
          if (away && area && (type == "pageshow" || !document.hidden)) comeBack(area);
        });
        atEnd(letGo);
        atEnd(() => merges?.free());
      }
      hold();
      tell(stored);
    },
    save,
    append: text => save(journal + text),
    erase: () => {
      // What a tab writes that is folding what it has read before is nothing to go by; it hears of us,
      // and removes it.
      erasing = true;
      setTimeout(() => (erasing = false), SETTLED_MS);
      due = unsaved = false;
      journal = "";
      for (const name of ["local", "session"] as const) {
        const area = open(name);
        if (area) for (const key of keys(area)) area.removeItem(key);
      }
      try {
        // Other tabs hear of a profile that goes, and not of one that there never was.
        area?.setItem(profileKey, GONE);
        area?.removeItem(profileKey);
      } catch {
        // Who cannot write has written nothing.
      }
    },
    setAside,
    fold: later,
    read: () => area && read(area),
    whole: () => {
      // The core waits no longer, also where there is nothing to tell any more.
      const goOn = guarded(() => send({ signal: "alone" }));
      setTimeout(goOn, PATIENCE_MS);
      merging()
        .catch(() => {
          if (!said) console.debug("tailorbird: other devices could not be merged");
          said = true;
        })
        .then(
          guarded(() => {
            if (area && merges) tell(read(area));
            goOn();
          }),
        );
    },
    merging,
    merge: alone,
    leave: () => {
      due = unsaved = false;
      journal = "";
      area = undefined;
      letGo();
    },
  };
};
