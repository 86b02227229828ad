/** Moving a profile to another device. How is said in a second file, loaded when somebody moves. */

import type { ExportOptions, Imported, Tailorbird } from "../loader/types.js";
import type { Engine } from "./boundary.js";
import type { Storing } from "./storage.js";
import type { Visit } from "./visit.js";

/** What the second file works with. */
export interface Desk {
  visit: Visit;
  engine: Engine;
  /** Nothing in Node, where nothing is kept. */
  storage: Storing | undefined;
  namespace: string | undefined;
}

/** The second file. What it rejects with is kept from the page. */
export interface TransferFile {
  /** A file with everything that is known; `null` where there can be none. */
  export(desk: Desk, options: ExportOptions): Promise<string | null>;
  /** Merges what such a file holds into what is stored. */
  import(desk: Desk, file: unknown, passphrase: unknown): Promise<Imported>;
}

type Moves = (...given: unknown[]) => Promise<never>;

export const moving = (
  desk: Desk,
  load: () => Promise<TransferFile>,
  still: Tailorbird,
): Pick<Tailorbird, "export" | "import"> => {
  const { visit, engine } = desk;
  const moved = (name: keyof TransferFile, given: unknown[]): Promise<never> =>
    load()
      .then(file => (file[name] as Moves)(desk, ...given))
      .catch(() => (still[name] as Moves)(...given));
  return {
    export: visit.safely(
      (...given: unknown[]) => (given[0] ? moved("export", given) : engine.receive({ ask: "export" }, Date.now())),
      still.export as Moves,
    ) as Tailorbird["export"],
    import: visit.safely((...given: [file: string | Blob, passphrase: string]) => moved("import", given), still.import),
  };
};
