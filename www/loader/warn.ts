/** What a developer got wrong is said in the console: each message once, and with what to do. */

const said = new Set<string>();

/** A page that does everything wrong in a loop must not fill the console. */
const MOST = 100;

export const warnOnce = (message: string): void => {
  if (said.has(message) || said.size >= MOST) return;
  said.add(message);
  console.warn(`tailorbird: ${message}`);
};

/** The known name that `name` is probably a misspelling of: at most two letters differ. */
export const nearest = (name: string, known: readonly string[]): string | undefined => {
  let best: string | undefined;
  let least = 3;
  for (const candidate of known) {
    const edits = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (edits < least) [best, least] = [candidate, edits];
  }
  return best;
};

/** Levenshtein distance of two short texts. */
const editDistance = (one: string, other: string): number => {
  if (one.length > 40) return Infinity;
  let row = [0];
  for (let at = 1; at <= other.length; at++) row.push(at);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (one[i - 1] == other[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[other.length]!;
};
