/**
 * Puts the wasm together again. The script carries its code split up, one stream for each kind of
 * field: opcodes, indices of locals, offsets and so on lie each by themselves, because mixed as they
 * stand in the file they compress a tenth worse. `scripts/split.mjs` takes apart what this joins.
 *
 * Source: WebAssembly Core Specification, 5.4 "Instructions", 5.5.13 "Code Section".
 */

/** How the streams lie behind each other, and what they make. */
export interface Split {
  /** The length of the whole. */
  readonly size: number;
  /** How many bytes stand before the first function's body. */
  readonly head: number;
  readonly functions: number;
  /** Stands among constants for an address in the 64 KB above the stack, where data lies. */
  readonly address: number;
  /** Where each stream begins, in the order of `STREAMS`. */
  readonly starts: readonly number[];
}

/**
 * Everything but code; opcodes; locals that are read, that are written; offsets of loads, of stores; constants;
 * calls; branches; blocks; globals; what locals there are; rarer fields; addresses of data, high and low bytes.
 *
 * Constants lie sorted by the two opcodes that follow and the one before, calls by the one before: what a
 * constant is added to, or handed over to, says most about it.
 */
const [REST, OPCODES, GETS, SETS, LOADS, STORES, CONSTANTS, CALLS, BRANCHES, BLOCKS, GLOBALS, TYPES, FIELDS, HIGH, LOW] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
];

/**
 * What follows each opcode from 0: `b` begins a block, `e` ends one, `r` a branch, `t` a table of
 * them, `c` a call, `l` a local, `L` a load, `S` a store, `k` a constant, `g` a global, a digit so many numbers,
 * `f` and `d` a float's bytes.
 */
const FIELDS_OF = "..bbb......errt.c2..............lllgg...LLLLLLLLLLLLLLSSSSSSSSS11k1fd";

/** The alignments that loads and stores have of themselves, as powers of two, from opcode 0x28. */
const ALIGNMENTS = "23230011001122232301012";

export const join = (bytes: Uint8Array, { size, head, functions, address, starts }: Split): Uint8Array<ArrayBuffer> => {
  const wasm = new Uint8Array(size);
  const at = [...starts];
  let end = 0;
  const next = (stream: number): number => bytes[at[stream]!++]!;
  const copy = (stream: number, count: number): void => {
    for (; count > 0; count--) wasm[end++] = next(stream);
  };
  const put = (value: number): void => {
    for (; value > 127; value >>>= 7) wasm[end++] = value | 128;
    wasm[end++] = value;
  };
  /** A number of seven bits a byte. */
  const read = (stream: number): number => {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = next(stream);
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const number = (stream: number): number => {
    const value = read(stream);
    put(value);
    return value;
  };
  /**
   * How much further an offset is than the last one that was asked of the same local, or for a store the last
   * one of all. Most are a multiple of four.
   */
  const further = (stream: number): number => {
    const quarter = read(stream);
    const number = quarter ? quarter - 1 : read(stream);
    return (quarter ? 4 : 1) * ((number >>> 1) ^ -(number & 1));
  };
  /** A number that may be negative, as it is. */
  const signed = (stream: number): void => {
    while ((wasm[end++] = next(stream)) > 127);
  };
  /** What was used so many others ago: indices by how recently they were used are small. */
  const again = (recent: number[], rank: number): number => {
    const [index] = recent.splice(rank, 1);
    recent.unshift(index!);
    return index!;
  };
  const all = [...Array(2048).keys()];
  const called = all.slice();
  /** By the place of its opcode, what belongs to it and lies sorted by a key. */
  const sorted = <T>(opcode: number, key: (place: number) => number, read: () => T): T[] => {
    const found: T[] = [];
    const places: number[] = [];
    for (let place = starts[OPCODES]!; place < starts[BLOCKS]!; place++) if (bytes[place] == opcode) places.push(place);
    for (const place of places.sort((one, other) => key(one) - key(other))) found[place] = read();
    return found;
  };
  const calls = sorted(0x10, place => bytes[place - 1]!, () => again(called, read(CALLS)));
  const constants = sorted(
    0x41,
    place => (bytes[place + 1]! << 16) | (bytes[place + 2]! << 8) | bytes[place - 1]!,
    () => {
      const from = at[CONSTANTS]!;
      while (next(CONSTANTS) > 127);
      const constant = bytes.subarray(from, at[CONSTANTS]);
      if (constant[constant.length - 1] != address) return constant;
      const low = (next(HIGH) << 8) | next(LOW);
      return [low | 128, (low >> 7) | 128, (low >> 14) | 192, 0];
    },
  );

  copy(REST, head);
  for (let left = functions; left--; ) {
    const start = end;
    const locals = all.slice(0, 256);
    const last: Record<number, number> = {};
    let local = -1;
    for (let kinds = number(TYPES); kinds--; copy(TYPES, 1)) number(TYPES);
    for (let depth = 1; depth; ) {
      const place = at[OPCODES]!;
      let opcode = next(OPCODES);
      // Opcodes that nobody has stand for an alignment that is not an opcode's own.
      const alignment = opcode >= 0xe0 && opcode < 0xf0 ? opcode - 0xe0 : -1;
      if (alignment >= 0) opcode = next(OPCODES);
      wasm[end++] = opcode;
      const field = FIELDS_OF[opcode];
      const base = local;
      local = -1;
      if (field == "l") put((local = again(locals, next(opcode == 0x20 ? GETS : SETS))));
      else if (field == "b") {
        depth++;
        number(BLOCKS);
      } else if (field == "e") depth--;
      else if (field == "r") number(BRANCHES);
      else if (field == "t") for (let targets = number(BRANCHES); targets-- >= 0; ) number(BRANCHES);
      else if (field == "c") put(calls[place]!);
      else if (field == "g") number(GLOBALS);
      else if (field == "L" || field == "S") {
        wasm[end++] = alignment < 0 ? +ALIGNMENTS[opcode - 0x28]! : alignment;
        const key = field == "L" ? base : -2;
        put((last[key] = (last[key] ?? 0) + further(field == "L" ? LOADS : STORES)));
      } else if (field == "k") {
        for (const part of constants[place]!) wasm[end++] = part;
      } else if (field == "f" || field == "d") copy(FIELDS, field == "f" ? 4 : 8);
      else if (opcode == 0xfc) copy(FIELDS, [2, 1][number(FIELDS) - 10] ?? 0);
      else for (let count = +field! || 0; count--; ) signed(FIELDS);
    }
    const length = end - start;
    put(length);
    // The length stands before the body.
    const digits = wasm.slice(start + length, end);
    wasm.copyWithin(start + digits.length, start, start + length);
    wasm.set(digits, start);
  }
  copy(REST, size - end);
  return wasm;
};
