/**
 * Moving a profile to another device of the same visitor; a file of its own, because few ever do.
 *
 * The visitor carries it: nothing is sent, and no link holds it, because addresses are read by
 * whoever measures the site.
 */

import type { Imported } from "../loader/types.js";
import type { Desk, TransferFile } from "./move.js";
import { able, isPassphrase, LONGEST, open, seal, type Place } from "./sealed_file.js";

type Reason = Extract<Imported, { imported: false }>["reason"];

const here = ({ namespace }: Desk): Place => ({ site: location.origin, namespace: namespace ?? "" });

/** `question` put to the core; throws once the visit has ended. */
const asked = <Answer>({ visit }: Desk, question: () => Answer): Answer =>
  visit.safely(question, () => {
    throw 0;
  })();

/** The visitor's number, which is another one after everything was forgotten; `null` where nothing may be kept. */
const keeper = (desk: Desk): string | null => {
  const { consent, seed } = asked(desk, () => desk.engine.receive({ ask: "export" }, Date.now()));
  return consent == "granted" || consent == "session" ? seed : null;
};

const textOf = async (file: unknown): Promise<string> => {
  if (!(file instanceof Blob)) return typeof file == "string" ? file : "";
  // One that cannot be read is as good as an empty one.
  return file.size > LONGEST ? "" : file.text().catch(() => "");
};

const exporting: TransferFile["export"] = async (desk, { passphrase }) => {
  const { engine, storage } = desk;
  if (!storage || !able() || !isPassphrase(passphrase)) return null;
  const now = Date.now();
  const { profile } = asked(desk, () => engine.receive({ ask: "fold", ...storage.read() }, now));
  return seal(profile, passphrase, here(desk), now);
};

const importing: TransferFile["import"] = async (desk, file, passphrase) => {
  const no = (reason: Reason): Imported => ({ imported: false, reason });
  const { storage } = desk;
  if (!storage || !able()) return no("unsupported");
  const before = keeper(desk);
  if (before === null) return no("consent");
  const opened = await open(await textOf(file), passphrase, here(desk), Date.now());
  if ("reason" in opened) return no(opened.reason);
  const { profile } = opened;
  if (!profile) return no("damaged");
  // Whoever said no or erased meanwhile has the last word.
  const same = (): boolean => keeper(desk) === before;
  const merging = await storage.merging();
  const refused = await storage.merge(stored =>
    same() ? merging.receive({ ask: "adopt", profile: stored, import: profile }, Date.now()) : undefined,
  );
  if (refused === null) return { imported: true };
  return no(refused ?? (same() ? "unsupported" : "consent"));
};

export { exporting as export, importing as import };
