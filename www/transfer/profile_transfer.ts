/** Moving a profile to another device of the same visitor. How is a chunk of its own, loaded when somebody does. */

import type { ExportOptions, Imported, Tailorbird } from "../loader/types.js";
import type { Engine } from "../page/boundary.js";
import type { Guard } from "../page/guard.js";

/** What the chunk may do with the engine: see `Engine`. Every method throws once the engine has ended. */
export interface TransferContext {
  readonly namespace: string;
  exportProfile(): string | undefined;
  permit(): number | undefined;
  importProfile(text: string, permit: number): Promise<Imported>;
}

/** The chunk `tailorbird-transfer.js`. */
export interface TransferModule {
  /** A file with the profile; `null` where there can be none. */
  exportFile(context: TransferContext, options: ExportOptions): Promise<string | null>;
  /** Merges what such a file holds into what is stored. */
  importFile(context: TransferContext, file: unknown, passphrase: unknown): Promise<Imported>;
}

const ended = (): never => {
  throw new Error("the engine has ended");
};

export const createTransfer = (
  engine: () => Engine,
  guard: Pick<Guard, "wrap">,
  namespace: string,
  load: () => Promise<TransferModule>,
  inert: Tailorbird,
  hasEnded: () => boolean,
): {
  exportFile(options: ExportOptions): Promise<string | null>;
  importFile: Tailorbird["import"];
} => {
  const importProfile = guard.wrap((text: string, permit: number) => engine().importProfile(text, permit), ended);
  const context: TransferContext = {
    namespace,
    exportProfile: guard.wrap(() => engine().exportProfile(), ended),
    permit: guard.wrap(() => engine().permit(), ended),
    importProfile: async (text, permit) => {
      // What fails inside the engine ends it. A rejection comes from the browser, which refuses the lock.
      const result = await importProfile(text, permit).catch((): Imported => ({
        imported: false,
        reason: "unsupported",
      }));
      // Where consent was withdrawn meanwhile, the engine that was asked is gone and another one runs.
      return result ?? (hasEnded() ? ended() : { imported: false, reason: "consent" });
    },
  };
  return {
    // A rejection means that the chunk failed to load, or that the engine has ended meanwhile; the page gets the
    // answer of no engine.
    exportFile: (options) =>
      load()
        .then(({ exportFile }) => exportFile(context, options))
        .catch(() => inert.export(options)),
    importFile: (file, passphrase) =>
      load()
        .then(({ importFile }) => importFile(context, file, passphrase))
        .catch(() => inert.import(file, passphrase)),
  };
};
