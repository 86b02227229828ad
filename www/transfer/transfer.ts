/**
 * Moving a profile to another device of the same visitor; a chunk of its own, because few ever do.
 *
 * The visitor carries the file: nothing is sent, and no link holds it, because whatever measures the
 * site reads the addresses of its pages.
 */

import type { Imported } from "../loader/types.js";
import { isPassphrase, isSupported, LONGEST, openFile, sealFile, type FileScope } from "./sealed_file.js";
import type { TransferContext, TransferModule } from "./profile_transfer.js";

type Reason = Extract<Imported, { imported: false }>["reason"];

const isPage = typeof document != "undefined";

const scopeOf = ({ namespace }: TransferContext): FileScope => ({ site: location.origin, namespace });

const textOf = async (file: unknown): Promise<string> => {
  if (!(file instanceof Blob)) return typeof file == "string" ? file : "";
  // A file that cannot be read counts as an empty one.
  return file.size > LONGEST ? "" : file.text().catch(() => "");
};

export const exportFile: TransferModule["exportFile"] = async (context, { passphrase }) => {
  if (!isPage || !isSupported() || !isPassphrase(passphrase)) return null;
  const profile = context.exportProfile();
  return profile === undefined ? null : sealFile(profile, passphrase, scopeOf(context), Date.now());
};

export const importFile: TransferModule["importFile"] = async (context, file, passphrase) => {
  const refused = (reason: Reason): Imported => ({ imported: false, reason });
  if (!isPage || !isSupported()) return refused("unsupported");
  const permit = context.permit();
  if (permit === undefined) return refused("consent");
  const opened = await openFile(await textOf(file), passphrase, scopeOf(context), Date.now());
  if (opened.reason !== null) return refused(opened.reason);
  if (!opened.profile) return refused("damaged");
  // Opening takes a second. Whoever withdrew consent or erased everything meanwhile has the last word.
  return context.importProfile(opened.profile, permit);
};
