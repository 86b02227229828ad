/**
 * Takes a wasm's code apart into streams that compress better; `www/loader/join.ts` puts it together
 * again, and says what the streams are.
 *
 * Brotli looks at a byte's neighbours. In a function's body an opcode stands beside the index of a
 * local, an offset, a constant; laid out by kind, each has its own kind for neighbours. Measured on
 * this engine: 16 % off the compressed code, for 0.7 KB of script.
 */

/** In the order of `join.ts`. */
const [REST, OPCODES, GETS, SETS, LOADS, STORES, CONSTANTS, CALLS, BRANCHES, BLOCKS, GLOBALS, TYPES, FIELDS, HIGH, LOW] = [
  ...Array(15).keys(),
];
/** How they lie behind each other: found by trying. */
const ORDER = [
  LOW, TYPES, STORES, LOADS, OPCODES, BLOCKS, CONSTANTS, GLOBALS, FIELDS, REST, GETS, SETS, HIGH, CALLS, BRANCHES,
];
/** Where data lies: above the stack, which begins at nought. */
const DATA = 0x100000;

/** Offsets are told from the last one of the same local, those of stores from the last one of all. */
const NO_LOCAL = -1;
const STORED = -2;

const CODE = 10;
const ALIGNMENTS = "23230011001122232301012";

/** A number, seven bits a byte. */
const leb = number => {
  const bytes = [];
  for (; number > 127; number >>>= 7) bytes.push((number & 127) | 128);
  return [...bytes, number];
};

/** Small numbers for those near nought, on both sides. */
const unsigned = number => (number < 0 ? -2 * number - 1 : 2 * number);

const reader = bytes => {
  const from = { at: 0 };
  from.byte = () => bytes[from.at++];
  /** A number of seven bits a byte, and the bytes themselves. */
  from.number = () => {
    const start = from.at;
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = from.byte();
      if (byte === undefined) throw new Error("the wasm is cut short");
      value |= (byte & 127) << shift;
      if (byte < 128) return { value: value >>> 0, bytes: bytes.subarray(start, from.at) };
    }
  };
  from.take = length => bytes.subarray(from.at, (from.at += length));
  return from;
};

/** The bytes of each constant: a first pass, for one that none of them is can mark an address. */
const unusedConstant = constants => {
  const used = new Set(constants.filter(bytes => bytes.length == 1).map(([byte]) => byte));
  const ends = new Set(constants.map(bytes => bytes.at(-1)));
  const free = [...Array(128).keys()].find(byte => !used.has(byte) && !ends.has(byte));
  if (free === undefined) throw new Error("every byte is a constant: none is left to mark addresses");
  return free;
};

/** The streams one after the other, and what `join` needs to know of them. */
export const split = wasm => {
  const streams = ORDER.map(() => []);
  const push = (stream, bytes) => {
    for (const byte of bytes) streams[stream].push(byte);
  };
  const from = reader(wasm);
  const number = stream => {
    const { value, bytes } = from.number();
    push(stream, bytes);
    return value;
  };
  let head = 0;
  let functions = 0;
  /** Constants and calls, each with the place of its opcode. */
  const constants = [];
  const calls = [];
  const called = [...Array(2048).keys()];
  const rank = (recent, index) => {
    const rank = recent.indexOf(index);
    if (rank < 0) throw new Error("a function has more than 256 locals, or there are more than 2048 functions");
    recent.unshift(...recent.splice(rank, 1));
    return rank;
  };

  const instruction = ({ recent, last, local }) => {
    const opcode = from.byte();
    const aligned = opcode >= 0x28 && opcode <= 0x3e ? from.number().value : 0;
    if (opcode >= 0x28 && opcode <= 0x3e && aligned != ALIGNMENTS[opcode - 0x28]) streams[OPCODES].push(0xe0 + aligned);
    streams[OPCODES].push(opcode);
    if (opcode >= 0x02 && opcode <= 0x04) number(BLOCKS);
    else if (opcode == 0x0c || opcode == 0x0d) number(BRANCHES);
    else if (opcode == 0x0e) for (let left = number(BRANCHES); left >= 0; left--) number(BRANCHES);
    else if (opcode == 0x10) calls.push({ place: streams[OPCODES].length - 1, index: from.number().value });
    else if (opcode == 0x11) number(FIELDS), number(FIELDS);
    else if (opcode >= 0x20 && opcode <= 0x22) {
      const index = from.number().value;
      streams[opcode == 0x20 ? GETS : SETS].push(rank(recent, index));
      return index;
    }
    else if (opcode == 0x23 || opcode == 0x24) number(GLOBALS);
    else if ([0x3f, 0x40, 0x42].includes(opcode)) number(FIELDS);
    else if (opcode >= 0x28 && opcode <= 0x3e) {
      const key = opcode < 0x36 ? local : STORED;
      const offset = from.number().value;
      const further = offset - (last[key] ?? 0);
      last[key] = offset;
      push(opcode < 0x36 ? LOADS : STORES, further % 4 ? [0, ...leb(unsigned(further))] : leb(unsigned(further / 4) + 1));
    }
    else if (opcode == 0x41) constants.push({ place: streams[OPCODES].length - 1, bytes: from.number().bytes });
    else if (opcode == 0x43 || opcode == 0x44) push(FIELDS, from.take(opcode == 0x43 ? 4 : 8));
    else if (opcode == 0xfc) {
      const second = number(FIELDS);
      if (second > 7 && second != 10 && second != 11) throw new Error(`opcode 0xfc ${second} is not known to scripts/split.mjs`);
      push(FIELDS, from.take([2, 1][second - 10] ?? 0));
    } else if (![0x00, 0x01, 0x05, 0x0b, 0x0f, 0x1a, 0x1b].includes(opcode) && !(opcode >= 0x45 && opcode <= 0xc4)) {
      throw new Error(`opcode 0x${opcode?.toString(16)} is not known to scripts/split.mjs`);
    }
    return NO_LOCAL;
  };

  push(REST, from.take(8));
  while (from.at < wasm.length) {
    const id = from.byte();
    const length = from.number();
    push(REST, [id, ...length.bytes]);
    if (id != CODE) {
      push(REST, from.take(length.value));
      continue;
    }
    functions = number(REST);
    head = streams[REST].length;
    for (let left = functions; left > 0; left--) {
      const body = from.number().value;
      const end = from.at + body;
      for (let kinds = number(TYPES); kinds > 0; kinds--) {
        number(TYPES);
        push(TYPES, from.take(1));
      }
      const state = { recent: [...Array(256).keys()], last: {}, local: NO_LOCAL };
      while (from.at < end) state.local = instruction(state);
    }
  }
  // `join` sees what lies behind the last opcode.
  const opcodes = [...streams[OPCODES], ...streams[ORDER[ORDER.indexOf(OPCODES) + 1]], 0, 0];
  const sort = (found, key) => found.sort((one, other) => key(one.place) - key(other.place) || one.place - other.place);
  for (const { index } of sort(calls, place => opcodes[place - 1])) push(CALLS, leb(rank(called, index)));
  const address = unusedConstant(constants.map(({ bytes }) => bytes));
  for (const { bytes } of sort(constants, place => (opcodes[place + 1] << 16) | (opcodes[place + 2] << 8) | opcodes[place - 1])) {
    const value = bytes.length == 4 ? bytes.reduceRight((value, byte) => (value << 7) | (byte & 127), 0) : 0;
    const low = value - DATA;
    if (low >= 0 && low < 65536) {
      streams[CONSTANTS].push(address);
      streams[HIGH].push(low >> 8);
      streams[LOW].push(low & 255);
    } else push(CONSTANTS, bytes);
  }
  const starts = [];
  let start = 0;
  for (const stream of ORDER) {
    starts[stream] = start;
    start += streams[stream].length;
  }
  return {
    bytes: Uint8Array.from(ORDER.flatMap(stream => streams[stream])),
    facts: { size: wasm.length, head, functions, address, starts },
  };
};
