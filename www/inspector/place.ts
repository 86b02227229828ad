/** Where the inspector stands and which pane is open, in this tab only. Read and written while it is open. */

import { touched } from "../loader/record.js";

const KEY = "tailorbird.inspector";

/** The upper left corner, in pixels from that of the window. */
export interface Corner {
  readonly left: number;
  readonly top: number;
}

export interface Place<Pane extends string> {
  /** The pane that was open last. */
  readonly pane: Pane | undefined;
  /** `undefined` where it was never moved. */
  readonly corner: Corner | undefined;
  turnTo(pane: Pane): void;
  moveTo(corner: Corner): void;
}

/** What was written, as far as it can be read. */
const read = (): { [name: string]: unknown } => {
  try {
    touched("read", "sessionStorage", KEY);
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
    return typeof kept == "object" && kept ? { ...kept } : {};
  } catch {
    return {}; // storage is blocked, or somebody else has written
  }
};

const write = (kept: object): void => {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(kept));
    touched("written", "sessionStorage", KEY);
  } catch {
    // Storage is blocked or full: the place is forgotten with the page.
  }
};

export const createPlace = <Pane extends string>(panes: readonly Pane[]): Place<Pane> => {
  const kept = read();
  const { left, top } = kept;
  return {
    pane: panes.find((pane) => pane === kept["pane"]),
    corner: typeof left == "number" && typeof top == "number" ? { left, top } : undefined,
    turnTo: (pane) => write(Object.assign(kept, { pane })),
    moveTo: (corner) => write(Object.assign(kept, corner)),
  };
};
