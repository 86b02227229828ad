/** What the engine has noted on this page view before the inspector was open: see `www/loader/record.ts`. */

import { record } from "../loader/record.js";

/** The notes that begin with this word, each as its other words. */
const notes = (kind: string): readonly (readonly string[])[] =>
  [...record.keys()].map((note) => note.split(" ")).flatMap(([first, ...words]) => (first == kind ? [words] : []));

/** The slots that were left to the page, because it kept restoring its own content. */
export const concededSlots = (): readonly string[] => notes("conflict").map(([slot = ""]) => slot);

/** Why a variant could not be shown in a slot, the last time it was tried; `undefined` where nothing was wrong. */
export const refusalOf = (slot: string, variant: string): string | undefined => {
  const of = notes("refused").filter(([in_, what]) => in_ == slot && what == variant);
  return of[of.length - 1]?.slice(2).join(" ");
};

/** Whether another tab has erased everything while this page was open. */
export const isErasedElsewhere = (): boolean => notes("erased").length > 0;
