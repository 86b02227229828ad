/** Moving a profile to another device of the same visitor. How is a chunk of its own, loaded when somebody does. */

import type { ExportOptions, Imported, Tailorbird } from "../loader/types.js";
import type { Engine } from "../page/boundary.js";
import type { Guard } from "../page/guard.js";

/** What the chunk may do with the engine. Nothing here throws. */
export interface TransferContext {
  readonly namespace: string;
  /**
   * What identifies the stored profile: the visitor's seed, which changes when everything is erased; `null` where
   * nothing may be stored.
   */
  owner(): string | null;
  /** The stored profile as text with characters up to U+00FF; `undefined` where there is none. */
  exportProfile(): string | undefined;
  /** Merges such a text into the stored profile. Resolves to `"imported"` or to why it was not. */
  importProfile(text: string): Promise<string>;
}

/** The chunk `tailorbird-transfer.js`. */
export interface TransferModule {
  /** A file with the stored profile; `null` where there can be none. */
  exportFile(context: TransferContext, options: ExportOptions): Promise<string | null>;
  /** Merges what such a file holds into what is stored. */
  importFile(context: TransferContext, file: unknown, passphrase: unknown): Promise<Imported>;
}

export const createTransfer = (
  engine: Engine,
  guard: Guard,
  namespace: string,
  load: () => Promise<TransferModule>,
  inert: Tailorbird,
): {
  exportFile(options: ExportOptions): Promise<string | null>;
  importFile: Tailorbird["import"];
} => {
  const context: TransferContext = {
    namespace,
    owner: guard.wrap(
      () => {
        const { consent, seed } = engine.export() as { readonly consent: string; readonly seed: string | null };
        return consent == "granted" || consent == "session" ? seed : null;
      },
      () => null,
    ),
    exportProfile: guard.wrap(
      () => engine.exportProfile(),
      () => undefined,
    ),
    importProfile: guard.wrap(
      (text: string) =>
        engine.importProfile(text).catch((reason: unknown) => {
          guard.fail(reason);
          return "unavailable";
        }),
      async (): Promise<string> => "unavailable",
    ),
  };
  return {
    // A rejection means that the chunk failed to load; the page gets the answer of no engine.
    exportFile: options =>
      load()
        .then(({ exportFile }) => exportFile(context, options))
        .catch(() => inert.export(options)),
    importFile: (file, passphrase) =>
      load()
        .then(({ importFile }) => importFile(context, file, passphrase))
        .catch(() => inert.import(file, passphrase)),
  };
};
